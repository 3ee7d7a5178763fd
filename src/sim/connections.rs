//! Connections that can be broken off with everything that is in flight on them.

use std::future::Future;
use std::io::{Error, ErrorKind, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::{Extension, Router};
use axum_server::accept::Accept;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::watch;

/// How long a connection that is to be broken waits for other requests.
const GATHERING: Duration = Duration::from_secs(3);

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Fate {
    #[default]
    Open,
    /// Nothing is answered any more.
    Doomed,
    Broken,
}

/// One connection, as the requests on it see it.
#[derive(Clone, Debug)]
pub(super) struct Connection(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    fate: watch::Sender<Fate>,
    in_flight: watch::Sender<u32>,
}

/// A request on its way. Dropped when it is answered, or gone.
pub(super) struct InFlight(Arc<Shared>);

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.in_flight.send_modify(|count| *count -= 1);
    }
}

impl Connection {
    fn new() -> Self {
        Self(Arc::new(Shared {
            fate: watch::Sender::default(),
            in_flight: watch::Sender::new(0),
        }))
    }

    pub(super) fn enter(&self) -> InFlight {
        self.0.in_flight.send_modify(|count| *count += 1);
        InFlight(Arc::clone(&self.0))
    }

    /// Breaks the connection once so many requests are in flight, or have not come in time.
    pub(super) async fn break_off(&self, wanted: Option<u32>) {
        self.0.fate.send_if_modified(|fate| {
            let open = *fate == Fate::Open;
            if open {
                *fate = Fate::Doomed;
            }
            open
        });
        if let Some(wanted) = wanted {
            let mut others = self.0.in_flight.subscribe();
            let enough = others.wait_for(|count| *count >= wanted);
            let _late = tokio::time::timeout(GATHERING, enough).await;
        }
        self.0.fate.send_replace(Fate::Broken);
    }

    /// Returns when the connection is not to be broken, or is.
    pub(super) async fn settled(&self) {
        let mut fate = self.0.fate.subscribe();
        let _known = fate.wait_for(|fate| *fate != Fate::Doomed).await;
    }

    fn is_broken(&self) -> bool {
        *self.0.fate.borrow() == Fate::Broken
    }

    async fn broken(self) {
        let mut fate = self.0.fate.subscribe();
        let _known = fate.wait_for(|fate| *fate == Fate::Broken).await;
    }
}

/// Accepts connections that can be broken, and tells the requests on each which one they came by.
#[derive(Clone, Copy, Debug)]
pub(super) struct Breakable;

impl Accept<TcpStream, Router> for Breakable {
    type Stream = Line;
    type Service = Router;
    type Future = std::future::Ready<std::io::Result<(Line, Router)>>;

    fn accept(&self, stream: TcpStream, service: Router) -> Self::Future {
        let connection = Connection::new();
        let line = Line {
            stream,
            broken: Box::pin(connection.clone().broken()),
            connection: connection.clone(),
        };
        std::future::ready(Ok((line, service.layer(Extension(connection)))))
    }
}

/// The bytes of a connection, until it breaks.
pub(super) struct Line {
    stream: TcpStream,
    connection: Connection,
    broken: Pin<Box<dyn Future<Output = ()> + Send>>,
}

impl Line {
    fn check(&self) -> Result<(), Error> {
        if self.connection.is_broken() {
            return Err(ErrorKind::ConnectionReset.into());
        }
        Ok(())
    }
}

impl AsyncRead for Line {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        self.check()?;
        // Wakes the reader when the connection breaks.
        if self.broken.as_mut().poll(context).is_ready() {
            return Poll::Ready(Err(ErrorKind::ConnectionReset.into()));
        }
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Line {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<std::io::Result<usize>> {
        self.check()?;
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<std::io::Result<usize>> {
        self.check()?;
        Pin::new(&mut self.stream).poll_write_vectored(context, parts)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<std::io::Result<()>> {
        self.check()?;
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
