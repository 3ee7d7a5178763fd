//! The token request of an audited credential: v2.0 client credentials with a secret or a client assertion.

use azure_core::Bytes;
use secrecy::{ExposeSecret, SecretString};
use url::form_urlencoded::byte_serialize;
use zeroize::Zeroizing;

use crate::collect::http::{Answer, Ask, Wire};
use crate::estate::Tenant;
use crate::model::{Gap, GapKind, Service};

/// RFC 7523, section 2.2.
const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// One token to be asked for.
#[derive(Debug)]
pub(crate) struct TokenRequest<'a> {
    pub(crate) tenant: &'a Tenant,
    pub(crate) client_id: &'a str,
    pub(crate) proof: Proof<'a>,
    /// Without trailing slash.
    pub(crate) resource: &'a str,
    pub(crate) purpose: &'a str,
}

/// What shows that the client is itself.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Proof<'a> {
    Secret(&'a SecretString),
    /// A signed JWT.
    Assertion(&'a SecretString),
}

/// The tenant's own token endpoint: where the request goes, and the audience of an assertion.
pub(crate) fn endpoint(tenant: &Tenant) -> String {
    format!(
        "https://{}/{}/oauth2/v2.0/token",
        tenant.cloud.hosts().login,
        tenant.id
    )
}

/// In a reader's words.
pub(crate) fn call(client_id: &str, resource: &str) -> String {
    format!("the token request of client {client_id} for {resource}")
}

/// Posts the form; the whole answer comes back, as the error is what is looked for.
pub(crate) async fn request_token(wire: &Wire, request: &TokenRequest<'_>) -> Result<Answer, Gap> {
    let call = call(request.client_id, request.resource);
    let url = endpoint(request.tenant).parse().map_err(|_| {
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
    let mut pairs = vec![("client_id", request.client_id), ("scope", scope.as_str())];
    match request.proof {
        Proof::Secret(secret) => pairs.push(("client_secret", secret.expose_secret())),
        Proof::Assertion(assertion) => pairs.extend([
            ("client_assertion_type", ASSERTION_TYPE),
            ("client_assertion", assertion.expose_secret()),
        ]),
    }
    pairs.push(("grant_type", "client_credentials"));
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
    use crate::reference::cloud::Cloud;

    const TENANT: &str = "8f0c4a52-7c1e-4d2b-9a57-3f2f6f6f0001";

    fn made(proof: Proof<'_>) -> String {
        let tenant = Tenant {
            id: TENANT.into(),
            cloud: Cloud::Public,
            auditor: None,
        };
        let form = form(&TokenRequest {
            tenant: &tenant,
            client_id: "client",
            proof,
            resource: "https://contoso.crm4.dynamics.com",
            purpose: "shared",
        });
        assert!(form.capacity() >= form.len());
        String::from_utf8(form.to_vec()).expect("ascii")
    }

    #[test]
    fn the_secret_is_encoded_and_otherwise_sent_as_stored() {
        assert_eq!(
            made(Proof::Secret(&SecretString::from("a+b&c=d~\n"))),
            "client_id=client&scope=https%3A%2F%2Fcontoso.crm4.dynamics.com%2F.default&client_secret=a%2Bb%26c%3Dd%7E%0A&grant_type=client_credentials"
        );
    }

    #[test]
    fn an_assertion_stands_in_place_of_the_secret() {
        assert_eq!(
            made(Proof::Assertion(&SecretString::from("e30.e30.c2ln"))),
            "client_id=client&scope=https%3A%2F%2Fcontoso.crm4.dynamics.com%2F.default&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion=e30.e30.c2ln&grant_type=client_credentials"
        );
    }

    /// `application/x-www-form-urlencoded` as a server reads it, written from the URL standard.
    fn decoded(form: &str, name: &str) -> Option<String> {
        form.split('&').find_map(|pair| {
            let value = pair.strip_prefix(name)?.strip_prefix('=')?;
            let mut bytes = Vec::new();
            let mut rest = value.bytes();
            while let Some(byte) = rest.next() {
                bytes.push(match byte {
                    b'+' => b' ',
                    b'%' => {
                        let digits = [rest.next()?, rest.next()?];
                        u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?
                    }
                    other => other,
                });
            }
            String::from_utf8(bytes).ok()
        })
    }

    #[test]
    fn every_secret_arrives_as_it_is_stored() {
        let mut secrets: Vec<String> = [
            "100%",
            "%41%20%zz",
            "a+b c",
            "+",
            "&client_id=other",
            "grüße~ß€😀",
            "quote\"'<>\\",
            " padded\r\n",
            "\u{0}\u{7f}",
        ]
        .map(String::from)
        .to_vec();
        secrets.push((' '..='\u{2ff}').collect());
        for secret in secrets {
            let form = made(Proof::Secret(&SecretString::from(secret.clone())));
            assert!(form.is_ascii(), "{form}");
            assert_eq!(decoded(&form, "client_secret"), Some(secret));
            assert_eq!(decoded(&form, "client_id").as_deref(), Some("client"));
            assert_eq!(form.matches('&').count(), 3);
        }
    }
}
