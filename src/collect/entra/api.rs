//! The token request of an audited credential: v2.0 client credentials with a secret.

use azure_core::Bytes;
use secrecy::{ExposeSecret, SecretString};
use url::form_urlencoded::byte_serialize;
use zeroize::Zeroizing;

use crate::collect::http::{Answer, Ask, Wire};
use crate::estate::Tenant;
use crate::model::{Gap, GapKind, Service};

/// One token to be asked for.
#[derive(Debug)]
pub(crate) struct TokenRequest<'a> {
    pub(crate) tenant: &'a Tenant,
    pub(crate) client_id: &'a str,
    pub(crate) secret: &'a SecretString,
    /// Without trailing slash.
    pub(crate) resource: &'a str,
    pub(crate) purpose: &'a str,
}

/// In a reader's words.
pub(crate) fn call(client_id: &str, resource: &str) -> String {
    format!("the token request of client {client_id} for {resource}")
}

/// Posts the form; the whole answer comes back, as the error is what is looked for.
pub(crate) async fn request_token(wire: &Wire, request: &TokenRequest<'_>) -> Result<Answer, Gap> {
    let call = call(request.client_id, request.resource);
    let url = format!(
        "https://{}/{}/oauth2/v2.0/token",
        request.tenant.cloud.hosts().login,
        request.tenant.id
    )
    .parse()
    .map_err(|_| {
        Gap::new(
            GapKind::Malformed,
            format!("{call}: the tenant id makes no url"),
        )
    })?;
    let ask = Ask::get(Service::Entra, request.purpose, call, url)
        .header("accept", "application/json")
        .post(
            "application/x-www-form-urlencoded",
            Bytes::from_owner(form(request)),
        );
    wire.send(&ask).await
}

/// The form, zeroed when the last copy of it is dropped.
fn form(request: &TokenRequest<'_>) -> Zeroizing<Vec<u8>> {
    let scope = format!("{}/.default", request.resource);
    let secret = request.secret.expose_secret();
    let pairs = [
        ("client_id", request.client_id),
        ("scope", scope.as_str()),
        ("client_secret", secret),
        ("grant_type", "client_credentials"),
    ];
    // Room for the worst encoding, so that no half-filled buffer is left behind by growing.
    let room = pairs
        .iter()
        .map(|(name, value)| name.len() + 3 * value.len() + 2)
        .sum();
    let mut form = Zeroizing::new(Vec::with_capacity(room));
    for (place, (name, value)) in pairs.into_iter().enumerate() {
        if place > 0 {
            form.push(b'&');
        }
        form.extend_from_slice(name.as_bytes());
        form.push(b'=');
        for piece in byte_serialize(value.as_bytes()) {
            form.extend_from_slice(piece.as_bytes());
        }
    }
    form
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Cloud;

    #[test]
    fn the_secret_is_encoded_and_otherwise_sent_as_stored() {
        let tenant = Tenant {
            id: "8f0c4a52-7c1e-4d2b-9a57-3f2f6f6f0001".into(),
            cloud: Cloud::Public,
            auditor: None,
        };
        let secret = SecretString::from("a+b&c=d~\n");
        let form = form(&TokenRequest {
            tenant: &tenant,
            client_id: "client",
            secret: &secret,
            resource: "https://contoso.crm4.dynamics.com",
            purpose: "shared",
        });
        assert_eq!(
            std::str::from_utf8(&form).expect("ascii"),
            "client_id=client&scope=https%3A%2F%2Fcontoso.crm4.dynamics.com%2F.default&client_secret=a%2Bb%26c%3Dd%7E%0A&grant_type=client_credentials"
        );
    }
}
