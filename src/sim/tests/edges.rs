//! Faults, writes, the request log and the proxy.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::{PROD, Scenario, desk, desk_of, tidy};

const WHO: &str = "https://contoso.crm4.dynamics.com/api/data/v9.2/WhoAmI";

#[tokio::test]
async fn faults_hit_what_they_name_and_nothing_else() {
    let faults = "
[[faults]]
path = \"/api/data/v9.2/WhoAmI\"
times = 2
status = 429
headers = { Retry-After = \"7\" }
body = \"Too Many Requests\"

[[faults]]
path-contains = \"/accounts\"
truncate = 20

[[faults]]
path-contains = \"/contacts\"
disconnect = true

[[faults]]
path-contains = \"/products\"
nth = 2
body-megabytes = 3

[[faults]]
path-contains = \"RetrieveVersion\"
delay-ms = 300
";
    let desk = desk_of(&tidy("version = 1", "version = 1", faults)).await;
    let token = desk.token("erp-bridge", PROD).await;
    for status in [429, 429, 200] {
        let reply = desk.get(WHO, &token).await;
        assert_eq!(reply.status, status);
        assert_eq!(
            reply.header("retry-after"),
            if status == 429 { "7" } else { "" }
        );
    }
    let url = |set: &str| format!("{PROD}/api/data/v9.2/{set}");
    let cut = desk.get(&url("accounts"), &token).await;
    assert_eq!((cut.status, cut.text.len()), (200, 20));
    let broken = desk
        .http
        .get(url("contacts"))
        .bearer_auth(&token)
        .send()
        .await;
    let ends_badly = match broken {
        Ok(response) => response.bytes().await.is_err(),
        Err(_) => true,
    };
    assert!(ends_badly);
    assert!(desk.get(&url("products"), &token).await.text.len() < 1_000_000);
    assert!(desk.get(&url("products"), &token).await.text.len() > 3_000_000);
    let start = tokio::time::Instant::now();
    desk.get(&url("RetrieveVersion()"), &token).await;
    assert!(start.elapsed() >= Duration::from_millis(300));
}

#[tokio::test]
async fn writes_are_refused_and_logged() {
    let desk = desk("tidy").await;
    let token = desk.token("erp-bridge", PROD).await;
    let graph = desk.auditor("https://graph.microsoft.com").await;
    let vault = desk.auditor("https://vault.azure.net").await;
    for (url, token) in [
        (format!("{PROD}/api/data/v9.2/accounts"), &token),
        (
            "https://graph.microsoft.com/v1.0/applications".to_owned(),
            &graph,
        ),
        (
            format!("{}/secrets/x?api-version=7.5", super::VAULT),
            &vault,
        ),
    ] {
        let request = desk
            .http
            .patch(&url)
            .bearer_auth(token)
            .header("user-agent", "probe/1")
            .body("{}");
        assert_eq!(desk.send(request).await.status, 405, "{url}");
    }
    let requests = desk.sim.requests();
    let writes: Vec<_> = requests
        .iter()
        .filter(|seen| seen.method == "PATCH")
        .collect();
    assert_eq!(writes.len(), 3);
    assert_eq!(
        writes[0].client_id_of_token.as_deref(),
        Some(desk.client_id("erp-bridge").as_str())
    );
    assert_eq!(writes[0].user_agent.as_deref(), Some("probe/1"));
    let tokens = requests
        .iter()
        .filter(|seen| seen.path_and_query.ends_with("/oauth2/v2.0/token"));
    assert!(
        tokens.clone().count() == 3 && tokens.clone().all(|seen| seen.client_id_of_token.is_some())
    );
}

#[tokio::test]
async fn the_proxy_leads_real_names_to_the_simulator_and_nothing_elsewhere() {
    let desk = desk("tidy").await;
    let proxy =
        reqwest::Proxy::https(format!("http://{}", desk.sim.proxy_addr())).expect("a proxy");
    let http = reqwest::Client::builder()
        .tls_certs_only([
            reqwest::Certificate::from_pem(desk.sim.ca_pem().as_bytes()).expect("a CA")
        ])
        .proxy(proxy)
        .build()
        .expect("a client");
    let token = desk.token("erp-bridge", PROD).await;
    let response = http
        .get(WHO)
        .bearer_auth(&token)
        .send()
        .await
        .expect("an answer");
    assert_eq!(response.status(), 200);
    assert!(http.get("https://example.com/").send().await.is_err());

    for (sent, expected) in [
        ("CONNECT example.com:443 HTTP/1.1\r\n\r\n", "HTTP/1.1 403"),
        (
            "CONNECT graph.microsoft.com:80 HTTP/1.1\r\n\r\n",
            "HTTP/1.1 403",
        ),
        ("GET / HTTP/1.1\r\n\r\n", "HTTP/1.1 400"),
    ] {
        let mut socket = tokio::net::TcpStream::connect(desk.sim.proxy_addr())
            .await
            .expect("a socket");
        socket.write_all(sent.as_bytes()).await.expect("sent");
        let mut answer = String::new();
        socket.read_to_string(&mut answer).await.expect("an answer");
        assert!(answer.starts_with(expected), "{sent:?}: {answer}");
    }
}

#[tokio::test]
async fn a_stopped_simulator_answers_no_more() {
    let desk = desk("tidy").await;
    let (tls, proxy) = (desk.sim.tls_addr(), desk.sim.proxy_addr());
    drop(desk.http);
    desk.sim.stop().await;
    assert!(tokio::net::TcpStream::connect(tls).await.is_err());
    assert!(tokio::net::TcpStream::connect(proxy).await.is_err());
}

#[tokio::test]
async fn garbage_ends_a_connection_and_not_the_simulator() {
    let desk = desk("tidy").await;
    for address in [desk.sim.tls_addr(), desk.sim.proxy_addr()] {
        for garbage in [
            &b"\x16\x03\x01\xff\xff"[..],
            b"\r\n\r\n",
            b"\0\0\0\0",
            &[b'a'; 20_000],
        ] {
            let mut socket = tokio::net::TcpStream::connect(address)
                .await
                .expect("a socket");
            let _refused = socket.write_all(garbage).await;
            let _closed = socket.shutdown().await;
            let mut answer = Vec::new();
            let _ended = socket.read_to_end(&mut answer).await;
        }
    }
    let token = desk.token("erp-bridge", PROD).await;
    assert_eq!(desk.get(WHO, &token).await.status, 200);
    for path in [
        "/",
        "/api",
        "/api/data/v9.2/systemusers((",
        "/api/data/v9.2/$batch",
        "/%ff%00",
        "/api/data/v9.2/accounts?$filter=(((",
    ] {
        let reply = desk.get(&format!("{PROD}{path}"), &token).await;
        assert!(
            (400..500).contains(&reply.status),
            "{path}: {}",
            reply.status
        );
    }
}

#[tokio::test]
async fn a_host_can_be_dead_and_a_wait_be_a_date() {
    let dead = "version = 1\ndead-hosts = [\"contoso-dev.crm4.dynamics.com\"]";
    let fault =
        "[[faults]]\npath-contains = \"WhoAmI\"\nstatus = 429\nretry-after-date-in-seconds = 2";
    let desk = desk_of(&tidy("version = 1", dead, fault)).await;
    let token = desk.token("erp-bridge", PROD).await;
    let reply = desk.get(WHO, &token).await;
    let date = chrono::DateTime::parse_from_rfc2822(reply.header("retry-after"));
    let wait = date.expect("a date").timestamp() - desk.sim.world.now().timestamp();
    assert!((0..=2).contains(&wait), "{wait}");
    let url = "https://contoso-dev.crm4.dynamics.com/api/data/v9.2/WhoAmI";
    let error = desk.http.get(url).send().await.expect_err("a dead host");
    assert!(error.is_connect(), "{error:?}");
}

/// Scenarios count days by the calendar, whatever time of day they start at.
#[test]
fn a_day_of_the_scenario_is_that_day_by_the_calendar() {
    let starts = [
        "2026-11-21T00:00:00Z",
        "2026-11-21T12:34:56Z",
        "2027-01-31T22:59:59Z",
        "2028-02-29T23:00:00Z",
        "2027-12-31T23:59:59.999Z",
    ];
    for start in starts {
        let start: chrono::DateTime<chrono::Utc> = start.parse().expect("a moment");
        let scenario = Scenario::parse(Scenario::text("tidy").expect("built in")).expect("sound");
        let key = super::super::tokens::SigningKey::shared().expect("a key");
        let world = super::super::world::World::new(scenario, start, key);
        for days in [-400, -1, 0, 1, 14, 365] {
            let end = world.day(days);
            let by_calendar = (end.date_naive() - start.date_naive()).num_days();
            assert_eq!(by_calendar, days, "{start}: {end}");
            let hours = (end - start).num_hours();
            assert!(
                (days * 24..=days * 24 + 1).contains(&hours),
                "{start}: {end}"
            );
        }
    }
}
