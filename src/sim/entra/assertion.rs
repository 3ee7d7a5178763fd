//! `client_assertion`: the signed statement a client sends instead of a secret.
//!
//! The order in which the real service looks at its parts is not known; here it is form, key, signature, claims.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, SecondsFormat, Utc};
use jsonwebtoken::Algorithm;
use serde_json::Value;

use super::refusals::usual_text;
use crate::sim::client_certificates::ClientCertificate;
use crate::sim::scenario::{AppCertificate, Application, KeyUsage, Tenant};
use crate::sim::world::World;

pub(super) const TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// Minutes that two clocks may be apart. Not verified.
const SKEW: chrono::Duration = chrono::Duration::minutes(5);

const DOCUMENT: &str = "Review the documentation at https://learn.microsoft.com/entra/identity-platform/certificate-credentials .";

/// A refusal: AADSTS code and text.
pub(super) type Refusal = (u32, String);

/// Accepts the assertion or says why not.
pub(super) fn judge(
    world: &World,
    application: &Application,
    tenant: &Tenant,
    assertion: &str,
) -> Result<(), Refusal> {
    let parts: Vec<&str> = assertion.split('.').collect();
    let [header, claims, signature] = parts.as_slice() else {
        return Err(malformed("JWT must consist of three segments."));
    };
    let read = |part: &str| -> Option<Value> {
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
    };
    let (Some(header), Some(claims)) = (read(header), read(claims)) else {
        return Err(malformed("JWT is not well formed."));
    };
    let algorithm = match header["alg"].as_str().unwrap_or_default() {
        "PS256" if application.token.only_rs256 => return Err(not_registered(application)),
        "PS256" => Algorithm::PS256,
        "RS256" => Algorithm::RS256,
        other => {
            let text = format!(
                "Invalid JWT token. '{other}' is not a supported signature algorithm. Supported signing algorithms are: 'RS256, PS256'"
            );
            return Err((5_002_738, text));
        }
    };
    let (known, certificate) = registered(world, application, &header)?;
    let start = world.day(-known.started_days_ago);
    let end = world.day(known.ends_in_days);
    let unusable = |reason: &str| {
        let thumbprint = hex::encode_upper(certificate.sha1());
        let text = format!(
            "Client assertion contains an invalid signature. [Reason - {reason}, Thumbprint of key used by client: '{thumbprint}', Found key 'Start={}, End={}'] {DOCUMENT}",
            start.format("%m/%d/%Y %H:%M:%S"),
            end.format("%m/%d/%Y %H:%M:%S"),
        );
        (700_027, text)
    };
    if let Some(refusal) = known.refused {
        let code = refusal.code();
        return Err((code, usual_text(code).to_owned()));
    }
    if end <= world.now() {
        return Err(unusable("The key used is expired."));
    }
    let signed = &assertion[..assertion.len() - signature.len() - 1];
    let genuine = certificate.public_key().is_some_and(|key| {
        jsonwebtoken::crypto::verify(signature, signed.as_bytes(), &key, algorithm).unwrap_or(false)
    });
    if !genuine {
        let reason = "The provided signature value did not match the expected signature value.";
        return Err(unusable(reason));
    }
    check_claims(world, application, tenant, &claims)
}

fn malformed(detail: &str) -> Refusal {
    (50027, format!("Invalid JWT token. {detail}"))
}

fn not_registered(application: &Application) -> Refusal {
    let text = format!(
        "The certificate with identifier used to sign the client assertion is not registered on application. [Reason - The key was not found., Please visit the Azure Portal, Graph Explorer or directly use MS Graph to see configured keys for app Id '{}'.] {DOCUMENT}",
        application.client_id
    );
    (700_027, text)
}

/// The certificate that the header names by its thumbprint: `x5t#S256`, or the older `x5t`.
fn registered<'a>(
    world: &World,
    application: &'a Application,
    header: &Value,
) -> Result<(&'a AppCertificate, std::sync::Arc<ClientCertificate>), Refusal> {
    let thumbprint = |name: &str| header[name].as_str().map(bytes_of);
    let (by_sha256, by_sha1) = (thumbprint("x5t#S256"), thumbprint("x5t"));
    if by_sha256.is_none() && by_sha1.is_none() {
        return Err(malformed(
            "No certificate thumbprint specified in token header.",
        ));
    }
    application
        .certificates
        .iter()
        .filter(|known| !known.removed && known.usage == KeyUsage::Verify)
        .filter_map(|known| Some((known, world.certificate(&known.label, None)?)))
        .find(|(_, made)| match &by_sha256 {
            Some(named) => named == &made.sha256(),
            None => by_sha1.as_ref() == Some(&made.sha1()),
        })
        .ok_or_else(|| not_registered(application))
}

/// Base64 in either alphabet, with or without padding: some clients write the standard one here.
fn bytes_of(text: &str) -> Vec<u8> {
    let text: String = text
        .trim_end_matches('=')
        .chars()
        .map(|character| match character {
            '+' => '-',
            '/' => '_',
            other => other,
        })
        .collect();
    URL_SAFE_NO_PAD.decode(text).unwrap_or_default()
}

fn check_claims(
    world: &World,
    application: &Application,
    tenant: &Tenant,
    claims: &Value,
) -> Result<(), Refusal> {
    let claim = |name: &str| claims[name].as_str().unwrap_or_default();
    let names = [Some(&tenant.id), tenant.domain.as_ref()];
    let own = names.into_iter().flatten().any(|name| {
        let login = tenant.cloud.login();
        claim("aud").eq_ignore_ascii_case(&format!("https://{login}/{name}/oauth2/v2.0/token"))
    });
    if !own {
        let text =
            format!("Client assertion audience claim does not match Realm issuer. {DOCUMENT}");
        return Err((700_023, text));
    }
    if claim("iss") != claim("sub") {
        let text = "Subject must match the issuer claim in the client assertion.".to_owned();
        return Err((50048, text));
    }
    if !claim("iss").eq_ignore_ascii_case(&application.client_id) {
        let text = format!(
            "Client assertion application identifier doesn't match 'client_id' parameter. {DOCUMENT}"
        );
        return Err((700_021, text));
    }
    let now = world.clock();
    let (from, to) = (moment(&claims["nbf"]), moment(&claims["exp"]));
    let early = from.is_some_and(|from| from > now + SKEW);
    if early || to.is_none_or(|to| to + SKEW <= now) {
        let shown = |moment: Option<DateTime<Utc>>| {
            moment
                .unwrap_or_default()
                .to_rfc3339_opts(SecondsFormat::Micros, true)
        };
        let text = format!(
            "Client assertion is not within its valid time range. Current time: {}, assertion valid from {}, expiry time of assertion {}. {DOCUMENT}",
            shown(Some(now)),
            shown(from),
            shown(to)
        );
        return Err((700_024, text));
    }
    Ok(())
}

/// Unix seconds as a number, with a fraction or without (MSAL for Python writes one), or as a string of
/// digits (MSAL for .NET).
fn moment(value: &Value) -> Option<DateTime<Utc>> {
    let number = value.to_string();
    let digits = value.as_str().unwrap_or(&number);
    let whole = digits.split('.').next()?;
    DateTime::from_timestamp(whole.parse().ok()?, 0)
}
