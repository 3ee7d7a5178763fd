//! Reading a token's claims, unverified: they are diagnostic, a token is opaque to its bearer.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use crate::collect::fields::Fields;
use crate::evidence::TokenClaims;
use crate::model::{Gap, GapKind, Observed, guid};

/// The claims of a signed token; `None` where it is opaque.
pub(crate) fn payload(token: &str) -> Option<Value> {
    let mut parts = token.split('.');
    let (Some(_), Some(payload), Some(_), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return None;
    };
    let bytes = URL_SAFE_NO_PAD.decode(payload.trim_end_matches('=')).ok()?;
    serde_json::from_slice(&bytes).ok().filter(Value::is_object)
}

/// The client id of an application's own token. A user's token names the program it was given to.
pub(crate) fn own_client_id(claims: &Value) -> Option<String> {
    let of_user =
        claims.get("scp").is_some() || claims.get("idtyp").and_then(Value::as_str) == Some("user");
    if of_user {
        return None;
    }
    ["appid", "azp"]
        .iter()
        .find_map(|name| claims.get(name).and_then(Value::as_str))
        .filter(|id| guid::is_guid(id))
        .map(str::to_ascii_lowercase)
}

/// The claims that the checks compare with what was asked for.
pub(crate) fn read(token: &str) -> Observed<TokenClaims> {
    let Some(claims) = payload(token) else {
        return Observed::Unknown(Gap::new(
            GapKind::Unrecognised,
            "the token is opaque: its claims cannot be read",
        ));
    };
    let fields = Fields::new(&claims, "the token");
    let client = if claims.get("appid").is_some() {
        "appid"
    } else {
        "azp"
    };
    let expires = claims
        .get("exp")
        .and_then(Value::as_i64)
        .and_then(|seconds| chrono::DateTime::from_timestamp(seconds, 0))
        .ok_or_else(|| fields.odd("exp"));
    let app_only = match claims.get("idtyp") {
        Some(Value::String(kind)) => Ok(kind == "app"),
        // The claim is optional: its absence says nothing.
        _ => Err(fields.odd("idtyp")),
    };
    Observed::Known(TokenClaims {
        audience: fields.text("aud").into(),
        tenant: fields.guid("tid").into(),
        client_id: fields.guid(client).into(),
        object_id: fields.guid("oid").into(),
        expires: expires.into(),
        app_only: app_only.into(),
    })
}
