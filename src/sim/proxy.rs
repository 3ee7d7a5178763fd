//! A CONNECT proxy on loopback: leads the services' real host names to the simulator, and nothing else
//! anywhere.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::timeout;

const CONNECTIONS: usize = 512;
const HEAD_LIMIT: usize = 8 * 1024;
const HEAD_DEADLINE: Duration = Duration::from_secs(10);

/// Serves until the task is aborted. `hosts` is sorted.
pub(super) async fn run(listener: TcpListener, hosts: Vec<String>, target: SocketAddr) {
    let hosts = Arc::new(hosts);
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    // The open tunnels end with this task.
    let mut tunnels = tokio::task::JoinSet::new();
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else {
            return;
        };
        let Ok((client, _)) = listener.accept().await else {
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        let hosts = Arc::clone(&hosts);
        tunnels.spawn(async move {
            let _place = place;
            // A client that goes away in the middle is no event.
            let _ended = serve(client, &hosts, target).await;
        });
        while tunnels.try_join_next().is_some() {}
    }
}

async fn serve(mut client: TcpStream, hosts: &[String], target: SocketAddr) -> std::io::Result<()> {
    let head = match timeout(HEAD_DEADLINE, head(&mut client)).await {
        Ok(head) => head?,
        Err(_) => return Ok(()),
    };
    match destination(&head, hosts) {
        Destination::Simulator => {
            let mut server = TcpStream::connect(target).await?;
            client
                .write_all(b"HTTP/1.1 200 Connection established\r\n\r\n")
                .await?;
            copy_bidirectional(&mut client, &mut server).await?;
        }
        Destination::Elsewhere => {
            refuse(
                &mut client,
                "403 Forbidden",
                "this host is not part of the scenario",
            )
            .await?;
        }
        Destination::NotConnect => {
            refuse(
                &mut client,
                "400 Bad Request",
                "this proxy answers to CONNECT host:443 only",
            )
            .await?;
        }
    }
    Ok(())
}

async fn refuse(client: &mut TcpStream, status: &str, text: &str) -> std::io::Result<()> {
    let length = text.len();
    let answer = format!(
        "HTTP/1.1 {status}\r\ncontent-type: text/plain\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{text}"
    );
    client.write_all(answer.as_bytes()).await?;
    client.shutdown().await
}

/// The request's head, up to the empty line. Byte by byte towards its end, so that nothing of the
/// tunnel's content is taken.
async fn head(client: &mut TcpStream) -> std::io::Result<Vec<u8>> {
    let mut head = Vec::with_capacity(256);
    while !head.ends_with(b"\r\n\r\n") && head.len() < HEAD_LIMIT {
        match client.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => break,
            Err(error) => return Err(error),
        }
    }
    Ok(head)
}

#[derive(Debug, PartialEq, Eq)]
enum Destination {
    Simulator,
    Elsewhere,
    NotConnect,
}

fn destination(head: &[u8], hosts: &[String]) -> Destination {
    let text = String::from_utf8_lossy(head);
    let mut words = text.lines().next().unwrap_or_default().split(' ');
    let (Some("CONNECT"), Some(authority), Some(version)) =
        (words.next(), words.next(), words.next())
    else {
        return Destination::NotConnect;
    };
    if !version.starts_with("HTTP/1.") || !text.ends_with("\r\n\r\n") {
        return Destination::NotConnect;
    }
    let known = authority
        .strip_suffix(":443")
        .is_some_and(|host| hosts.binary_search(&host.to_ascii_lowercase()).is_ok());
    if known {
        Destination::Simulator
    } else {
        Destination::Elsewhere
    }
}

#[cfg(test)]
mod tests {
    use super::{Destination, destination};

    #[test]
    fn only_the_scenarios_hosts_on_443_are_led_on() {
        let hosts = vec!["graph.microsoft.com".to_owned()];
        for (head, expected) in [
            (
                "CONNECT graph.microsoft.com:443 HTTP/1.1\r\nHost: x\r\n\r\n",
                Destination::Simulator,
            ),
            (
                "CONNECT GRAPH.microsoft.com:443 HTTP/1.0\r\n\r\n",
                Destination::Simulator,
            ),
            (
                "CONNECT graph.microsoft.com:80 HTTP/1.1\r\n\r\n",
                Destination::Elsewhere,
            ),
            (
                "CONNECT example.com:443 HTTP/1.1\r\n\r\n",
                Destination::Elsewhere,
            ),
            (
                "GET https://graph.microsoft.com/ HTTP/1.1\r\n\r\n",
                Destination::NotConnect,
            ),
            (
                "CONNECT graph.microsoft.com:443 HTTP/1.1",
                Destination::NotConnect,
            ),
            ("CONNECT", Destination::NotConnect),
            ("", Destination::NotConnect),
        ] {
            assert_eq!(destination(head.as_bytes(), &hosts), expected, "{head:?}");
        }
        assert_eq!(
            destination(&[0xff, 0, 0x16, 3], &hosts),
            Destination::NotConnect
        );
    }
}
