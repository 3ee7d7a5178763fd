//! From Graph's objects to evidence: each odd field is a gap of its own, never a default.

use serde_json::Value;

use super::credential::credentials;
use super::lists::rows;
use crate::collect::credential::Stored;
use crate::collect::fields::Fields;
use crate::collect::gaps;
use crate::evidence::{Application, ByMicrosoft, FederatedCredential, Owner, Redirect};
use crate::model::{Gap, GapKind, Listing, Observed, Presence};

/// The application of one client id, compared with the stored credential where there is one. What hangs
/// on it was asked for apart: [`super::raw::RawEntry`] adds it.
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
            by_microsoft: by_microsoft(fields).ok().flatten(),
            audience: fields.text("signInAudience").into(),
            credentials: credentials(fields, stored).into(),
            redirects: redirects(fields).into(),
            implicit_grant: implicit_grant(fields).into(),
            public_client: public_client(fields).into(),
            created: fields.date("createdDateTime").ok(),
            federated: Listing::cut_short(Vec::new(), gaps::not_asked()),
            required: Observed::Unknown(gaps::not_asked()),
        })
    })
}

/// One object, where there is one.
pub(super) fn read<T>(
    raw: &Observed<Presence<Value>>,
    make: impl FnOnce(&Value) -> Result<T, Gap>,
) -> Observed<Presence<T>> {
    match raw {
        Observed::Unknown(gap) => Observed::Unknown(gap.clone()),
        Observed::Known(Presence::Absent) => Observed::Known(Presence::Absent),
        Observed::Known(Presence::Present(value)) => make(value).map(Presence::Present).into(),
    }
}

/// A page of owners, sorted; one without id cuts the list short. What is no plain address is no mail.
pub(super) fn owners(what: &str, listing: Listing<Value>) -> Listing<Owner> {
    rows(what, listing, |fields| {
        let plain = |mail: &String| {
            mail.len() <= 254
                && mail.matches('@').count() == 1
                && !mail.contains(|one: char| {
                    one.is_whitespace() || one.is_control() || "<>,;\"".contains(one)
                })
        };
        Ok(Owner {
            id: fields.text("id")?,
            mail: fields.optional_text("mail").filter(plain),
        })
    })
}

/// Rows of `federatedIdentityCredentials`, sorted.
pub(super) fn federated(what: &str, listing: Listing<Value>) -> Listing<FederatedCredential> {
    rows(what, listing, |fields| {
        let mut audiences = fields.texts("audiences")?;
        audiences.sort();
        Ok(FederatedCredential {
            id: fields.text("id")?,
            name: fields.text("name")?,
            issuer: fields.text("issuer")?,
            subject: match fields.value.get("subject") {
                // A flexible one has an expression in its place.
                Some(Value::Null) => String::new(),
                None if fields.value.get("claimsMatchingExpression").is_some() => String::new(),
                _ => fields.text("subject")?,
            },
            audiences,
            expression: expression(fields)?,
        })
    })
}

/// `claimsMatchingExpression` (Graph beta `federatedIdentityExpression`): `value` and `languageVersion`, which
/// is always 1.
fn expression(fields: Fields<'_>) -> Result<Option<String>, Gap> {
    let name = "claimsMatchingExpression";
    let expression = match fields.value.get(name) {
        None | Some(Value::Null) => return Ok(None),
        Some(expression) => expression,
    };
    let version = expression.get("languageVersion").and_then(Value::as_u64);
    match (version, expression.get("value")) {
        (None | Some(1), Some(Value::String(value))) => Ok(Some(value.clone())),
        _ => Err(fields.odd(name)),
    }
}

/// Whether v1.0 could not tell this list: it answers 500 or breaks off amid the JSON where one of them is
/// flexible, and has no word for its expression (azure-workload-identity#373, read November 2026).
pub(super) fn needs_beta(listing: &Listing<Value>) -> bool {
    let unread = listing
        .gap
        .as_ref()
        .is_some_and(|gap| matches!(gap.kind, GapKind::Unrecognised | GapKind::Malformed));
    let told = |row: &Value, field: &str| row.get(field).is_some_and(|value| !value.is_null());
    let flexible = |row: &Value| !told(row, "subject") && !told(row, "claimsMatchingExpression");
    unread || listing.items.iter().any(flexible)
}

/// `isDisabled` is newer than `disabledByMicrosoftStatus`; where it is not answered the other decides.
fn disabled(fields: Fields<'_>) -> Result<bool, Gap> {
    let by_microsoft = by_microsoft(fields)?.map(|status| status != ByMicrosoft::NotDisabled);
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

/// `disabledByMicrosoftStatus` (Graph v1.0 application and servicePrincipal: null, `NotDisabled`,
/// `DisabledDueToViolationOfServicesAgreement`); `None` where it is not answered.
pub(super) fn by_microsoft(fields: Fields<'_>) -> Result<Option<ByMicrosoft>, Gap> {
    let status = match fields.value.get("disabledByMicrosoftStatus") {
        None => return Ok(None),
        Some(Value::Null) => return Ok(Some(ByMicrosoft::NotDisabled)),
        Some(Value::String(status)) => status.to_ascii_lowercase(),
        Some(_) => return Err(fields.odd("disabledByMicrosoftStatus")),
    };
    match status.as_str() {
        "notdisabled" => Ok(Some(ByMicrosoft::NotDisabled)),
        "disabledduetoviolationofservicesagreement" => {
            Ok(Some(ByMicrosoft::ServicesAgreementViolated))
        }
        other if other.starts_with("disabled") => Ok(Some(ByMicrosoft::Disabled)),
        _ => Err(fields.odd("disabledByMicrosoftStatus")),
    }
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
