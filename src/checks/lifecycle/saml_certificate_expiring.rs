//! Does the certificate that signs the service principal's SAML tokens end soon?

use crate::checks::params::bands::Bands;
use crate::checks::prelude::*;
use crate::facts::credentials::held::thumbprint;

pub(crate) struct SamlCertificateExpiring;

impl Check for SamlCertificateExpiring {
    const META: CheckMeta = CheckMeta {
        id: "saml-certificate-expiring",
        title: "The certificate that signs SAML tokens expires soon",
        severity: Severity::Low,
        family: super::FAMILY,
        rationale: "Applications that sign people in by SAML refuse tokens whose signing certificate is unknown or expired: everybody is locked out at once until the other side installs the new certificate.",
        remediation: "Create a new SAML signing certificate (Entra admin centre > Enterprise applications > client id CLIENT-ID > Single sign-on > SAML certificates), hand it to the application's owner, and activate it on a date that both agree on.",
        controls: controls::CREDENTIAL_LIFETIME,
        evidence: &["Graph service principal"],
        explains: &[],
    };

    const EFFECT: Effect = Effect::Expiry;

    const WORST: Severity = Severity::Critical;

    type Params = Params;

    fn judge(params: &Params, context: &Context<'_>) -> Vec<Verdict> {
        context.each(|case| judge(params, case))
    }
}

params! {
    /// When an expiry is "soon".
    pub(crate) struct Params {
        /// Days before a certificate that signs SAML tokens expires, by severity; inclusive. Default: low
        /// 60, medium 30, high 14, critical 7.
        within_days: Bands = Bands::default(),
    }
}

fn judge(params: &Params, case: &Case<'_>) -> Judged {
    let principal = case.service_principal()?;
    let Some(saml) = principal.saml.get()? else {
        return Err(not_applicable("it does not sign anybody in by SAML"));
    };
    let credentials = principal.credentials.get()?;
    let signing: Vec<&Credential> = credentials.iter().filter(|one| signs(one)).collect();
    let counting = counting(saml, credentials, &signing)?;
    let as_of = case.context.as_of;
    let Some((severity, credential, end)) = params.within_days.agreed(&counting, as_of)? else {
        return Ok(Outcome::Pass);
    };
    let name = thumbprint(credential).unwrap_or("without a thumbprint");
    let mut words = if is_past(end, as_of) {
        format!(
            "The SAML signing certificate {name} expired on {}",
            day(end)
        )
    } else {
        format!(
            "The SAML signing certificate {name} expires on {}, {}",
            day(end),
            near(end, as_of)
        )
    };
    let newer = signing
        .iter()
        .filter(|one| thumbprint(one) != thumbprint(credential))
        .filter_map(|one| one.end.known().map(|other| (*other, *one)))
        .filter(|(other, _)| *other > end)
        .max_by_key(|(other, _)| *other);
    if let Some((other, one)) = newer {
        words.push_str(&format!(
            "; a newer one ({}, valid until {}) exists but is not active",
            thumbprint(one).unwrap_or("without a thumbprint"),
            day(other)
        ));
    }
    words.push_str(&match saml.notified.as_slice() {
        [] => "; Entra notifies nobody".to_owned(),
        people => format!("; Entra notifies {}", people.join(", ")),
    });
    let verb = if is_past(end, as_of) {
        "expired"
    } else {
        "expires"
    };
    let what = format!(
        ": SAML certificate {verb} {} ({})",
        said(end, as_of),
        near(end, as_of)
    );
    let mut failure = Failure::new(words).what(what).ends(end).at(severity);
    if newer.is_some() {
        failure = failure.remedy(
            "Hand the newer certificate to the application's owner, and activate it on a date that both agree on (Entra admin centre > Enterprise applications > client id CLIENT-ID > Single sign-on > SAML certificates).",
        );
    }
    Ok(Outcome::Fail(failure))
}

/// The active certificate where Graph names it, else all that sign.
fn counting<'a>(
    saml: &SamlSigning,
    credentials: &'a [Credential],
    signing: &[&'a Credential],
) -> Result<Vec<&'a Credential>, Stop> {
    let Some(active) = &saml.active_thumbprint else {
        if signing.is_empty() {
            return Err(Gap::new(
                GapKind::Unrecognised,
                "the service principal signs SAML tokens, and Microsoft Graph lists no signing certificate",
            )
            .into());
        }
        return Ok(signing.to_vec());
    };
    let is_active = |one: &&Credential| thumbprint(one) == Some(active.as_str());
    let mut found: Vec<&Credential> = signing.iter().copied().filter(is_active).collect();
    if found.is_empty() {
        // Its public half stands in the list as well, meant to verify.
        found = credentials.iter().filter(is_active).collect();
    }
    if found.is_empty() {
        return Err(Gap::new(
            GapKind::Unrecognised,
            format!("the active SAML signing certificate {active} is not among those that Microsoft Graph lists, so its expiry date is not known"),
        )
        .into());
    }
    Ok(found)
}

fn signs(credential: &Credential) -> bool {
    let usage = credential
        .certificate
        .as_ref()
        .and_then(|one| one.usage.as_deref());
    credential.kind == CredentialKind::Certificate && usage == Some("Sign")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::testing::*;

    fn signing(thumbprint: &str, ends: i64) -> Credential {
        let mut snapshot = tidy();
        Credential {
            key_id: format!("key-{thumbprint}"),
            kind: CredentialKind::Certificate,
            end: known(days_from_now(ends)),
            certificate: Some(KeyCredential {
                thumbprint: Some(thumbprint.to_owned()),
                usage: Some("Sign".to_owned()),
                facts: gap(),
            }),
            ..credential(&mut snapshot, 0).clone()
        }
    }

    fn with(active: Option<&str>, credentials: &[(&str, i64)]) -> impl FnOnce(&mut Snapshot) {
        let active = active.map(str::to_owned);
        let credentials = credentials
            .iter()
            .map(|(name, ends)| signing(name, *ends))
            .collect();
        |snapshot| {
            principal(snapshot).credentials = known(credentials);
            principal(snapshot).saml = known(Some(SamlSigning {
                active_thumbprint: active,
                notified: vec!["it@contoso.example".to_owned()],
            }));
        }
    }

    #[test]
    fn the_active_certificate_counts_by_its_band() {
        assert_not_applicable::<SamlCertificateExpiring>(|_| {});
        assert_pass::<SamlCertificateExpiring>(with(Some("A"), &[("A", 61), ("B", 5)]));
        for (ends, wanted) in [
            (60, Severity::Low),
            (7, Severity::Critical),
            (-1, Severity::Critical),
        ] {
            match judge_raia::<SamlCertificateExpiring>(with(Some("A"), &[("A", ends)])) {
                Outcome::Fail(failure) => assert_eq!(failure.severity, Some(wanted)),
                other => panic!("{other:?}"),
            }
        }
    }

    #[test]
    fn a_newer_one_that_is_not_active_is_named() {
        let outcome =
            judge_raia::<SamlCertificateExpiring>(with(Some("A"), &[("A", 5), ("B", 700)]));
        let Outcome::Fail(failure) = outcome else {
            panic!("{outcome:?}")
        };
        assert!(failure.seen.contains("a newer one (B"), "{}", failure.seen);
        assert!(failure.seen.contains("not active"), "{}", failure.seen);
    }

    #[test]
    fn without_a_named_one_all_must_agree() {
        assert_fail::<SamlCertificateExpiring>(with(None, &[("A", 5), ("B", 6)]));
        assert_unknown::<SamlCertificateExpiring>(with(None, &[("A", 5), ("B", 700)]));
        assert_unknown::<SamlCertificateExpiring>(with(None, &[]));
    }

    #[test]
    fn what_is_not_read_is_unknown() {
        assert_unknown::<SamlCertificateExpiring>(with(Some("C"), &[("A", 5)]));
        assert_unknown::<SamlCertificateExpiring>(|snapshot| principal(snapshot).saml = gap());
        assert_unknown::<SamlCertificateExpiring>(|snapshot| {
            with(Some("A"), &[("A", 5)])(snapshot);
            principal(snapshot).credentials = gap();
        });
    }
}
