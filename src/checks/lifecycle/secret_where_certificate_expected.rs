//! Is a secret used where the policy expects something better?

use crate::checks::prelude::*;
use crate::model::word::words;

pub(crate) struct SecretWhereCertificateExpected;

impl Check for SecretWhereCertificateExpected {
    const META: CheckMeta = CheckMeta {
        id: "secret-where-certificate-expected",
        title: "A secret is used where the policy expects a certificate",
        severity: Severity::Low,
        family: super::FAMILY,
        rationale: "A secret is sent over the network at every sign-in and can be copied by everyone who reads it once; a certificate's private key stays where it is. Microsoft recommends managed identities, then federation, then certificates, and secrets last.",
        remediation: "Create a certificate in vault VAULT, add its public part to client id CLIENT-ID next to the secret, change the estate to `{ certificate = \"vault/name\" }`, and delete the secret by its key id once a run has proven the certificate.",
        controls: controls::CREDENTIAL_STORAGE,
        evidence: &["estate", "Key Vault secret", "Graph application"],
        explains: &[],
    };

    const PAGE: Option<Page> = Some(Page::Credentials);

    type Params = Params;

    fn judge(params: &Params, context: &Context<'_>) -> Vec<Verdict> {
        context.each(|case| judge(params, case))
    }
}

params! {
    /// What the policy expects.
    pub(crate) struct Params {
        /// certificate: a certificate, or no stored credential at all. nothing: a secret will do. Default:
        /// nothing.
        expect: Expect = Expect::Nothing,
    }
}

words! {
    /// What a stored credential should be.
    pub(crate) enum Expect {
        /// A certificate, or no stored credential at all.
        Certificate = "certificate",
        /// A secret will do.
        Nothing = "nothing",
    }
}

fn judge(params: &Params, case: &Case<'_>) -> Judged {
    if matches!(params.expect, Expect::Nothing) {
        return Err(not_applicable("the policy expects no better than a secret"));
    }
    case.credentials_are_own()?;
    let stored = case.stored()?;
    if stored.kind == CredentialForm::Secret {
        let content = case.entry_content()?;
        if content
            .problems
            .contains(&EntryProblem::CertificateInsteadOfSecret)
        {
            return Err(said_by(
                "vault-entry-malformed",
                "a certificate is stored, though the estate says a secret",
            ));
        }
        if content.problems.iter().any(|problem| problem.is_unusable()) {
            return Err(not_applicable(
                "no usable value is stored (vault-entry-missing, vault-entry-malformed)",
            ));
        }
        return Ok(failed(format!(
            "{} holds a secret, and the policy expects a certificate in {} ({})",
            stored.entry, case.registration.environment, case.environment.tier
        ))
        .what("uses a secret where the policy expects a certificate"));
    }
    let mut live = Vec::new();
    for credential in case.credentials()? {
        if credential.kind == CredentialKind::Secret
            && !is_past(*credential.end.get()?, case.context.as_of)
        {
            live.push(Held {
                place: Place::Registration,
                credential,
            });
        }
    }
    if live.is_empty() {
        return Ok(Outcome::Pass);
    }
    let keys: Vec<&str> = live.iter().map(|held| held.key_id.as_str()).collect();
    Ok(advised(
        format!(
            "a certificate is stored, and the registration still accepts secrets as well (key {})",
            keys.join(", ")
        ),
        "delete what nobody uses any more by its key id",
    )
    .what("still accepts secrets as well as its certificate")
    .fixes(live.iter().map(fixes::delete_credential)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::testing::*;
    use crate::facts::index::Index;

    fn expecting(spoil: impl FnOnce(&mut Snapshot)) -> Outcome {
        let mut snapshot = tidy();
        spoil(&mut snapshot);
        let context = Context {
            snapshot: &snapshot,
            as_of: as_of(),
            index: &Index::of(&snapshot),
        };
        let params: Params =
            serde_json::from_value(serde_json::json!({ "expect": "certificate" })).unwrap();
        let mut verdicts = SecretWhereCertificateExpected::judge(&params, &context);
        verdicts.swap_remove(0).outcome
    }

    fn stores_certificate(snapshot: &mut Snapshot) {
        snapshot.estate.registrations[0].stored_mut().kind = CredentialForm::Certificate;
    }

    #[test]
    fn silent_unless_the_policy_expects_it() {
        assert_not_applicable::<SecretWhereCertificateExpected>(|_| {});
        assert!(matches!(expecting(|_| {}), Outcome::Fail(_)));
        assert!(matches!(
            expecting(|snapshot| raia(snapshot).entry = gap()),
            Outcome::Unknown(_)
        ));
        assert!(matches!(
            expecting(|snapshot| content(snapshot).problems = vec![EntryProblem::Empty]),
            Outcome::NotApplicable(_)
        ));
    }

    #[test]
    fn a_certificate_with_a_secret_beside_it_fails() {
        let outcome = expecting(stores_certificate);
        assert!(matches!(outcome, Outcome::Fail(_)), "{outcome:?}");
        let outcome = expecting(|snapshot| {
            stores_certificate(snapshot);
            credential(snapshot, 0).end = known(days_from_now(-1));
        });
        assert!(matches!(outcome, Outcome::Pass), "{outcome:?}");
        let outcome = expecting(|snapshot| {
            stores_certificate(snapshot);
            credential(snapshot, 0).end = gap();
        });
        assert!(matches!(outcome, Outcome::Unknown(_)), "{outcome:?}");
    }
}
