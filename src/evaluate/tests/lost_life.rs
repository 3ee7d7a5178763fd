//! A lost fact never helps, over the life of credentials: rotations, certificates, last uses, vault entries.

use super::lost_fact::losing_any_fact_never_helps;
use crate::estate::Prove;
use crate::evidence::{EntryProblem, LastUse, Snapshot};
use crate::facts::testing::tidy::*;
use crate::model::{Observed, Presence};

/// An old secret beside the stored one.
fn leave_old(snapshot: &mut Snapshot) {
    let old = add_credential(snapshot, "old", -200, 20);
    old.last_use = known(LastUse::At(days_from_now(-100)));
}

/// The stored secret stands on the service principal, an older one on the registration.
fn on_principal(snapshot: &mut Snapshot) {
    let stored = credential(snapshot, 0).clone();
    credential(snapshot, 0).matches_stored = known(false);
    credential(snapshot, 0).start = Some(days_from_now(-200));
    credential(snapshot, 0).key_id = "old".to_owned();
    principal(snapshot).credentials = known(vec![stored]);
}

#[test]
fn losing_a_fact_about_a_credentials_life_never_helps() {
    type Spoil = fn(&mut Snapshot);
    let spoiled: [Spoil; 31] = [
        leave_old,
        |snapshot| {
            leave_old(snapshot);
            credential(snapshot, 1).last_use = known(LastUse::At(days_from_now(-7)));
        },
        |snapshot| {
            leave_old(snapshot);
            credential(snapshot, 1).matches_stored = known(true);
        },
        |snapshot| {
            leave_old(snapshot);
            refuse_token(snapshot, "AADSTS7000112");
        },
        |snapshot| {
            leave_old(snapshot);
            lose_tokens(snapshot);
        },
        // One token issued and one refused.
        |snapshot| {
            leave_old(snapshot);
            refuse_finops_token(snapshot, "AADSTS7000215");
        },
        |snapshot| {
            add_credential(snapshot, "new", -1, 170);
        },
        |snapshot| {
            add_credential(snapshot, "new", -1, 170);
            lose_tokens(snapshot);
        },
        |snapshot| {
            add_credential(snapshot, "new", -1, 170).matches_stored = known(true);
        },
        // A token was issued, and what begins alike is past its end.
        |snapshot| {
            add_credential(snapshot, "new", -1, 170);
            credential(snapshot, 0).end = known(days_from_now(-1));
        },
        |snapshot| {
            add_credential(snapshot, "new", -1, 170);
            credential(snapshot, 0).end = known(days_from_now(-1));
            refuse_token(snapshot, "AADSTS7000222");
        },
        |snapshot| {
            for index in 0..3 {
                add_credential(snapshot, &format!("more-{index}"), -20, 20);
            }
        },
        on_principal,
        |snapshot| {
            on_principal(snapshot);
            credential(snapshot, 0).matches_stored = known(true);
        },
        |snapshot| {
            let other = credential(snapshot, 0).clone();
            principal(snapshot).credentials = known(vec![other]);
        },
        |snapshot| credential(snapshot, 0).start = Some(days_from_now(-200)),
        |snapshot| attributes(snapshot).created = Some(days_from_now(-200)),
        |snapshot| {
            credential(snapshot, 0).start = Some(days_from_now(-120));
            credential(snapshot, 0).last_use = known(LastUse::NotReported);
        },
        |snapshot| {
            credential(snapshot, 0).start = Some(days_from_now(-120));
            credential(snapshot, 0).last_use = known(LastUse::At(days_from_now(-7)));
        },
        |snapshot| {
            credential(snapshot, 0).start = Some(days_from_now(-120));
            snapshot.earlier_runs.clear();
        },
        |snapshot| {
            credential(snapshot, 0).start = Some(days_from_now(-120));
            snapshot.earlier_runs.clear();
            snapshot.estate.registrations[0].prove = Prove::Never;
        },
        |snapshot| delete_entry(snapshot, None),
        |snapshot| {
            delete_entry(snapshot, None);
            raia(snapshot).deleted_entry = Some(known(Presence::Absent));
        },
        |snapshot| attributes(snapshot).recovery_level = Some("Recoverable+Purgeable".to_owned()),
        store_certificate,
        |snapshot| {
            store_certificate(snapshot);
            credential(snapshot, 0).matches_stored = known(false);
        },
        |snapshot| {
            store_certificate(snapshot);
            leave_old(snapshot);
        },
        |snapshot| {
            store_certificate(snapshot);
            certificate_policy(snapshot).lifetime_actions = known([].into());
            certificate_policy(snapshot).issuer = known("Unknown".to_owned());
        },
        |snapshot| {
            store_certificate(snapshot);
            let mut weak = certificate_facts();
            weak.key_bits = Some(1024);
            known_vault_certificate(snapshot).facts = known(weak.clone());
            let credential = credential(snapshot, 0);
            credential.certificate.as_mut().unwrap().facts = known(weak);
        },
        |snapshot| {
            store_certificate(snapshot);
            content(snapshot).problems = vec![EntryProblem::PrivateKeyMissing];
            for proof in &mut raia(snapshot).tokens {
                proof.answer = Observed::not_reached("no key");
            }
        },
        |snapshot| {
            store_certificate(snapshot);
            content(snapshot).problems = vec![EntryProblem::PrivateKeyMissing];
            certificate_policy(snapshot).exportable = known(false);
        },
    ];
    for (index, spoil) in spoiled.into_iter().enumerate() {
        let mut snapshot = tidy();
        spoil(&mut snapshot);
        println!("case {index}");
        losing_any_fact_never_helps(&snapshot);
    }
}
