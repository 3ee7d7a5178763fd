//! Has the credential in use expired?

use crate::checks::prelude::*;

pub(crate) struct CredentialExpired;

impl Check for CredentialExpired {
    const META: CheckMeta = CheckMeta {
        id: "credential-expired",
        title: "The current credential has expired",
        severity: Severity::Critical,
        family: super::FAMILY,
        rationale: "An expired credential is an outage: the integration cannot sign in until somebody creates a new one and stores it.",
        remediation: "Add a new credential to client id CLIENT-ID, store it as a new version of the vault entry, notify everyone who holds a copy, and run credaudit again to confirm that it works. The steps of the finding give the commands.",
        controls: controls::CREDENTIAL_LIFETIME,
        evidence: &["Graph application", "Entra token"],
        explains: &["token-refused", "vault-expiry-after-entra"],
    };

    const EFFECT: Effect = Effect::SignIn;

    const STOPS: Stops = Stops::Everything;

    const STEPS: NextSteps = NextSteps::Rotation;
    const SAYS_AN_END: bool = true;

    const PAGE: Option<Page> = Some(Page::Credentials);

    type Params = NoParams;

    fn judge(_: &NoParams, context: &Context<'_>) -> Vec<Verdict> {
        context.each(|case| {
            case.credentials_are_own()?;
            let by_entra = case.refused_as(Class::CredentialExpired);
            if case.evidence.application.known().is_none()
                && let Some((seen, code)) = by_entra
            {
                return Ok(failed(format!("{seen}: {}", code.cause))
                    .what(format!(": credential has expired ({})", code.code)));
            }
            let in_use = case.in_use()?;
            if case.vault_is_behind()? {
                return Err(said_by("vault-value-not-live", "a valid credential exists: the vault holds another value"));
            }
            let candidates = in_use.candidates()?;
            let mut ends = Vec::new();
            for credential in candidates {
                ends.push(*credential.end.get()?);
            }
            let past = ends.iter().filter(|end| is_past(**end, context.as_of)).count();
            if past == 0 {
                return Ok(Outcome::Pass);
            }
            if past < ends.len() {
                return Err(Gap::new(
                    GapKind::Unrecognised,
                    "several credentials match the first characters of the stored value, and not all of them have expired",
                )
                .into());
            }
            // With a live one beside it, what is stored may be that one, too new to be known.
            if let Some(gap) = case.asked_too_early()
                && case.has_live_credential()?
            {
                return Err(gap.into());
            }
            let last = ends.iter().max().copied().unwrap_or(context.as_of);
            let kind = candidates.first().map_or("credential", |one| one.kind.as_str());
            let mut words = format!(
                "The current {kind} expired on {} ({})",
                day(last),
                near(last, context.as_of)
            );
            if let Some((seen, _)) = by_entra {
                words.push_str(&format!("; {seen}"));
            }
            Ok(failed(words).what(format!(
                ": {kind} expired {} ({})",
                said(last, context.as_of),
                near(last, context.as_of)
            )))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::testing::*;

    #[test]
    fn the_end_itself_is_past_and_a_day_before_is_not() {
        assert_pass::<CredentialExpired>(|_| {});
        assert_fail::<CredentialExpired>(|snapshot| {
            credential(snapshot, 0).end = known(as_of());
        });
        assert_pass::<CredentialExpired>(|snapshot| {
            credential(snapshot, 0).end = known(as_of() + chrono::TimeDelta::seconds(1));
        });
    }

    #[test]
    fn a_certificate_beside_it_does_not_save_the_secret() {
        assert_fail::<CredentialExpired>(|snapshot| {
            let mut certificate = credential(snapshot, 0).clone();
            certificate.kind = crate::evidence::CredentialKind::Certificate;
            certificate.key_id = "certificate".to_owned();
            certificate.matches_stored = gap();
            credential(snapshot, 0).end = known(days_from_now(-1));
            credentials(snapshot).push(certificate);
            refuse_token(snapshot, "AADSTS7000222");
        });
    }

    #[test]
    fn entra_says_so_even_where_graph_is_silent() {
        assert_fail::<CredentialExpired>(|snapshot| {
            raia(snapshot).application = gap();
            refuse_token(snapshot, "AADSTS7000222");
        });
    }

    #[test]
    fn a_live_successor_makes_it_a_question_of_the_vault() {
        assert_not_applicable::<CredentialExpired>(|snapshot| {
            let mut old = credential(snapshot, 0).clone();
            old.key_id = "old".to_owned();
            old.end = known(days_from_now(-10));
            credential(snapshot, 0).matches_stored = known(false);
            credentials(snapshot).push(old);
            refuse_token(snapshot, "AADSTS7000222");
        });
    }

    #[test]
    fn what_graph_does_not_tell_is_unknown() {
        assert_unknown::<CredentialExpired>(|snapshot| raia(snapshot).application = gap());
        assert_unknown::<CredentialExpired>(|snapshot| credential(snapshot, 0).end = gap());
    }

    #[test]
    fn a_live_certificate_keeps_no_secret_alive() {
        assert_fail::<CredentialExpired>(|snapshot| {
            let mut certificate = credential(snapshot, 0).clone();
            certificate.kind = crate::evidence::CredentialKind::Certificate;
            certificate.matches_stored = gap();
            credential(snapshot, 0).end = known(days_from_now(-3));
            credentials(snapshot).push(certificate);
            refuse_token(snapshot, "AADSTS7000222");
        });
    }
}
