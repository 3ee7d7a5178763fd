//! Connections that break, with what else is in flight on them; and services whose clocks are wrong.

use chrono::{DateTime, Utc};

use super::{PROD, VAULT, tidy_with};

const WHO: &str = "https://contoso.crm4.dynamics.com/api/data/v9.2/WhoAmI";

#[tokio::test]
async fn a_broken_connection_takes_what_is_in_flight_on_it() {
    let desk = tidy_with(
        "[[faults]]
path-contains = \"/products\"
times = 1
break-connection = true
in-flight = 3
",
    )
    .await;
    let token = desk.token("erp-bridge", PROD).await;
    // The connection that all of them share.
    assert_eq!(desk.get(WHO, &token).await.status, 200);
    let send = |url: String| desk.http.get(url).bearer_auth(&token).send();
    let products = format!("{PROD}/api/data/v9.2/products");
    let (broken, first, second) = tokio::join!(
        send(products.clone()),
        send(WHO.to_owned()),
        send(format!("{PROD}/api/data/v9.2/RetrieveVersion()"))
    );
    assert!(broken.is_err() && first.is_err() && second.is_err());
    assert_eq!(desk.get(&products, &token).await.status, 200);
    let requests = desk.sim.requests();
    let of = |path: &str| -> Vec<u16> {
        let hit = requests
            .iter()
            .filter(|request| request.path_and_query.contains(path));
        hit.map(|request| request.status).collect()
    };
    assert_eq!(of("/products"), [0, 200]);
}

#[tokio::test]
async fn alone_on_its_connection_a_request_breaks_at_once_and_over_http_1_too() {
    let desk = tidy_with(
        "[[faults]]
path-contains = \"/WhoAmI\"
times = 2
break-connection = true
",
    )
    .await;
    let token = desk.token("erp-bridge", PROD).await;
    let broken = desk.http.get(WHO).bearer_auth(&token).send().await;
    assert!(broken.is_err());
    let ca = reqwest::Certificate::from_pem(desk.sim.ca_pem().as_bytes()).expect("a CA");
    let old = reqwest::Client::builder()
        .tls_certs_only([ca])
        .no_proxy()
        .http1_only()
        .resolve("contoso.crm4.dynamics.com", desk.sim.tls_addr())
        .build()
        .expect("a client");
    let broken = old.get(WHO).bearer_auth(&token).send().await;
    assert!(broken.is_err());
    let fine = old
        .get(WHO)
        .bearer_auth(&token)
        .send()
        .await
        .expect("an answer");
    assert_eq!(fine.status(), 200);
}

#[tokio::test]
async fn a_header_too_large_for_clients_can_be_had() {
    let desk = tidy_with(
        "[[faults]]
path-contains = \"/WhoAmI\"
header-kilobytes = 12
",
    )
    .await;
    let token = desk.token("erp-bridge", PROD).await;
    let reply = desk.get(WHO, &token).await;
    assert_eq!(
        (reply.status, reply.header("x-ms-filler").len()),
        (200, 12 * 1024)
    );
}

#[tokio::test]
async fn each_service_has_a_clock_of_its_own() {
    let desk = tidy_with("[clock-skew]\nvault = 2160000\nfinops = -420\n").await;
    let ahead = async |url: &str| {
        let reply = desk.send(desk.http.get(url)).await;
        let date = DateTime::parse_from_rfc2822(reply.header("date")).expect("a date");
        (date.with_timezone(&Utc) - desk.sim.world.clock()).num_seconds()
    };
    for (url, seconds) in [
        (format!("{VAULT}/secrets?api-version=7.5"), 2_160_000),
        (
            "https://contoso.operations.dynamics.com/data".to_owned(),
            -420,
        ),
        (WHO.to_owned(), 0),
        (
            "https://graph.microsoft.com/v1.0/applications".to_owned(),
            0,
        ),
        (format!("{}/common/discovery/instance", super::LOGIN), 0),
    ] {
        let off = ahead(&url).await - seconds;
        assert!((-60..=1).contains(&off), "{url}: {off} s from {seconds}");
    }
}
