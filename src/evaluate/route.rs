//! Who answers for a registration: the nearest place that names somebody.

use crate::estate::{Estate, Registration};
use crate::evidence::RegistrationEvidence;
use crate::model::assessment::{Route, RouteBy};
use crate::model::{Gap, Presence, plural};

/// Owner in the estate, else in Entra, else the vault entry's tag, else the environment's contact, else
/// the fallback. A place that could not be read is said: somebody may stand there.
pub(super) fn route(
    estate: &Estate,
    registration: &Registration,
    evidence: &RegistrationEvidence,
) -> Route {
    let environment = estate.environment_of(registration);
    let contact = environment.and_then(|environment| environment.contact.clone());
    let routing = estate.routing.as_ref();
    let fallback = routing.and_then(|routing| routing.fallback.clone());
    let owner = registration.owner.iter().cloned();
    let mut route = Route {
        escalation: contact.clone().or_else(|| fallback.clone()),
        ..Route::default()
    };
    let places = [
        (RouteBy::Estate, Ok(owner.collect())),
        (RouteBy::Entra, in_entra(evidence)),
        (RouteBy::VaultTag, in_vault(evidence)),
        (RouteBy::Contact, Ok(contact.into_iter().collect())),
        (RouteBy::Fallback, Ok(fallback.into_iter().collect())),
    ];
    for (by, place) in places {
        match place {
            Err(why) => route.unread.push(why),
            Ok(to) if to.is_empty() => {}
            Ok(to) => {
                (route.to, route.by) = (sorted(to), Some(by));
                break;
            }
        }
    }
    route
}

/// Addresses are the same whatever the case of their letters; the first spelling stays.
fn sorted(mut to: Vec<String>) -> Vec<String> {
    to.sort_by_key(|address| address.to_ascii_lowercase());
    to.dedup_by(|left, right| left.eq_ignore_ascii_case(right));
    to
}

fn unread(what: &str, gap: &Gap) -> String {
    format!("{what} could not be read: {}", gap.seen)
}

fn in_entra(evidence: &RegistrationEvidence) -> Result<Vec<String>, String> {
    let owners = &evidence.owners;
    let each = owners.items.iter();
    let told: Vec<String> = each.filter_map(|one| one.mail.clone()).collect();
    if !told.is_empty() {
        return Ok(told);
    }
    if let Some(gap) = &owners.gap {
        return Err(unread("the owners in Entra", gap));
    }
    match owners.items.len() {
        0 => Ok(Vec::new()),
        count => Err(format!(
            "Entra lists {}, and Graph gave no mail address: the auditor may lack User.Read.All, \
             or they have none",
            plural::count(count, "owner")
        )),
    }
}

fn in_vault(evidence: &RegistrationEvidence) -> Result<Vec<String>, String> {
    let entry = evidence.entry.get().map(Presence::present);
    let attributes = entry.and_then(|entry| entry.map(|one| one.attributes.get()).transpose());
    match attributes {
        Ok(attributes) => Ok(attributes
            .and_then(|one| one.owner.clone())
            .into_iter()
            .collect()),
        Err(gap) => Err(unread("the vault entry's tags", gap)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::estate::Routing;
    use crate::evidence::{Owner, Snapshot};
    use crate::facts::testing::tidy::{a_gap, gap, raia, tidy};
    use crate::model::{Listing, Observed};

    fn routed(spoil: impl FnOnce(&mut Snapshot)) -> Route {
        let mut snapshot = tidy();
        spoil(&mut snapshot);
        let estate = &snapshot.estate;
        route(
            estate,
            &estate.registrations[0],
            &snapshot.registrations["raia"],
        )
    }

    fn owner(mail: Option<&str>) -> Owner {
        Owner {
            id: "owner-1".to_owned(),
            mail: mail.map(str::to_owned),
        }
    }

    /// Takes the places away one by one.
    fn without(snapshot: &mut Snapshot, places: usize) {
        snapshot.estate.routing = Some(Routing {
            fallback: Some("last@x.example".to_owned()),
            ..Routing::default()
        });
        let mails = ["Zoe@x.example", "ann@x.example", "zoe@x.example"];
        raia(snapshot).owners = Listing::complete(mails.map(|mail| owner(Some(mail))).to_vec());
        set_tag(snapshot, Some("tag@x.example"));
        let take: [fn(&mut Snapshot); 4] = [
            |snapshot| snapshot.estate.registrations[0].owner = None,
            |snapshot| raia(snapshot).owners = Listing::complete(Vec::new()),
            |snapshot| set_tag(snapshot, None),
            |snapshot| {
                let environments = snapshot.estate.environments.values_mut();
                environments.for_each(|environment| environment.contact = None);
            },
        ];
        take.iter().take(places).for_each(|take| take(snapshot));
    }

    fn set_tag(snapshot: &mut Snapshot, tag: Option<&str>) {
        if let Observed::Known(Presence::Present(entry)) = &mut raia(snapshot).entry
            && let Observed::Known(attributes) = &mut entry.attributes
        {
            attributes.owner = tag.map(str::to_owned);
        }
    }

    #[test]
    fn the_nearest_place_counts() {
        let found: Vec<_> = (0..=4)
            .map(|places| {
                let route = routed(|snapshot| without(snapshot, places));
                assert_eq!(route.unread, [""; 0]);
                (route.by.map(RouteBy::as_str), route.to.join(" "))
            })
            .collect();
        insta::assert_debug_snapshot!(found, @r#"
        [
            (
                Some(
                    "owner in the estate",
                ),
                "crm@contoso.example",
            ),
            (
                Some(
                    "owner in Entra",
                ),
                "ann@x.example Zoe@x.example",
            ),
            (
                Some(
                    "owner tag in the vault",
                ),
                "tag@x.example",
            ),
            (
                Some(
                    "contact of the environment",
                ),
                "oncall@contoso.example",
            ),
            (
                Some(
                    "fallback of the estate",
                ),
                "last@x.example",
            ),
        ]
        "#);
    }

    #[test]
    fn an_owner_whose_mail_is_not_told_is_no_missing_owner() {
        let route = routed(|snapshot| {
            without(snapshot, 1);
            raia(snapshot).owners = Listing::complete(vec![owner(None)]);
        });
        assert_eq!(route.to, ["tag@x.example"]);
        assert!(route.unread[0].contains("Entra lists 1 owner, and Graph gave no mail"));
        let route = routed(|snapshot| {
            without(snapshot, 1);
            raia(snapshot).owners = Listing::cut_short(Vec::new(), a_gap());
            raia(snapshot).entry = gap();
        });
        assert_eq!((route.by, route.unread.len()), (Some(RouteBy::Contact), 2));
    }

    #[test]
    fn where_nobody_is_named_it_is_an_orphan() {
        let route = routed(|snapshot| {
            without(snapshot, 4);
            snapshot.estate.routing = None;
        });
        assert_eq!(
            (route.to.len(), route.by, route.escalation),
            (0, None, None)
        );
    }
}
