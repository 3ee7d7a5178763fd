//! Is there an application with access to Dynamics that the estate does not list?

use crate::checks::prelude::*;
use crate::facts::principals::rotated_by;

pub(crate) struct UnlistedRegistration;

impl Check for UnlistedRegistration {
    const META: CheckMeta = CheckMeta {
        id: "unlisted-registration",
        title: "An application with access to Dynamics is not listed in the estate",
        severity: Severity::Low,
        family: super::FAMILY,
        rationale: "An application that is not listed is not checked, its credential is not rotated, and nobody owns it. It is noticed the day its credential expires, or the day somebody else uses it.",
        remediation: "Find out who uses it (`credaudit where CLIENT-ID`). Then add it to the estate with its owner, or remove its access: application users, permissions, credentials.",
        controls: controls::IDENTITY,
        evidence: &[
            "Graph applications",
            "Dataverse application users",
            "Key Vault lists",
        ],
        explains: &[],
    };

    type Params = NoParams;

    fn judge(_: &NoParams, context: &Context<'_>) -> Vec<Verdict> {
        let listed = Listed::of(context);
        context
            .snapshot
            .directories
            .iter()
            .flat_map(|(tenant, directory)| in_tenant(context, &listed, tenant, directory))
            .collect()
    }
}

/// The client ids that the estate explains.
struct Listed<'a> {
    /// With the names of the registrations they belong to.
    known: BTreeMap<&'a str, Vec<&'a str>>,
    auditors: BTreeSet<&'a str>,
}

impl<'a> Listed<'a> {
    fn of(context: &Context<'a>) -> Self {
        let mut known: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for case in context.cases() {
            if let Ok(id) = case.client_id() {
                known.entry(id).or_default().push(&case.registration.name);
            }
        }
        let signed = context.snapshot.auditors.values();
        let auditors = signed
            .filter_map(|auditor| auditor.signed_in.known()?.client_id.as_deref())
            .collect();
        Self { known, auditors }
    }
}

fn in_tenant(
    context: &Context<'_>,
    listed: &Listed<'_>,
    tenant: &str,
    directory: &DirectoryEvidence,
) -> Vec<Verdict> {
    let whole = |judged| vec![Verdict::on(Resource::tenant(tenant), settled(judged))];
    let Some(inventory) = &directory.inventory else {
        return whole(Err(not_applicable(
            "the inventory of the tenant was not requested",
        )));
    };
    if let Some(part) = &context.snapshot.narrowed {
        return whole(Err(not_applicable(format!(
            "the run covered only a part of the estate ({part}), which explains only a part of the tenant"
        ))));
    }
    // Behind a client id that is not known any of them may stand.
    let hidden = context
        .cases_in(tenant)
        .find_map(|case| match case.client_id() {
            Err(Stop::Gap(gap)) => Some(gap),
            _ => None,
        });
    let mut verdicts: Vec<Verdict> = inventory
        .items
        .iter()
        .map(|entry| {
            let resource = Resource::application(&entry.client_id);
            let Some(names) = listed.known.get(entry.client_id.as_str()) else {
                return Verdict::on(resource, settled(unlisted(entry, listed, hidden.as_ref())));
            };
            Verdict {
                finops: false,
                resource,
                subjects: names
                    .iter()
                    .map(|name| Resource::registration(name))
                    .collect(),
                credentials: Vec::new(),
                outcome: Outcome::Pass,
            }
        })
        .collect();
    match read_to_the_end(context, tenant, directory) {
        Err(gap) => verdicts.extend(whole(Err(gap.into()))),
        Ok(()) if verdicts.is_empty() => verdicts.extend(whole(Ok(Outcome::Pass))),
        Ok(()) => {}
    }
    verdicts
}

fn unlisted(entry: &InventoryEntry, listed: &Listed<'_>, hidden: Option<&Gap>) -> Judged {
    if listed.auditors.contains(entry.client_id.as_str()) {
        return Err(not_applicable("it belongs to the audit itself"));
    }
    let kind = *entry.kind.get()?;
    if kind == PrincipalKind::Microsoft {
        return Err(not_applicable("it belongs to Microsoft"));
    }
    if let Some(gap) = hidden {
        return Err(gap.into());
    }
    let traces: Vec<String> = entry.traces.iter().map(where_seen).collect();
    let mut seen = format!(
        "{} (client id {}) is not listed in the estate and {}",
        entry
            .display_name
            .as_deref()
            .unwrap_or("An application without a name"),
        entry.client_id,
        traces.join(", ")
    );
    match (kind, rotated_by(kind)) {
        (_, Some(who)) => seen.push_str(&format!("; it is {who}")),
        (PrincipalKind::Foreign, None) => {
            seen.push_str("; it is another organisation's application");
        }
        _ => {}
    }
    if rotated_by(kind).is_none() {
        seen.push_str(&format!("; {}", credentials(entry)));
    }
    seen.push_str(&match &entry.last_sign_in {
        Observed::Known(LastUse::At(at)) => format!("; last sign-in {}", day(*at)),
        Observed::Known(LastUse::NotReported) => "; no sign-in is reported".to_owned(),
        Observed::Unknown(_) => "; when it last signed in could not be read".to_owned(),
    });
    let id = &entry.client_id;
    Ok(advised(
        seen,
        format!(
            "Find out who uses it with `credaudit where {id}`. Then add it to the estate with its owner, or remove its access: its application users (Power Platform admin centre), its permissions and its credentials (client id {id} in the Entra admin centre)"
        ),
    )
    .what("is not listed in the estate"))
}

fn where_seen(trace: &Trace) -> String {
    match trace {
        Trace::Declares(permission) => format!("requests {permission}"),
        Trace::Granted(permission) => format!("was granted {permission}"),
        Trace::ApplicationUser(environment) => format!("is an application user of {environment}"),
        Trace::FinopsClient(environment) => format!("is an F&O client of {environment}"),
        Trace::VaultEntry(entry) => format!("has a vault entry with its name ({entry})"),
    }
}

fn credentials(entry: &InventoryEntry) -> String {
    let Observed::Known(credentials) = &entry.credentials else {
        return "its credentials were not read".to_owned();
    };
    if credentials.is_empty() {
        return "it has no secret and no certificate (whether it has federated credentials was not read)".to_owned();
    }
    let ends: Vec<String> = credentials
        .iter()
        .map(|credential| {
            let kind = credential.kind.as_str();
            match credential.end.known() {
                Some(end) if is_no_end(*end) => format!("{kind} that never expires"),
                Some(end) => format!("{kind} until {}", day(*end)),
                None => format!("{kind} with an unknown expiry date"),
            }
        })
        .collect();
    ends.join(", ")
}

/// Whether every list that an application could show itself in was read to its end.
fn read_to_the_end(
    context: &Context<'_>,
    tenant: &str,
    directory: &DirectoryEvidence,
) -> Result<(), Gap> {
    let snapshot = context.snapshot;
    let inside = |environment: &str| {
        let environment = snapshot.estate.environments.get(environment);
        environment.is_some_and(|environment| environment.tenant == tenant)
    };
    let of_directory = directory.inventory.iter().map(|list| list.gap.as_ref());
    let environments = snapshot
        .environments
        .iter()
        .filter(|(name, _)| inside(name));
    let of_environments = environments.flat_map(|(_, environment)| {
        let clients = environment.finops_clients.as_ref();
        [
            environment.application_users.gap.as_ref(),
            clients.and_then(|list| list.gap.as_ref()),
        ]
    });
    let vaults = snapshot.vaults.iter().filter(|(name, _)| {
        let vault = snapshot.estate.vaults.get(*name);
        vault.is_some_and(|vault| inside(&vault.environment))
    });
    let of_vaults = vaults.map(|(_, vault)| vault.secrets.gap.as_ref());
    let gap = of_directory
        .chain(of_environments)
        .chain(of_vaults)
        .flatten()
        .next();
    gap.map_or(Ok(()), |gap| Err(gap.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::testing::*;
    use crate::model::Listing;

    fn outcomes(spoil: impl FnOnce(&mut Snapshot)) -> BTreeMap<String, Outcome> {
        judge_all::<UnlistedRegistration>(spoil)
            .into_iter()
            .map(|verdict| (verdict.resource.to_string(), verdict.outcome))
            .collect()
    }

    fn stranger(kind: PrincipalKind) -> InventoryEntry {
        InventoryEntry {
            client_id: "client-9".to_owned(),
            display_name: Some("Old bridge".to_owned()),
            kind: known(kind),
            traces: vec![Trace::ApplicationUser("prod".to_owned())],
            credentials: known(Vec::new()),
            last_sign_in: known(LastUse::At(days_from_now(-3))),
        }
    }

    fn about_stranger(kind: PrincipalKind, spoil: impl FnOnce(&mut Snapshot)) -> Outcome {
        let mut outcomes = outcomes(|snapshot| {
            inventory(snapshot).items.push(stranger(kind));
            spoil(snapshot);
        });
        outcomes.remove("application/client-9").unwrap()
    }

    #[test]
    fn what_the_estate_lists_passes_and_what_it_does_not_fails() {
        let tidy = outcomes(|_| {});
        assert_eq!(tidy.len(), 2);
        assert!(
            tidy.values()
                .all(|outcome| matches!(outcome, Outcome::Pass))
        );
        let outcome = about_stranger(PrincipalKind::Own, |_| {});
        let Outcome::Fail(failure) = outcome else {
            panic!("{outcome:?}")
        };
        for words in ["Old bridge", "application user of prod", "2026-11-18"] {
            assert!(failure.seen.contains(words), "{}", failure.seen);
        }
    }

    #[test]
    fn kinds_are_told_apart() {
        for (kind, words) in [
            (PrincipalKind::AppProxy, "Application Proxy"),
            (PrincipalKind::ManagedIdentity, "managed identity"),
            (PrincipalKind::Foreign, "another organisation"),
        ] {
            let outcome = about_stranger(kind, |_| {});
            let Outcome::Fail(failure) = outcome else {
                panic!("{outcome:?}")
            };
            assert!(failure.seen.contains(words), "{}", failure.seen);
        }
        let microsoft = about_stranger(PrincipalKind::Microsoft, |_| {});
        assert!(matches!(microsoft, Outcome::NotApplicable(_)));
        let own = about_stranger(PrincipalKind::Own, |snapshot| {
            identity(snapshot).client_id = Some("client-9".to_owned());
        });
        assert!(matches!(own, Outcome::NotApplicable(_)), "{own:?}");
    }

    #[test]
    fn a_client_id_that_is_not_known_may_be_this_one() {
        let outcome = about_stranger(PrincipalKind::Own, |snapshot| {
            let entry = snapshot.estate.registrations[0].stored_mut().entry.clone();
            snapshot.estate.registrations[0].client_id = crate::estate::ClientId::Secret(entry);
            raia(snapshot).client_id = gap();
        });
        assert!(matches!(outcome, Outcome::Unknown(_)), "{outcome:?}");
        let outcome = about_stranger(PrincipalKind::Own, |snapshot| {
            inventory(snapshot).items[2].kind = gap();
        });
        assert!(matches!(outcome, Outcome::Unknown(_)), "{outcome:?}");
    }

    #[test]
    fn a_list_cut_short_is_said_once_beside_what_was_found() {
        type Spoil = fn(&mut Snapshot);
        let cuts: [Spoil; 3] = [
            |snapshot| inventory(snapshot).gap = Some(a_gap()),
            |snapshot| {
                let prod = snapshot.environments.get_mut("prod").unwrap();
                prod.application_users.gap = Some(a_gap());
            },
            |snapshot| {
                let list = Listing::cut_short(Vec::new(), a_gap());
                let vault = crate::evidence::VaultEvidence { secrets: list };
                snapshot.vaults.insert("prod".to_owned(), vault);
            },
        ];
        for cut in cuts {
            let outcomes = outcomes(|snapshot| {
                inventory(snapshot).items.push(stranger(PrincipalKind::Own));
                cut(snapshot);
            });
            assert!(matches!(outcomes["tenant/contoso"], Outcome::Unknown(_)));
            assert!(matches!(outcomes["application/client-9"], Outcome::Fail(_)));
        }
    }

    #[test]
    fn nothing_is_asked_of_a_part_or_of_the_estate_alone() {
        let spoils: [fn(&mut Snapshot); 2] = [
            |snapshot| directory(snapshot).inventory = None,
            |snapshot| snapshot.narrowed = Some("--env prod".to_owned()),
        ];
        for spoil in spoils {
            let outcomes = outcomes(spoil);
            assert_eq!(outcomes.len(), 1);
            assert!(matches!(
                outcomes["tenant/contoso"],
                Outcome::NotApplicable(_)
            ));
        }
    }
}
