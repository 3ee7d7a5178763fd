//! How the run's sign-ins look in the tenant's logs, and which earlier ones were the audit's own.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use tokio::net::{UdpSocket, lookup_host};

use super::http::user_agent;
use super::options::Options;
use crate::estate::Estate;
use crate::evidence::{OwnRun, OwnTrace};
use crate::model::{Gap, GapKind, Observed};

/// Sign-ins are kept for 30 days; twice a day is often.
const MOST_RUNS: usize = 60;

/// For finding the login host's address.
const RESOLVE: Duration = Duration::from_secs(4);

/// The trace that this run leaves.
pub(super) async fn this_run(estate: &Estate, options: &Options) -> OwnTrace {
    let login = estate
        .tenants
        .values()
        .next()
        .map(|tenant| tenant.cloud.hosts().login);
    let address = match login {
        Some(login) => address(login, options).await.map(|ip| ip.to_string()),
        None => Err(Gap::new(
            GapKind::NotReached,
            "the estate names no tenant to sign in to",
        )),
    };
    OwnTrace {
        address: address.into(),
        user_agent: user_agent(&options.run),
    }
}

/// The last run and those that it knew of, newest first.
pub(super) fn earlier_runs(options: &Options) -> Vec<OwnRun> {
    let Some(previous) = &options.previous else {
        return Vec::new();
    };
    let last = OwnRun {
        run: previous.run.clone(),
        started: previous.by_services_clock(previous.started),
        finished: previous.by_services_clock(previous.finished),
    };
    std::iter::once(last)
        .chain(previous.earlier_runs.iter().cloned())
        .take(MOST_RUNS)
        .collect()
}

/// The machine's own address on the way to `host`. Nothing is sent to it: connecting a datagram socket
/// only asks the machine's routes.
async fn address(host: &str, options: &Options) -> Result<IpAddr, Gap> {
    let unreachable = |why: &str| {
        Gap::new(
            GapKind::Unreachable,
            format!("this machine's address towards {host} is not known: {why}"),
        )
    };
    let places: Vec<SocketAddr> = match &options.trust {
        Some(trust) => vec![trust.connect],
        None => match tokio::time::timeout(RESOLVE, lookup_host((host, 443))).await {
            Ok(Ok(places)) => places.collect(),
            Ok(Err(_)) => return Err(unreachable("its name could not be resolved")),
            Err(_) => return Err(unreachable("its name was not resolved within 4 s")),
        },
    };
    for place in places {
        if let Ok(local) = towards(place).await {
            return Ok(local);
        }
    }
    Err(unreachable("there is no route to it"))
}

async fn towards(place: SocketAddr) -> std::io::Result<IpAddr> {
    let any: IpAddr = match place {
        SocketAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
        SocketAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
    };
    let socket = UdpSocket::bind((any, 0)).await?;
    socket.connect(place).await?;
    Ok(socket.local_addr()?.ip())
}

/// What stands in a snapshot until the trace is known.
pub(super) fn not_yet(options: &Options) -> OwnTrace {
    OwnTrace {
        address: Observed::not_reached("the run did not begin"),
        user_agent: user_agent(&options.run),
    }
}
