//! A lost fact never helps: whatever is taken out of a snapshot, no Fail and no Unknown becomes fine.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::{Value, json};

use super::{expire, multi_tenant};
use crate::evaluate::{Plan, plan};
use crate::evidence::{
    AppPolicy, CustomAppPolicy, FederatedCredential, InventoryEntry, KeyCredential, LastUse,
    PrincipalKind, SamlSigning, Snapshot, Trace,
};
use crate::facts::case::Context;
use crate::facts::index::Index;
use crate::facts::testing::tidy::*;
use crate::model::{Listing, Outcome, Presence, Severity};
use crate::policy::{CheckSettings, Policy, UnknownMode};

fn policy() -> Policy {
    let expecting = CheckSettings {
        params: json!({ "expect": "certificate" })
            .as_object()
            .unwrap()
            .clone(),
        ..CheckSettings::default()
    };
    Policy {
        name: "test".to_owned(),
        fail_on: Severity::High,
        unknown: UnknownMode::Incomplete,
        isolation: crate::model::IsolationProbe::default(),
        checks: [("secret-where-certificate-expected".to_owned(), expecting)].into(),
        waivers: Vec::new(),
    }
}

fn federated(snapshot: &mut Snapshot, subject: &str) {
    application(snapshot)
        .federated
        .items
        .push(FederatedCredential {
            id: "federated-1".to_owned(),
            name: "deploy".to_owned(),
            issuer: "https://token.actions.githubusercontent.com".to_owned(),
            subject: subject.to_owned(),
            audiences: vec!["api://AzureADTokenExchange".to_owned()],
            expression: None,
        });
}

/// The service principal signs by SAML, with one certificate that ends soon and a newer one.
fn saml(snapshot: &mut Snapshot, active: Option<&str>) {
    let mut signing = credential(snapshot, 0).clone();
    signing.kind = crate::evidence::CredentialKind::Certificate;
    let credentials = [("A", 5), ("B", 300)].map(|(thumbprint, ends)| {
        let mut one = signing.clone();
        one.key_id = thumbprint.to_owned();
        one.end = known(days_from_now(ends));
        one.certificate = Some(KeyCredential {
            thumbprint: Some(thumbprint.to_owned()),
            usage: Some("Sign".to_owned()),
            facts: gap(),
        });
        one
    });
    principal(snapshot).credentials = known(credentials.to_vec());
    principal(snapshot).saml = known(Some(SamlSigning {
        active_thumbprint: active.map(str::to_owned),
        notified: Vec::new(),
    }));
}

fn unlisted(snapshot: &mut Snapshot, kind: PrincipalKind) {
    inventory(snapshot).items.push(InventoryEntry {
        client_id: "client-9".to_owned(),
        display_name: None,
        kind: known(kind),
        traces: vec![Trace::ApplicationUser("prod".to_owned())],
        credentials: known(Vec::new()),
        last_sign_in: known(LastUse::NotReported),
    });
}

fn without_limits(snapshot: &mut Snapshot) {
    let rules = app_management(snapshot);
    rules.custom.items.push(CustomAppPolicy {
        id: "policy-1".to_owned(),
        name: "vendors".to_owned(),
        policy: AppPolicy {
            enabled: false,
            restrictions: Vec::new(),
        },
        applies_to: Listing::complete(vec!["object-1".to_owned()]),
    });
}

/// Every place of a snapshot that holds a known fact or a list, as a JSON pointer.
fn facts(value: &Value, at: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            let list = map.len() == 2 && map.contains_key("items") && map.contains_key("gap");
            if list || (map.len() == 1 && map.contains_key("known")) {
                found.push(at.to_owned());
            }
            for (key, value) in map {
                facts(value, &format!("{at}/{key}"), found);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                facts(value, &format!("{at}/{index}"), found);
            }
        }
        _ => {}
    }
}

/// For every check and registration: whether it failed, stayed unknown or is fine (which "does not
/// arise" counts as here: a lost fact may not hide a finding either).
fn standing(plan: &Plan, snapshot: &Snapshot) -> BTreeMap<(String, String), bool> {
    let context = Context {
        snapshot,
        as_of: as_of(),
        index: &Index::of(snapshot),
    };
    let mut fine = BTreeMap::new();
    for one in crate::evaluate::gather::gather(plan, &context) {
        for subject in &one.verdict.subjects {
            let entry = fine
                .entry((one.planned.meta.id.to_owned(), subject.to_string()))
                .or_insert(true);
            *entry &= matches!(
                one.verdict.outcome,
                Outcome::Pass | Outcome::NotApplicable(_)
            );
        }
    }
    fine
}

fn part<'a, T: Deserialize<'a>>(into: &mut T, value: &'a Value) {
    *into = T::deserialize(value).unwrap();
}

/// Reads that part of the snapshot again in which `place` lies: the whole takes a hundred times as long.
fn read_again(snapshot: &mut Snapshot, value: &Value, place: &str) {
    let mut names = place.split('/').skip(1);
    let mut next = || names.next().unwrap_or_default();
    let (room, key, field) = (next(), next(), next());
    let whole = &value[room][key];
    match room {
        "auditors" => part(snapshot.auditors.get_mut(key).unwrap(), whole),
        "vaults" => part(snapshot.vaults.get_mut(key).unwrap(), whole),
        "directories" => part(snapshot.directories.get_mut(key).unwrap(), whole),
        "environments" => part(snapshot.environments.get_mut(key).unwrap(), whole),
        "registrations" => {
            let one = snapshot.registrations.get_mut(key).unwrap();
            let value = &whole[field];
            match field {
                "client-id" => part(&mut one.client_id, value),
                "entry" => part(&mut one.entry, value),
                "tokens" => part(&mut one.tokens, value),
                "application" => part(&mut one.application, value),
                "service-principal" => part(&mut one.service_principal, value),
                "owners" => part(&mut one.owners, value),
                "last-sign-in" => part(&mut one.last_sign_in, value),
                "dataverse" => part(&mut one.dataverse, value),
                "finops" => part(&mut one.finops, value),
                "foreign" => part(&mut one.foreign, value),
                _ => part(one, whole),
            }
        }
        _ => part(snapshot, value),
    }
}

pub(super) fn losing_any_fact_never_helps(snapshot: &Snapshot) {
    let mut plan = plan(&policy()).unwrap();
    let whole = standing(&plan, snapshot);
    // A check judges for itself: only what stands open here can come to look fine. Where nothing does,
    // every check is asked, and has to bear the loss.
    let stands_open = |check: &str| whole.iter().any(|((id, _), fine)| !fine && id == check);
    if whole.values().any(|fine| !fine) {
        plan.checks.retain(|planned| stands_open(planned.meta.id));
    }
    let mut value = crate::evidence::unshared(snapshot);
    let mut places = Vec::new();
    facts(&value, "", &mut places);
    assert!(places.len() > 40, "{}", places.len());
    let gap = serde_json::to_value(a_gap()).unwrap();
    for place in places {
        let fact = value.pointer_mut(&place).unwrap();
        let lost = if fact.get("items").is_some() {
            json!({ "items": [], "gap": gap })
        } else {
            json!({ "unknown": gap })
        };
        if *fact == lost {
            continue;
        }
        let kept = std::mem::replace(fact, lost);
        let mut less = snapshot.clone();
        read_again(&mut less, &value, &place);
        assert_ne!(less, *snapshot, "{place} is not lost");
        *value.pointer_mut(&place).unwrap() = kept;
        let now = standing(&plan, &less);
        let open: BTreeSet<&String> = now
            .iter()
            .filter_map(|((check, _), fine)| (!fine).then_some(check))
            .collect();
        for (key, _) in whole.iter().filter(|(_, fine)| !**fine) {
            match now.get(key) {
                Some(fine) => assert!(!fine, "without {place}: {key:?} looks fine"),
                // What is no longer seen is no longer named; that something is hidden has to be said.
                None => assert!(open.contains(&key.0), "without {place}: {key:?} is gone"),
            }
        }
    }
}

#[test]
fn losing_a_fact_never_turns_unknown_or_fail_into_fine() {
    type Spoil = Box<dyn Fn(&mut Snapshot)>;
    let spoiled: Vec<Spoil> = vec![
        Box::new(|_| {}),
        Box::new(expire),
        Box::new(|snapshot| federated(snapshot, "repo:contoso/erp:pull_request")),
        Box::new(|snapshot| federated(snapshot, "")),
        Box::new(|snapshot| federated(snapshot, "repo:contoso/erp:environment:production")),
        Box::new(|snapshot| saml(snapshot, Some("A"))),
        Box::new(|snapshot| saml(snapshot, Some("B"))),
        Box::new(|snapshot| saml(snapshot, None)),
        Box::new(|snapshot| {
            snapshot.estate.registrations[0].stored_mut().kind =
                crate::estate::CredentialForm::Certificate;
        }),
        Box::new(without_limits),
        Box::new(|snapshot| app_management(snapshot).default.enabled = false),
        Box::new(|snapshot| {
            let rules = &mut app_management(snapshot).default.restrictions;
            rules[0].created_after = Some(days_from_now(-100));
        }),
        Box::new(|snapshot| unlisted(snapshot, PrincipalKind::Own)),
        Box::new(|snapshot| unlisted(snapshot, PrincipalKind::ManagedIdentity)),
        Box::new(|snapshot| unlisted(snapshot, PrincipalKind::Microsoft)),
        Box::new(|snapshot| auditor_credentials(snapshot)[0].end = known(days_from_now(3))),
        Box::new(|snapshot| {
            let mut other = auditor_credentials(snapshot)[0].clone();
            other.end = known(days_from_now(3));
            other.key_id = "another".to_owned();
            other.matches_stored = gap();
            auditor_credentials(snapshot).push(other);
        }),
        Box::new(|snapshot| principal(snapshot).kind = known(PrincipalKind::AppProxy)),
        Box::new(multi_tenant),
        Box::new(share_client_id),
        Box::new(|snapshot| refuse_token(snapshot, "AADSTS700016")),
        Box::new(|snapshot| refuse_token(snapshot, "AADSTS7000215")),
        Box::new(|snapshot| raia(snapshot).application = known(Presence::Absent)),
        Box::new(|snapshot| raia(snapshot).service_principal = known(Presence::Absent)),
        Box::new(|snapshot| dataverse(snapshot).roles.items.clear()),
        Box::new(|snapshot| user(snapshot).disabled = known(true)),
        Box::new(disable_entry),
        Box::new(|snapshot| attributes(snapshot).expires = None),
        Box::new(|snapshot| credential(snapshot, 0).end = known(days_from_now(5))),
        Box::new(|snapshot| {
            let mut old = credential(snapshot, 0).clone();
            old.key_id = "old".to_owned();
            old.end = known(days_from_now(-10));
            old.matches_stored = known(false);
            credentials(snapshot).push(old);
        }),
        Box::new(|snapshot| content_of(snapshot, "raia-dev").value_group = Some(1)),
        Box::new(|snapshot| {
            let answer = read(snapshot, "contact").clone();
            *read(snapshot, "account") = answer;
        }),
        Box::new(|snapshot| {
            *read(snapshot, "contact") = known(refused(crate::evidence::ReadRefusal::Privilege));
        }),
        Box::new(reject_client),
        Box::new(|snapshot| {
            reject_client(snapshot);
            finops(snapshot).mapping = known(Presence::Absent);
        }),
        Box::new(|snapshot| {
            reject_client(snapshot);
            finops_claims(snapshot).audience = known("https://elsewhere".to_owned());
        }),
        Box::new(|snapshot| {
            reject_client(snapshot);
            finops_user(snapshot).enabled = known(false);
        }),
        Box::new(|snapshot| finops_user(snapshot).enabled = known(false)),
        Box::new(|snapshot| map_to(snapshot, "Admin")),
        Box::new(|snapshot| map_to(snapshot, "Somebody")),
        Box::new(|snapshot| finops(snapshot).roles.items[0].id = "-SYSADMIN-".to_owned()),
        Box::new(|snapshot| {
            let answer = collection(snapshot, "CustomersV3").clone();
            *collection(snapshot, "LedgerJournalHeaders") = answer;
        }),
        Box::new(|snapshot| {
            *collection(snapshot, "CustomersV3") = known(refused_collection());
        }),
        Box::new(|snapshot| refuse_finops_token(snapshot, "AADSTS500011")),
        Box::new(|snapshot| refuse_finops_token(snapshot, "AADSTS7000215")),
        Box::new(|snapshot| {
            dataverse(snapshot).metadata[0].answer =
                known(crate::evidence::MetadataAnswer::Refused {
                    seen: seen("a read of organisation metadata", 403, Some("0x80040220")),
                });
        }),
    ];
    for spoil in &spoiled {
        let mut snapshot = tidy();
        spoil(&mut snapshot);
        losing_any_fact_never_helps(&snapshot);
    }
}
