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

/// Whether a token is a user's. `idtyp` says so, and is optional: else a delegated token has scopes or a
/// user's name, and an application's own has its object id as subject. `None` where none of that tells.
pub(crate) fn is_user(claims: &Value) -> Option<bool> {
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    match text("idtyp") {
        Some("user") => return Some(true),
        Some("app") => return Some(false),
        _ => {}
    }
    if ["scp", "upn", "unique_name"]
        .iter()
        .any(|name| claims.get(name).is_some())
    {
        return Some(true);
    }
    (text("oid")? == text("sub")?).then_some(false)
}

/// The client id of an application's own token. A user's token names the program it was given to.
pub(crate) fn own_client_id(claims: &Value) -> Option<String> {
    if is_user(claims) == Some(true) {
        return None;
    }
    ["appid", "azp"]
        .iter()
        .find_map(|name| claims.get(name).and_then(Value::as_str))
        .filter(|id| guid::is_guid(id))
        .map(str::to_ascii_lowercase)
}

/// The name that a person signed in with, of a person's token only.
pub(crate) fn user_name(claims: &Value) -> Option<String> {
    if is_user(claims) != Some(true) {
        return None;
    }
    ["upn", "preferred_username", "unique_name"]
        .iter()
        .find_map(|name| claims.get(name).and_then(Value::as_str))
        .map(str::to_owned)
}

/// The tenant that a token was given in.
pub(crate) fn tenant(claims: &Value) -> Option<String> {
    Fields::new(claims, "the token").guid("tid").ok()
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const ID: &str = "5b7a2f0e-2d35-4a55-8a64-0d3a51c60001";

    #[test]
    fn a_person_has_a_name_and_an_application_none() {
        let person = json!({"idtyp": "user", "upn": "ann@contoso.com"});
        assert_eq!(user_name(&person).as_deref(), Some("ann@contoso.com"));
        let application = json!({"idtyp": "app", "upn": "ann@contoso.com"});
        assert_eq!(user_name(&application), None);
    }

    #[test]
    fn a_token_is_a_person_s_where_it_says_so() {
        for (claims, user) in [
            (json!({"idtyp": "user", "appid": ID}), Some(true)),
            (json!({"idtyp": "app", "appid": ID}), Some(false)),
            (
                json!({"scp": "user_impersonation", "appid": ID}),
                Some(true),
            ),
            (json!({"upn": "a@contoso.example", "appid": ID}), Some(true)),
            (
                json!({"unique_name": "a@contoso.example", "appid": ID}),
                Some(true),
            ),
            (json!({"oid": ID, "sub": ID, "appid": ID}), Some(false)),
            (json!({"oid": ID, "sub": "other", "appid": ID}), None),
            (json!({"idtyp": "device", "appid": ID}), None),
            (json!({"appid": ID}), None),
        ] {
            assert_eq!(is_user(&claims), user, "{claims}");
            assert_eq!(
                own_client_id(&claims).is_none(),
                user == Some(true),
                "{claims}"
            );
        }
    }
}
