//! Is there an application user in an environment that no estate entry explains?

use std::collections::BTreeSet;

use super::case::{Case, Context, Judged, Stop, not_applicable};
use super::check::{Check, NoParams};
use super::controls;
use super::organisations;
use super::principals::words_of_kind;
use super::tenants::settled;
use super::words::failed;
use crate::evidence::{ApplicationUser, EnvironmentEvidence, PrincipalKind, RoleGrant};
use crate::model::guid::same;
use crate::model::microsoft;
use crate::model::time::day;
use crate::model::{CheckMeta, Family, Service, Severity, Verdict};
use crate::model::{Gap, GapKind, Listing, Observed, Outcome, Presence};

pub(super) struct UnknownApplicationUser;

impl Check for UnknownApplicationUser {
    const META: CheckMeta = CheckMeta {
        id: "unknown-application-user",
        title: "An enabled application user that no estate entry explains",
        severity: Severity::Medium,
        family: Family::Isolation,
        rationale: "An application user is a door with a credential somewhere. Nobody proves, rotates or narrows one that nobody lists.",
        remediation: "Find out who uses it (`credaudit where`, and the user's sign-ins); then add it to the estate with its owner, or disable the user and delete it when nobody misses it.",
        controls: controls::ISOLATION,
        evidence: &[
            "Dataverse application users",
            "Dataverse roles",
            "Graph service principal",
            "estate",
        ],
        explains: &[],
    };

    type Params = NoParams;

    fn judge(_: &NoParams, context: &Context<'_>) -> Vec<Verdict> {
        let environments = context.snapshot.environments.iter();
        environments
            .flat_map(|(name, evidence)| {
                let whole = Place { context, name };
                whole.verdicts(evidence)
            })
            .collect()
    }
}

/// One environment.
struct Place<'c, 's> {
    context: &'c Context<'s>,
    name: &'c str,
}

impl<'s> Place<'_, 's> {
    fn verdicts(&self, evidence: &EnvironmentEvidence) -> Vec<Verdict> {
        let users = &evidence.application_users;
        let mut verdicts: Vec<Verdict> =
            users.items.iter().map(|user| self.verdict(user)).collect();
        let whole = |judged| Verdict::on(format!("environment/{}", self.name), settled(judged));
        match &users.gap {
            Some(gap) => verdicts.push(whole(Err(gap.into()))),
            None if verdicts.is_empty() => verdicts.push(whole(Ok(Outcome::Pass))),
            None => {}
        }
        verdicts
    }

    fn verdict(&self, user: &ApplicationUser) -> Verdict {
        let owners: Vec<Case<'s>> = self
            .context
            .cases()
            .filter(|case| case.client_id().is_ok_and(|id| same(id, &user.client_id)))
            .collect();
        let subjects = match owners.as_slice() {
            [] => vec![format!("environment/{}", self.name)],
            owners => {
                let names = owners
                    .iter()
                    .map(|case| format!("registration/{}", case.name()));
                names.collect::<BTreeSet<_>>().into_iter().collect()
            }
        };
        Verdict {
            finops: false,
            resource: format!(
                "environment/{}/application-user/{}",
                self.name, user.client_id
            ),
            subjects,
            credentials: Vec::new(),
            outcome: settled(self.judge(user, &owners)),
        }
    }

    fn judge(&self, user: &ApplicationUser, owners: &[Case<'_>]) -> Judged {
        let of_this_place = |case: &Case<'_>| {
            let home = &case.registration.environment;
            home == self.name
                || organisations::same_in(self.context, Service::Dataverse, home, self.name)
                    .is_some()
        };
        if owners.iter().any(of_this_place) {
            return Ok(Outcome::Pass);
        }
        if let Some(name) = microsoft::application(&user.client_id) {
            return Err(not_applicable(format!(
                "it is Microsoft's own: {name} ({})",
                microsoft::EDITION
            )));
        }
        // A registration of the estate is not Microsoft's, whatever else it is.
        let principal = user.principal.as_ref().filter(|_| owners.is_empty());
        if let Some(Observed::Known(Presence::Present(PrincipalKind::Microsoft))) = principal {
            return Err(not_applicable(
                "it is Microsoft's own: its service principal in the tenant belongs to one of Microsoft's tenants",
            ));
        }
        if let Some(part) = &self.context.snapshot.narrowed {
            return Err(not_applicable(format!(
                "the run looked at a part of the estate only ({part}), which explains a part of the users only"
            )));
        }
        if self.is_auditor(&user.client_id) {
            return Err(not_applicable("it is the audit's own"));
        }
        if *user.disabled.get()? {
            return Err(not_applicable("it is disabled"));
        }
        self.nobody_hides()?;
        if let Some(Observed::Unknown(gap)) = principal {
            return Err(gap.into());
        }
        Ok(failed(self.told(user, owners)))
    }

    fn is_auditor(&self, client_id: &str) -> bool {
        self.context.snapshot.auditors.values().any(|auditor| {
            let identity = auditor.signed_in.known();
            let id = identity.and_then(|identity| identity.client_id.as_deref());
            id.is_some_and(|id| same(id, client_id))
        })
    }

    /// Behind a client id that could not be read any of the users may stand: a registration's of this
    /// environment, or the auditor's.
    fn nobody_hides(&self) -> Result<(), Stop> {
        for case in self.context.cases() {
            if let (true, Err(stop)) =
                (case.registration.environment == self.name, case.client_id())
            {
                return Err(stop);
            }
        }
        let snapshot = self.context.snapshot;
        let own = format!("environment/{}", self.name);
        let tenant = snapshot.estate.environments.get(self.name);
        let auditor = snapshot.auditors.get(&own).or_else(|| {
            let tenant = &tenant?.tenant;
            snapshot.auditors.get(tenant)
        });
        let Some(auditor) = auditor else {
            return Ok(());
        };
        let identity = auditor.signed_in.get()?;
        if identity.client_id.is_some() || identity.user.known() == Some(&true) {
            return Ok(());
        }
        Err(Gap::new(
            GapKind::Unrecognised,
            "the audit's own client id is not known, so that this user may be the audit's",
        )
        .into())
    }

    fn told(&self, user: &ApplicationUser, owners: &[Case<'_>]) -> String {
        let name = user.name.as_deref().unwrap_or("without a name");
        let mut words = format!(
            "Application user {name} of {} (client id {}) is enabled; {}; {}",
            self.name,
            user.client_id,
            roles(user.roles.as_ref()),
            match &user.modified {
                Observed::Known(at) => format!("last changed on {}", day(*at)),
                Observed::Unknown(_) => "when it was last changed is not known".to_owned(),
            }
        );
        match &user.principal {
            Some(Observed::Known(Presence::Absent)) => {
                words.push_str("; the tenant has no service principal of it");
            }
            Some(Observed::Known(Presence::Present(kind))) => {
                if let Some(kind) = words_of_kind(*kind) {
                    words.push_str(&format!("; it is {kind}"));
                }
            }
            Some(Observed::Unknown(_)) | None => {}
        }
        for case in owners {
            words.push_str(&format!(
                ". The estate knows the client id as {} of {} only",
                case.name(),
                case.registration.environment
            ));
        }
        words
    }
}

fn roles(roles: Option<&Listing<RoleGrant>>) -> String {
    let Some(roles) = roles else {
        return "its roles were not read".to_owned();
    };
    let names: Vec<String> = roles
        .items
        .iter()
        .map(|role| match &role.team {
            None => role.name.clone(),
            Some(team) => format!("{} (through team {team})", role.name),
        })
        .collect();
    match (names.is_empty(), &roles.gap) {
        (true, None) => "it has no role".to_owned(),
        (true, Some(gap)) => format!("its roles could not be read ({})", gap.seen),
        (false, None) => format!("roles: {}", names.join(", ")),
        (false, Some(gap)) => format!(
            "roles: {}, and perhaps more ({})",
            names.join(", "),
            gap.seen
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::*;
    use super::*;
    use crate::evidence::Snapshot;

    const STRANGER: &str = "environment/prod/application-user/client-9";

    fn list(snapshot: &mut Snapshot) -> &mut Listing<ApplicationUser> {
        let prod = snapshot.environments.get_mut("prod").unwrap();
        &mut prod.application_users
    }

    fn stranger(snapshot: &mut Snapshot) -> &mut ApplicationUser {
        let mut user = application_user("user-9", "client-9");
        user.name = Some("Old bridge".to_owned());
        user.roles = Some(Listing::complete(vec![RoleGrant {
            name: "Sales".to_owned(),
            role_id: "role-9".to_owned(),
            template_id: None,
            team: Some("Everybody".to_owned()),
            reach: None,
        }]));
        let users = &mut list(snapshot).items;
        users.push(user);
        users.last_mut().unwrap()
    }

    fn about(resource: &str, spoil: impl FnOnce(&mut Snapshot)) -> Verdict {
        judge_all::<UnknownApplicationUser>(spoil)
            .into_iter()
            .find(|verdict| verdict.resource == resource)
            .expect("a verdict about it")
    }

    fn told(spoil: impl FnOnce(&mut Snapshot)) -> String {
        match about(STRANGER, spoil).outcome {
            Outcome::Fail(failure) => failure.seen,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_user_that_nothing_explains_is_told_with_what_is_known_of_it() {
        let words = told(|snapshot| drop(stranger(snapshot).clone()));
        for part in [
            "Old bridge",
            "client-9",
            "Sales (through team Everybody)",
            "2026-10-22",
        ] {
            assert!(words.contains(part), "{words}");
        }
        let unread = told(|snapshot| {
            let user = stranger(snapshot);
            (user.roles, user.modified) = (Some(Listing::cut_short(Vec::new(), a_gap())), gap());
        });
        assert!(
            unread.contains("could not be read") && unread.contains("not known"),
            "{unread}"
        );
    }

    #[test]
    fn the_estate_the_auditor_and_microsoft_explain_theirs() {
        let own = about("environment/prod/application-user/CLIENT-1", |snapshot| {
            stranger(snapshot).client_id = "CLIENT-1".to_owned();
        });
        assert!(matches!(own.outcome, Outcome::Pass), "{own:?}");
        assert_eq!(own.subjects, ["registration/raia"]);
        for id in ["auditor-1", "bdb3d4c5-dc11-426e-8f04-2621dbcce738"] {
            let verdict = about(
                &format!("environment/prod/application-user/{id}"),
                |snapshot| {
                    stranger(snapshot).client_id = id.to_owned();
                },
            );
            assert!(
                matches!(verdict.outcome, Outcome::NotApplicable(_)),
                "{verdict:?}"
            );
        }
    }

    #[test]
    fn an_owner_in_one_of_microsofts_tenants_explains_a_user_that_the_table_does_not() {
        let principal = |principal| {
            about(STRANGER, |snapshot| {
                stranger(snapshot).principal = Some(principal);
            })
        };
        let present = |kind| known(Presence::Present(kind));
        let own = principal(present(PrincipalKind::Microsoft));
        assert!(matches!(own.outcome, Outcome::NotApplicable(_)), "{own:?}");
        for other in [
            present(PrincipalKind::Own),
            present(PrincipalKind::Foreign),
            present(PrincipalKind::ManagedIdentity),
            present(PrincipalKind::Other),
            known(Presence::Absent),
        ] {
            let verdict = principal(other);
            assert!(matches!(verdict.outcome, Outcome::Fail(_)), "{verdict:?}");
        }
        let refused = principal(gap());
        assert!(
            matches!(refused.outcome, Outcome::Unknown(_)),
            "{refused:?}"
        );
        // A registration of the estate in another environment needs nobody's word.
        let listed = about("environment/prod/application-user/client-2", |snapshot| {
            let user = stranger(snapshot);
            user.client_id = "client-2".to_owned();
            user.principal = Some(gap());
        });
        assert!(matches!(listed.outcome, Outcome::Fail(_)), "{listed:?}");
    }

    #[test]
    fn another_environments_registration_is_the_subject_of_its_user_here() {
        let verdict = about("environment/prod/application-user/client-2", |snapshot| {
            stranger(snapshot).client_id = "client-2".to_owned();
        });
        assert_eq!(verdict.subjects, ["registration/raia-dev"]);
        let Outcome::Fail(failure) = verdict.outcome else {
            panic!("{verdict:?}")
        };
        assert!(
            failure.seen.contains("raia-dev of dev only"),
            "{}",
            failure.seen
        );
        let one_organisation = about("environment/prod/application-user/client-2", |snapshot| {
            stranger(snapshot).client_id = "client-2".to_owned();
            let host = snapshot.estate.environments["prod"].dataverse.clone();
            snapshot
                .estate
                .environments
                .get_mut("dev")
                .unwrap()
                .dataverse = host;
        });
        assert!(matches!(one_organisation.outcome, Outcome::Pass));
        // One Finance & Operations is not one Dataverse.
        let one_finops = about("environment/prod/application-user/client-2", |snapshot| {
            stranger(snapshot).client_id = "client-2".to_owned();
            let host = snapshot.estate.environments["prod"].finops.clone();
            let dev = snapshot.estate.environments.get_mut("dev").unwrap();
            dev.finops = host;
        });
        assert!(matches!(one_finops.outcome, Outcome::Fail(_)));
    }

    #[test]
    fn disabled_ones_and_parts_of_the_estate_do_not_arise() {
        for spoil in [
            (|snapshot: &mut Snapshot| stranger(snapshot).disabled = known(true))
                as fn(&mut Snapshot),
            |snapshot| {
                stranger(snapshot);
                snapshot.narrowed = Some("only environments prod".to_owned());
            },
        ] {
            let verdict = about(STRANGER, spoil);
            assert!(
                matches!(verdict.outcome, Outcome::NotApplicable(_)),
                "{verdict:?}"
            );
        }
    }

    #[test]
    fn what_cannot_be_told_is_unknown() {
        type Spoil = fn(&mut Snapshot);
        let spoils: [Spoil; 4] = [
            |snapshot| stranger(snapshot).disabled = gap(),
            |snapshot| {
                stranger(snapshot);
                let entry = snapshot.estate.registrations[0].stored_mut().entry.clone();
                snapshot.estate.registrations[0].client_id = crate::estate::ClientId::Secret(entry);
                raia(snapshot).client_id = gap();
            },
            |snapshot| {
                stranger(snapshot);
                auditor(snapshot).signed_in = gap();
            },
            |snapshot| {
                stranger(snapshot);
                identity(snapshot).client_id = None;
            },
        ];
        for spoil in spoils {
            let verdict = about(STRANGER, spoil);
            assert!(
                matches!(verdict.outcome, Outcome::Unknown(_)),
                "{verdict:?}"
            );
        }
    }

    #[test]
    fn of_a_list_cut_short_what_was_read_is_judged() {
        let cut = |snapshot: &mut Snapshot| {
            stranger(snapshot);
            list(snapshot).gap = Some(a_gap());
        };
        assert!(matches!(about(STRANGER, cut).outcome, Outcome::Fail(_)));
        let rest = about("environment/prod", cut);
        assert!(matches!(rest.outcome, Outcome::Unknown(_)), "{rest:?}");
        assert!(matches!(
            about("environment/prod", |_| {}).outcome,
            Outcome::Pass
        ));
    }
}
