//! Is the integration an administrator?

use super::case::Context;
use super::case::not_applicable;
use super::check::{Check, NoParams};
use super::controls;
use super::words::failed;
use crate::model::guid::same;
use crate::model::{CheckMeta, Family, Severity, Verdict};
use crate::model::{Outcome, Presence};

pub(super) struct AdministratorRole;

impl Check for AdministratorRole {
    const META: CheckMeta = CheckMeta {
        id: "administrator-role",
        title: "The application user is System Administrator or System Customizer",
        severity: Severity::Critical,
        family: Family::LeastPrivilege,
        rationale: "An administrator's credential opens every table and every setting; one leaked secret is then the whole environment.",
        remediation: "Make a security role of the integration's own with only what it needs, assign it, and take the administrator role away.",
        controls: controls::LEAST_PRIVILEGE,
        evidence: &["Dataverse roles"],
        explains: &["forbidden-access-granted", "unexpected-role"],
    };

    type Params = NoParams;

    fn judge(_: &NoParams, context: &Context<'_>) -> Vec<Verdict> {
        context.each(|case| {
            let proof = case.dataverse()?;
            if proof.user.known().is_some_and(Presence::is_absent) {
                return Err(not_applicable("there is no application user"));
            }
            let held: Vec<String> = proof
                .roles
                .items
                .iter()
                .filter_map(|role| {
                    let template = role.template_id.as_deref()?;
                    let (_, name) = ADMINISTRATORS.iter().find(|(id, _)| same(id, template))?;
                    Some(match &role.team {
                        None => format!("{name} directly"),
                        Some(team) => format!("{name} through team {team}"),
                    })
                })
                .collect();
            if !held.is_empty() {
                return Ok(failed(format!(
                    "The application user holds {}",
                    held.join(" and ")
                )));
            }
            proof.roles.whole()?;
            Ok(Outcome::Pass)
        })
    }
}

/// Role templates, the same in every business unit (role names can be changed, these cannot).
const ADMINISTRATORS: [(&str, &str); 2] = [
    (
        "627090ff-40a3-4053-8790-584edc5be201",
        "System Administrator",
    ),
    ("119f245c-3cc8-4b62-b31c-d1a046ced15d", "System Customizer"),
];

#[cfg(test)]
mod tests {
    use super::super::fixture::*;
    use super::*;

    #[test]
    fn the_template_tells_whatever_the_name_is() {
        assert_pass::<AdministratorRole>(|_| {});
        for team in [None, Some("Integrations".to_owned())] {
            assert_fail::<AdministratorRole>(|snapshot| {
                let role = &mut dataverse(snapshot).roles.items[0];
                role.template_id = Some("627090FF-40A3-4053-8790-584EDC5BE201".to_owned());
                role.team = team.clone();
            });
        }
        assert_unknown::<AdministratorRole>(|snapshot| {
            dataverse(snapshot).roles.gap = Some(a_gap())
        });
    }

    #[test]
    fn a_partial_list_is_enough_to_fail() {
        assert_fail::<AdministratorRole>(|snapshot| {
            let roles = &mut dataverse(snapshot).roles;
            roles.items[0].template_id = Some(ADMINISTRATORS[1].0.to_owned());
            roles.gap = Some(a_gap());
        });
    }
}
