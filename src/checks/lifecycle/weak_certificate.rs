//! Is a certificate weak: a short key, a broken hash, a key that may leave the vault?

use crate::checks::prelude::*;
use crate::model::word::words;

pub(crate) struct WeakCertificate;

impl Check for WeakCertificate {
    const META: CheckMeta = CheckMeta {
        id: "weak-certificate",
        title: "A certificate is weak",
        severity: Severity::Medium,
        family: super::FAMILY,
        rationale: "A short RSA key can be broken, a certificate signed with SHA-1 or MD5 can be forged, and an exportable key can be copied by everybody who may read the vault.",
        remediation: "Create a new certificate with an RSA key of 2048 bits or more and a SHA-256 signature, add its public part to the registration (Entra admin centre > App registrations > client id CLIENT-ID > Certificates & secrets), store it in the vault, and delete the old one by its key id once a run has proven the new one.",
        controls: controls::CREDENTIAL_STORAGE,
        evidence: &[
            "Graph application",
            "Graph service principal",
            "Key Vault certificate",
        ],
        explains: &[],
    };

    const PAGE: Option<Page> = Some(Page::Credentials);

    type Params = Params;

    fn judge(params: &Params, context: &Context<'_>) -> Vec<Verdict> {
        let none = Outcome::NotApplicable("the registration has no certificate".into());
        let mut verdicts = context.each_held(&none, |case, held| {
            if held.kind != CredentialKind::Certificate {
                return Err(not_applicable("it is a secret"));
            }
            if !held.lives_at(context.as_of) {
                return Err(not_applicable("it is not valid now"));
            }
            let facts = facts_of(case, held)?;
            judged(
                &held.words(),
                "certificate",
                &weaknesses(params, facts),
                facts,
            )
        });
        verdicts.extend(context.each_entry(|case| {
            if case.stored()?.kind != CredentialForm::Certificate {
                return Err(not_applicable(
                    "the estate names a secret, not a certificate",
                ));
            }
            stored(params, case)
        }));
        verdicts
    }
}

/// What the certificate says of itself: by Graph, else by the vault where that holds the very same one.
fn facts_of<'a>(case: &Case<'a>, held: &Held<'a>) -> Result<&'a CertificateFacts, Stop> {
    let key = held.credential.certificate.as_ref().ok_or_else(|| {
        Gap::new(
            GapKind::Malformed,
            format!(
                "Microsoft Graph gives only the dates of the {}",
                held.words()
            ),
        )
    })?;
    let in_vault = key
        .facts
        .gap()
        .and_then(|_| facts_in_vault(case))
        .filter(|facts| key.thumbprint.as_ref() == Some(&facts.thumbprint));
    match in_vault {
        Some(facts) => Ok(facts),
        None => Ok(key.facts.get()?),
    }
}

fn is_registered(case: &Case<'_>, facts: &CertificateFacts) -> bool {
    let is_it = |held: &Held<'_>| {
        let Some(key) = &held.credential.certificate else {
            return false;
        };
        match &key.facts {
            Observed::Known(own) => own == facts,
            Observed::Unknown(_) => key.thumbprint.as_ref() == Some(&facts.thumbprint),
        }
    };
    case.held().is_ok_and(|held| {
        held.iter()
            .any(|held| held.lives_at(case.context.as_of) && is_it(held))
    })
}

fn facts_in_vault<'a>(case: &Case<'a>) -> Option<&'a CertificateFacts> {
    let entry = case.entry().ok()?;
    let bundle = entry.certificate.as_ref().and_then(Observed::known);
    bundle
        .and_then(|certificate| certificate.facts.known())
        .or_else(|| entry.content.known()?.certificate.as_ref())
}

/// The certificate in the vault: its own facts, and whether its key may leave.
fn stored(params: &Params, case: &Case<'_>) -> Result<Outcome, Stop> {
    let entry = case.entry()?;
    let (name, stored_name) = (case.entry_name(), super::stored_name(case));
    let Some(certificate) = &entry.certificate else {
        // A plain secret holds it: what the value shows is all there is, and whoever reads it has the key.
        let content = entry.content.get()?;
        let Some(facts) = &content.certificate else {
            return Err(said_by(
                "vault-entry-malformed",
                "no usable certificate is in the entry",
            ));
        };
        let mut weak = weaknesses(params, facts);
        if params.exportable == Exportable::Forbidden {
            weak.push(Weakness {
                seen: "its private key is stored in a plain secret, and the policy forbids keys that can leave the vault".to_owned(),
                brief: "has a private key in a plain secret".to_owned(),
            });
        }
        return Ok(outcome(&name, &stored_name, &weak));
    };
    let certificate = certificate.get()?;
    let (mut weak, mut unread) = (Vec::new(), None);
    match certificate.facts.get() {
        // What stands on the registration is judged there.
        Ok(facts) if is_registered(case, facts) => {}
        Ok(facts) => weak = weaknesses(params, facts),
        Err(gap) => unread = Some(gap),
    }
    if params.exportable == Exportable::Forbidden {
        match certificate
            .policy
            .get()
            .and_then(|policy| policy.exportable.get())
        {
            Ok(true) => weak.push(Weakness {
                seen: "its private key can be exported from the vault, which the policy forbids"
                    .to_owned(),
                brief: "has an exportable private key".to_owned(),
            }),
            Ok(false) => {}
            Err(gap) => unread = unread.or(Some(gap)),
        }
    }
    match unread {
        Some(gap) if weak.is_empty() => Err(gap.into()),
        _ => Ok(outcome(&name, &stored_name, &weak)),
    }
}

/// A hash or a kind of key that is not known by name is neither weak nor fine.
fn judged(
    name: &str,
    what: &str,
    weak: &[Weakness],
    facts: &CertificateFacts,
) -> Result<Outcome, Stop> {
    let known_hash = ["SHA-1", "MD5", "MD2", "SHA-256", "SHA-384", "SHA-512"]
        .contains(&facts.signature_hash.as_str());
    let known_key = match facts.key_type.as_str() {
        "RSA" => facts.key_bits.is_some(),
        "EC" => true,
        _ => false,
    };
    if weak.is_empty() && !(known_hash && known_key) {
        return Err(Gap::new(
            GapKind::Unrecognised,
            format!(
                "the {name} has a {} key and is signed with {}, and it is not known how strong that is",
                facts.key_type, facts.signature_hash
            ),
        )
        .into());
    }
    Ok(outcome(name, what, weak))
}

/// One thing that is weak, as a clause and for a title behind the certificate's name.
struct Weakness {
    seen: String,
    brief: String,
}

fn outcome(name: &str, what: &str, weak: &[Weakness]) -> Outcome {
    let Some(first) = weak.first() else {
        return Outcome::Pass;
    };
    let seen: Vec<&str> = weak.iter().map(|one| one.seen.as_str()).collect();
    failed(format!("The {name} is weak: {}", seen.join(", and ")))
        .what(format!(": {what} {}", first.brief))
}

/// What is weak about it. A self-signed one is judged alike: its hash says how it was made.
fn weaknesses(params: &Params, facts: &CertificateFacts) -> Vec<Weakness> {
    let mut weak = Vec::new();
    if facts.key_type == "RSA"
        && let Some(bits) = facts.key_bits
        && bits < params.min_rsa_bits
    {
        weak.push(Weakness {
            seen: format!(
                "its RSA key has {bits} bits, and {} is the minimum",
                params.min_rsa_bits
            ),
            brief: format!("has an RSA key of only {bits} bits"),
        });
    }
    if matches!(facts.signature_hash.as_str(), "SHA-1" | "MD5" | "MD2") {
        weak.push(Weakness {
            seen: format!("it is signed with {}", facts.signature_hash),
            brief: format!("is signed with {}", facts.signature_hash),
        });
    }
    weak
}

params! {
    /// What a certificate must be.
    pub(crate) struct Params {
        /// The shortest RSA key allowed, in bits. Default: 2048.
        min_rsa_bits: u32 = 2048,
        /// Whether the vault may hand out the private key: allowed or forbidden. A key that stays inside is
        /// safer: programs sign with it there (Key Vault `sign`), though the audit cannot prove its sign-in.
        /// Default: allowed.
        exportable: Exportable = Exportable::Allowed,
    }
}

words! {
    /// Whether the vault may hand out a private key.
    pub(crate) enum Exportable {
        Allowed = "allowed",
        Forbidden = "forbidden",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::testing::*;
    use crate::facts::index::Index;

    type Change = fn(&mut CertificateFacts);

    fn in_vault(snapshot: &mut Snapshot, change: Change) {
        store_certificate(snapshot);
        let mut facts = certificate_facts();
        change(&mut facts);
        known_vault_certificate(snapshot).facts = known(facts);
    }

    fn on_registration(snapshot: &mut Snapshot, change: Change) {
        store_certificate(snapshot);
        let mut facts = certificate_facts();
        change(&mut facts);
        let credential = credential(snapshot, 0);
        credential.certificate.as_mut().unwrap().facts = known(facts);
    }

    #[test]
    fn short_keys_and_broken_hashes_fail_wherever_they_stand() {
        assert_pass::<WeakCertificate>(store_certificate);
        let changes: [Change; 3] = [
            |facts| facts.key_bits = Some(1024),
            |facts| facts.signature_hash = "SHA-1".to_owned(),
            |facts| facts.signature_hash = "MD5".to_owned(),
        ];
        for change in changes {
            assert_fail::<WeakCertificate>(|snapshot| in_vault(snapshot, change));
            assert_fail::<WeakCertificate>(|snapshot| on_registration(snapshot, change));
        }
        // A curve is measured otherwise.
        assert_pass::<WeakCertificate>(|snapshot| {
            in_vault(snapshot, |facts| {
                facts.key_type = "EC".to_owned();
                facts.key_bits = Some(256);
            });
        });
    }

    #[test]
    fn an_exportable_key_fails_where_the_policy_forbids_it() {
        let judge = |exportable| {
            let mut snapshot = tidy();
            store_certificate(&mut snapshot);
            let params = Params {
                exportable,
                ..Params::default()
            };
            let context = Context {
                snapshot: &snapshot,
                as_of: as_of(),
                index: &Index::of(&snapshot),
            };
            WeakCertificate::judge(&params, &context)
                .iter()
                .any(|verdict| matches!(verdict.outcome, Outcome::Fail(_)))
        };
        assert!(!judge(Exportable::Allowed));
        assert!(judge(Exportable::Forbidden));
    }

    #[test]
    fn the_vault_tells_of_a_certificate_that_graph_does_not_hand_out() {
        let unread = |snapshot: &mut Snapshot| {
            let key = credential(snapshot, 0).certificate.as_mut().unwrap();
            key.facts = gap();
        };
        assert_pass::<WeakCertificate>(|snapshot| {
            store_certificate(snapshot);
            unread(snapshot);
        });
        assert_unknown::<WeakCertificate>(|snapshot| {
            store_certificate(snapshot);
            unread(snapshot);
            let key = credential(snapshot, 0).certificate.as_mut().unwrap();
            key.thumbprint = Some("another".to_owned());
        });
    }

    #[test]
    fn secrets_are_not_asked_and_unread_certificates_are_unknown() {
        assert_not_applicable::<WeakCertificate>(|_| {});
        assert_unknown::<WeakCertificate>(|snapshot| {
            store_certificate(snapshot);
            known_vault_certificate(snapshot).facts = gap();
        });
        assert_unknown::<WeakCertificate>(|snapshot| {
            store_certificate(snapshot);
            known_vault_certificate(snapshot).facts = gap();
            content(snapshot).certificate = None;
            let credential = credential(snapshot, 0);
            credential.certificate.as_mut().unwrap().facts = gap();
        });
        assert_not_applicable::<WeakCertificate>(|snapshot| {
            store_certificate(snapshot);
            credential(snapshot, 0).end = known(days_from_now(-1));
            raia(snapshot).entry = known(Presence::Absent);
        });
    }
}
