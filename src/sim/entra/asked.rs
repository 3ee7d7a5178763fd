//! What a client sent to the token endpoint.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::sim::wire::Call;

/// The fields of the form.
pub(super) struct Asked {
    pub client_id: String,
    pub secret: Option<String>,
    pub assertion_type: Option<String>,
    pub assertion: Option<String>,
    pub scope: Option<String>,
    pub grant_type: Option<String>,
    pub username: Option<String>,
    pub password: Option<String>,
    pub refresh_token: Option<String>,
}

/// Reads the form, and HTTP Basic where the form names no client.
pub(super) fn asked(call: &Call) -> Asked {
    let field = |name: &str| {
        url::form_urlencoded::parse(&call.body)
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
    };
    let basic = basic(call);
    let (basic_id, basic_secret) =
        basic.map_or((None, None), |(id, secret)| (Some(id), Some(secret)));
    Asked {
        client_id: field("client_id").or(basic_id).unwrap_or_default(),
        secret: field("client_secret").or(basic_secret),
        assertion_type: field("client_assertion_type"),
        assertion: field("client_assertion"),
        scope: field("scope"),
        grant_type: field("grant_type"),
        username: field("username"),
        password: field("password"),
        refresh_token: field("refresh_token"),
    }
}

/// Client id and secret of an `Authorization: Basic` header, each form-encoded (RFC 6749, 2.3.1).
fn basic(call: &Call) -> Option<(String, String)> {
    let encoded = call.header("authorization")?.strip_prefix("Basic ")?;
    let text = String::from_utf8(STANDARD.decode(encoded).ok()?).ok()?;
    let (id, secret) = text.split_once(':')?;
    let decoded = |part: &str| {
        url::form_urlencoded::parse(format!("v={part}").as_bytes())
            .next()
            .map(|(_, value)| value.into_owned())
    };
    Some((decoded(id)?, decoded(secret)?))
}
