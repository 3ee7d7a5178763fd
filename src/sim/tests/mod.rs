//! Each service asked over TLS by an ordinary client.

mod assertions;
mod connections;
mod credentials;
mod dataverse;
mod edges;
mod entra;
mod federated;
mod finops;
mod foreign;
mod fresh;
mod graph;
mod keyvault;
mod management;
mod permissions;
mod person;
mod power_platform;
mod privileges;
mod recorded;
mod regions;
mod reports;
mod sdk;
mod shapes;
mod switches;
mod vault_files;
mod writes;

use serde_json::Value;

use super::{Scenario, Sim, SimOptions, overlay};

const TENANT: &str = "8f0c4a52-7c1e-4d2b-9a57-3f2f6f6f0001";
const LOGIN: &str = "https://login.microsoftonline.com";
const PROD: &str = "https://contoso.crm4.dynamics.com";
const VAULT: &str = "https://kv-contoso-crm-prod.vault.azure.net";

struct Desk {
    sim: Sim,
    http: reqwest::Client,
}

struct Reply {
    status: u16,
    headers: reqwest::header::HeaderMap,
    text: String,
}

impl Reply {
    fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {}", self.text))
    }

    fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }
}

async fn desk(scenario: &str) -> Desk {
    desk_of(Scenario::text(scenario).expect("built in")).await
}

async fn desk_of(text: &str) -> Desk {
    let scenario = Scenario::parse(text).unwrap_or_else(|error| panic!("{error}"));
    let now = "2026-11-21T06:00:00Z".parse().expect("a date");
    let sim = Sim::start(scenario, SimOptions { port: None, now })
        .await
        .expect("starts");
    let mut http = reqwest::Client::builder()
        .tls_certs_only([reqwest::Certificate::from_pem(sim.ca_pem().as_bytes()).expect("a CA")])
        .no_proxy();
    for host in sim.hosts() {
        http = http.resolve(&host, sim.tls_addr());
    }
    Desk {
        http: http.build().expect("a client"),
        sim,
    }
}

/// The tidy tenant with these changes laid over it.
async fn tidy_with(changes: &str) -> Desk {
    let text = overlay(Scenario::text("tidy").expect("built in"), changes).expect("TOML");
    desk_of(&text).await
}

/// The tidy scenario with something exchanged, and more at its end.
fn tidy(old: &str, new: &str, more: &str) -> String {
    let text = Scenario::text("tidy").expect("built in");
    assert!(text.contains(old), "the scenario no longer holds {old:?}");
    format!("{}\n{more}", text.replacen(old, new, 1))
}

impl Desk {
    async fn send(&self, request: reqwest::RequestBuilder) -> Reply {
        let response = request.send().await.expect("an answer");
        Reply {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            text: response.text().await.expect("a body"),
        }
    }

    async fn get(&self, url: &str, token: &str) -> Reply {
        self.send(self.http.get(url).bearer_auth(token)).await
    }

    /// Asks for a token with any fields.
    async fn ask(&self, tenant: &str, fields: &[(&str, &str)]) -> Reply {
        let url = format!("{LOGIN}/{tenant}/oauth2/v2.0/token");
        self.send(self.http.post(url).form(fields)).await
    }

    /// A token for `resource` with this client id and the secret with this label.
    async fn sign_in(&self, client_id: &str, label: &str, resource: &str) -> Reply {
        let secret = super::names::secret(label);
        let scope = format!("{resource}/.default");
        self.ask(
            TENANT,
            &[
                ("grant_type", "client_credentials"),
                ("client_id", client_id),
                ("client_secret", &secret),
                ("scope", &scope),
            ],
        )
        .await
    }

    /// The token of a registration (its name is also the label of its secret).
    async fn token(&self, name: &str, resource: &str) -> String {
        let reply = self.sign_in(&self.client_id(name), name, resource).await;
        assert_eq!(reply.status, 200, "{name}: {}", reply.text);
        reply.json()["access_token"]
            .as_str()
            .expect("a token")
            .to_owned()
    }

    async fn auditor(&self, resource: &str) -> String {
        self.token("credaudit", resource).await
    }

    fn client_id(&self, name: &str) -> String {
        let scenario = &self.sim.world.scenario;
        scenario
            .application(name)
            .unwrap_or_else(|| panic!("{name}"))
            .client_id
            .clone()
    }
}
