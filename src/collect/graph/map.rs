//! From Graph's objects to evidence: each odd field is a gap of its own, never a default.

use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use super::keys;
use crate::collect::credential::Stored;
use crate::collect::fields::Fields;
use crate::evidence::{Application, Credential, CredentialKind, Redirect, ServicePrincipal};
use crate::model::{Gap, GapKind, Listing, Observed, Presence};

/// The application of one client id, compared with the stored credential where there is one.
pub(crate) fn application(
    raw: &Observed<Presence<Value>>,
    what: &str,
    stored: Result<Stored<'_>, &Gap>,
) -> Observed<Presence<Application>> {
    read(raw, |value| {
        let fields = Fields::new(value, what);
        Ok(Application {
            object_id: fields.text("id")?,
            display_name: fields.optional_text("displayName"),
            disabled: disabled(fields).into(),
            audience: fields.text("signInAudience").into(),
            credentials: credentials(fields, stored).into(),
            redirects: redirects(fields).into(),
            implicit_grant: implicit_grant(fields).into(),
            public_client: public_client(fields).into(),
            created: fields.date("createdDateTime").ok(),
            federated: Listing::cut_short(Vec::new(), Gap::new(GapKind::NotReached, "not asked")),
        })
    })
}

/// The service principal of one client id.
pub(crate) fn service_principal(
    raw: &Observed<Presence<Value>>,
    what: &str,
) -> Observed<Presence<ServicePrincipal>> {
    read(raw, |value| {
        let fields = Fields::new(value, what);
        Ok(ServicePrincipal {
            object_id: fields.text("id")?,
            enabled: fields.flag("accountEnabled").into(),
            kind: Observed::not_reached("not asked"),
            credentials: Observed::not_reached("not asked"),
            saml: Observed::not_reached("not asked"),
            granted: Listing::cut_short(Vec::new(), Gap::new(GapKind::NotReached, "not asked")),
        })
    })
}

fn read<T>(
    raw: &Observed<Presence<Value>>,
    make: impl FnOnce(&Value) -> Result<T, Gap>,
) -> Observed<Presence<T>> {
    match raw {
        Observed::Unknown(gap) => Observed::Unknown(gap.clone()),
        Observed::Known(Presence::Absent) => Observed::Known(Presence::Absent),
        Observed::Known(Presence::Present(value)) => make(value).map(Presence::Present).into(),
    }
}

/// The ids of a page of owners, sorted; one without id cuts the list short.
pub(crate) fn owner_ids(what: &str, listing: Listing<Value>) -> Listing<String> {
    let mut ids = Vec::new();
    let mut gap = listing.gap;
    for row in &listing.items {
        match Fields::new(row, what).text("id") {
            Ok(id) => ids.push(id),
            Err(odd) => gap = gap.or(Some(odd)),
        }
    }
    ids.sort();
    ids.dedup();
    Listing { items: ids, gap }
}

/// `isDisabled` is newer than `disabledByMicrosoftStatus`; where it is not answered the other decides.
fn disabled(fields: Fields<'_>) -> Result<bool, Gap> {
    let by_microsoft = match fields.value.get("disabledByMicrosoftStatus") {
        None => None,
        Some(Value::Null) => Some(false),
        Some(Value::String(status)) => Some(status.to_ascii_lowercase().starts_with("disabled")),
        Some(_) => return Err(fields.odd("disabledByMicrosoftStatus")),
    };
    let by_owner = match fields.value.get("isDisabled") {
        None | Some(Value::Null) => None,
        Some(Value::Bool(disabled)) => Some(*disabled),
        Some(_) => return Err(fields.odd("isDisabled")),
    };
    match (by_owner, by_microsoft) {
        (None, None) => Err(fields.odd("disabledByMicrosoftStatus")),
        (owner, microsoft) => Ok(owner.unwrap_or(false) || microsoft.unwrap_or(false)),
    }
}

fn credentials(
    fields: Fields<'_>,
    stored: Result<Stored<'_>, &Gap>,
) -> Result<Vec<Credential>, Gap> {
    let mut credentials = Vec::new();
    for (list, kind) in [
        ("passwordCredentials", CredentialKind::Secret),
        ("keyCredentials", CredentialKind::Certificate),
    ] {
        for value in fields.list(list)? {
            let what = format!("{}, one of its {list}", fields.what);
            credentials.push(credential(Fields::new(value, &what), kind, stored)?);
        }
    }
    credentials.sort_by(|left, right| order(left).cmp(&order(right)));
    Ok(credentials)
}

fn order(credential: &Credential) -> (Option<chrono::DateTime<chrono::Utc>>, &str) {
    (credential.end.known().copied(), &credential.key_id)
}

fn credential(
    fields: Fields<'_>,
    kind: CredentialKind,
    stored: Result<Stored<'_>, &Gap>,
) -> Result<Credential, Gap> {
    Ok(Credential {
        key_id: fields.text("keyId")?,
        kind,
        display_name: fields.optional_text("displayName"),
        start: fields.date("startDateTime").ok(),
        end: fields.date("endDateTime").into(),
        matches_stored: matches_stored(fields, kind, stored).into(),
        certificate: None,
        last_use: Observed::not_reached("not asked"),
    })
}

/// Whether this can be the stored credential. Across kinds it cannot.
fn matches_stored(
    fields: Fields<'_>,
    kind: CredentialKind,
    stored: Result<Stored<'_>, &Gap>,
) -> Result<bool, Gap> {
    match (kind, stored.map_err(Clone::clone)?) {
        (CredentialKind::Secret, Stored::Secret(value)) => matches_hint(fields, value),
        (CredentialKind::Certificate, Stored::Certificate(facts)) => keys::matches(fields, facts),
        (CredentialKind::Secret, Stored::Certificate(_))
        | (CredentialKind::Certificate, Stored::Secret(_)) => Ok(false),
    }
}

/// Whether the stored value begins as the hint says. The hint goes no further than this.
fn matches_hint(fields: Fields<'_>, stored: &SecretString) -> Result<bool, Gap> {
    let hint = fields.text("hint")?;
    if hint.is_empty() {
        return Err(fields.odd("hint"));
    }
    Ok(stored.expose_secret().starts_with(&hint))
}

/// `web.implicitGrantSettings`: either kind of token counts. An application without `web` has no implicit grant.
fn implicit_grant(fields: Fields<'_>) -> Result<bool, Gap> {
    let web = fields.value.get("web").ok_or_else(|| fields.odd("web"))?;
    if web.is_null() {
        return Ok(false);
    }
    let what = format!("{}, web", fields.what);
    let settings = Fields::new(web, &what);
    let settings = settings
        .value
        .get("implicitGrantSettings")
        .ok_or_else(|| settings.odd("implicitGrantSettings"))?;
    let what = format!("{}, web.implicitGrantSettings", fields.what);
    let settings = Fields::new(settings, &what);
    Ok(settings.flag("enableAccessTokenIssuance")? || settings.flag("enableIdTokenIssuance")?)
}

/// `isFallbackPublicClient`: null until somebody sets it, and then as good as false.
fn public_client(fields: Fields<'_>) -> Result<bool, Gap> {
    match fields.value.get("isFallbackPublicClient") {
        Some(Value::Null) => Ok(false),
        Some(Value::Bool(public)) => Ok(*public),
        _ => Err(fields.odd("isFallbackPublicClient")),
    }
}

fn redirects(fields: Fields<'_>) -> Result<Vec<Redirect>, Gap> {
    let mut redirects = Vec::new();
    for (object, platform) in [
        ("web", "web"),
        ("spa", "spa"),
        ("publicClient", "public-client"),
    ] {
        let value = fields.value.get(object).ok_or_else(|| fields.odd(object))?;
        if value.is_null() {
            continue;
        }
        let what = format!("{}, {object}", fields.what);
        let inner = Fields::new(value, &what);
        for uri in inner.list("redirectUris")? {
            let uri = uri.as_str().ok_or_else(|| inner.odd("redirectUris"))?;
            redirects.push(Redirect {
                platform: platform.to_owned(),
                uri: uri.to_owned(),
            });
        }
    }
    redirects.sort();
    Ok(redirects)
}
