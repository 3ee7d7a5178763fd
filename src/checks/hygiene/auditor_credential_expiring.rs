//! Does the audit's own credential expire soon?

use crate::checks::params::bands::Bands;
use crate::checks::prelude::*;
use crate::facts::principals::rotated_by;

pub(crate) struct AuditorCredentialExpiring;

impl Check for AuditorCredentialExpiring {
    const META: CheckMeta = CheckMeta {
        id: "auditor-credential-expiring",
        title: "The audit's own credential expires soon",
        severity: Severity::Low,
        family: super::FAMILY,
        rationale: "An audit that cannot sign in sees nothing, and its silence looks as if nothing were wrong.",
        remediation: "Add a new credential to the audit's own registration (Certificates & secrets), and store it where the audit reads it; or let the audit sign in without one, as a managed identity or a workload identity.",
        controls: controls::CREDENTIAL_LIFETIME,
        evidence: &["Graph application of the auditor"],
        explains: &[],
    };

    const EFFECT: Effect = Effect::Expiry;

    const WORST: Severity = Severity::Critical;

    type Params = Params;

    fn judge(params: &Params, context: &Context<'_>) -> Vec<Verdict> {
        let auditors = context.snapshot.auditors.iter();
        auditors
            .map(|(scope, auditor)| {
                let outcome = settled(judge(params, context, auditor));
                Verdict::on(Resource::auditor(scope), outcome)
            })
            .collect()
    }
}

params! {
    /// When a credential expires "soon".
    pub(crate) struct Params {
        /// Days before the expiry of a credential of the audit's own identity, by severity; inclusive.
        /// Default: low 60, medium 30, high 14, critical 7.
        within_days: Bands = Bands::default(),
    }
}

fn judge(params: &Params, context: &Context<'_>, auditor: &AuditorEvidence) -> Judged {
    let identity = auditor.signed_in.get()?;
    if identity.user.known() == Some(&true) {
        return Err(not_applicable("the audit signed in as a person"));
    }
    match identity.link.as_str() {
        "managed-identity" => {
            return Err(not_applicable(
                "the audit signed in as a managed identity, whose credentials Azure rotates",
            ));
        }
        "workload-identity" | "azure-pipelines" => {
            return Err(not_applicable(
                "the audit signed in with a federated token and uses no credential of its own",
            ));
        }
        _ => {}
    }
    let Some(registration) = &auditor.registration else {
        let unread = Gap::new(
            GapKind::NotReached,
            "the audit's own registration was not read",
        );
        return Err(identity.user.gap().cloned().unwrap_or(unread).into());
    };
    let in_use = in_use(context, registration)?;
    let Some((severity, credential, end)) = params.within_days.agreed(&in_use, context.as_of)?
    else {
        return Ok(Outcome::Pass);
    };
    let kind = credential.kind.as_str();
    let key = &credential.key_id;
    let verb = if is_past(end, context.as_of) {
        "expired"
    } else {
        "expires"
    };
    let when = format!("{verb} on {} ({})", day(end), near(end, context.as_of));
    let place = "and store it where the audit reads it; or let the audit sign in without one, as a managed identity or a workload identity.";
    let remedy = match (&identity.client_id, credential.certificate.is_some()) {
        (Some(id), certificate) => format!(
            "Add a new {} to the audit's own registration (client id {id}, Certificates & secrets), {place}",
            if certificate { "certificate" } else { "secret" }
        ),
        (None, _) => {
            format!("Add a new credential to the audit's own registration, {place}")
        }
    };
    Ok(Outcome::Fail(
        Failure::new(format!("The audit's own {kind} (key {key}) {when}"))
            .what(format!(": {kind} {when}"))
            .ends(end)
            .remedy(remedy)
            .at(severity),
    ))
}

/// What the audit can have signed in with: what fits, else what nothing tells apart.
fn in_use<'a>(
    context: &Context<'_>,
    registration: &'a AuditorRegistration,
) -> Result<Vec<&'a Credential>, Stop> {
    let principal = present(registration.service_principal.get());
    let rotated = principal
        .as_ref()
        .ok()
        .and_then(|principal| principal.as_ref()?.kind.known())
        .and_then(|kind| rotated_by(*kind));
    if let Some(who) = rotated {
        return Err(not_applicable(format!("the audit signed in as {who}")));
    }
    // What was past its end when the audit signed in is not what it signed in with.
    let collected = context.snapshot.started;
    let lives = |one: &&Credential| {
        let end = one.end.known();
        end.is_none_or(|end| !is_past(*end, collected)) && !signs_saml(one)
    };
    let fits = |one: &&Credential| one.matches_stored.known() == Some(&true);
    let mut candidates: Vec<&Credential> = Vec::new();
    if let Some(application) = present(registration.application.get())? {
        candidates.extend(application.credentials.get()?.iter().filter(lives));
    }
    let of_principal: Result<&[Credential], Stop> = match principal {
        Ok(Some(principal)) => credentials_of(principal),
        Ok(None) => Ok(&[]),
        Err(stop) => Err(stop),
    };
    match of_principal {
        Ok(credentials) => candidates.extend(credentials.iter().filter(lives)),
        // One of the application's own fits: what else there is does not matter.
        Err(_) if candidates.iter().any(fits) => {}
        Err(stop) => return Err(stop),
    }
    if candidates.iter().any(fits) {
        candidates.retain(fits);
    }
    candidates.retain(|one| one.matches_stored.known() != Some(&false));
    if candidates.is_empty() {
        return Err(Gap::new(
            GapKind::Unrecognised,
            "the audit signed in with a credential that Microsoft Graph does not list for its registration",
        )
        .with_remedy("run again: Microsoft Graph may take some minutes to show a new credential")
        .into());
    }
    Ok(candidates)
}

fn present<'a, T>(read: Result<&'a Presence<T>, &Gap>) -> Result<Option<&'a T>, Stop> {
    Ok(read?.present())
}

fn credentials_of(principal: &ServicePrincipal) -> Result<&[Credential], Stop> {
    Ok(principal.credentials.get()?)
}

/// A certificate that signs SAML tokens signs nobody in.
fn signs_saml(credential: &Credential) -> bool {
    let certificate = credential.certificate.as_ref();
    certificate.is_some_and(|one| one.usage.as_deref() == Some("Sign"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::testing::*;

    fn outcome(spoil: impl FnOnce(&mut Snapshot)) -> Outcome {
        let mut verdicts = judge_all::<AuditorCredentialExpiring>(spoil);
        assert_eq!(verdicts[0].resource, "auditor/contoso");
        verdicts.swap_remove(0).outcome
    }

    fn severity(spoil: impl FnOnce(&mut Snapshot)) -> Option<Severity> {
        match outcome(spoil) {
            Outcome::Fail(failure) => failure.severity,
            Outcome::Pass => None,
            other => panic!("{other:?}"),
        }
    }

    fn beside(snapshot: &mut Snapshot, ends: i64, matches: crate::model::Observed<bool>) {
        let mut other = auditor_credentials(snapshot)[0].clone();
        other.key_id = "another".to_owned();
        other.end = known(days_from_now(ends));
        other.matches_stored = matches;
        auditor_credentials(snapshot).push(other);
    }

    #[test]
    fn the_credential_in_use_counts_by_its_band() {
        assert_eq!(severity(|_| {}), None);
        let ends = |days| {
            severity(move |snapshot| {
                auditor_credentials(snapshot)[0].end = known(days_from_now(days))
            })
        };
        assert_eq!(ends(60), Some(Severity::Low));
        assert_eq!(ends(7), Some(Severity::Critical));
        assert_eq!(severity(|snapshot| beside(snapshot, 5, known(false))), None);
        assert_eq!(severity(|snapshot| beside(snapshot, -5, known(true))), None);
    }

    #[test]
    fn where_nothing_tells_them_apart_all_must_agree() {
        let forget =
            |snapshot: &mut Snapshot| auditor_credentials(snapshot)[0].matches_stored = gap();
        assert_eq!(
            severity(|snapshot| {
                forget(snapshot);
                beside(snapshot, 80, gap());
            }),
            None
        );
        let outcome = outcome(|snapshot| {
            forget(snapshot);
            beside(snapshot, 5, gap());
        });
        assert!(matches!(outcome, Outcome::Unknown(_)), "{outcome:?}");
    }

    #[test]
    fn people_and_managed_identities_have_nothing_to_lapse() {
        for spoil in [
            (|snapshot| identity(snapshot).user = known(true)) as fn(&mut Snapshot),
            |snapshot| identity(snapshot).link = "managed-identity".to_owned(),
            |snapshot| identity(snapshot).link = "workload-identity".to_owned(),
            |snapshot| auditor_principal(snapshot).kind = known(PrincipalKind::ManagedIdentity),
        ] {
            let outcome = outcome(spoil);
            assert!(matches!(outcome, Outcome::NotApplicable(_)), "{outcome:?}");
        }
    }

    #[test]
    fn what_is_not_read_is_unknown() {
        for spoil in [
            (|snapshot| auditor(snapshot).signed_in = gap()) as fn(&mut Snapshot),
            |snapshot| auditor(snapshot).registration = None,
            |snapshot| auditor_credentials(snapshot)[0].matches_stored = known(false),
            |snapshot| auditor_credentials(snapshot)[0].end = gap(),
            |snapshot| {
                auditor_credentials(snapshot)[0].matches_stored = gap();
                auditor_principal(snapshot).credentials = gap();
            },
        ] {
            let outcome = outcome(spoil);
            assert!(matches!(outcome, Outcome::Unknown(_)), "{outcome:?}");
        }
    }
}
