//! Does the application user hold roles that nobody declared?

use crate::checks::check::{Check, NoParams};
use crate::checks::controls;
use crate::facts::case::Context;
use crate::facts::case::not_applicable;
use crate::facts::outcomes::failed;
use crate::facts::present::{known_user, require_user};
use crate::model::Outcome;
use crate::model::Part;
use crate::model::{CheckMeta, Severity, Verdict};

pub(crate) struct UnexpectedRole;

impl Check for UnexpectedRole {
    const META: CheckMeta = CheckMeta {
        id: "unexpected-role",
        title: "The application user holds a role that the estate does not declare",
        severity: Severity::Medium,
        family: super::FAMILY,
        rationale: "Roles pile up: each was needed once, and together they open what nobody decided.",
        remediation: "Take the role away, or declare it in the estate if it is meant to be there.",
        controls: controls::LEAST_PRIVILEGE,
        evidence: &["Dataverse roles"],
        explains: &[],
    };

    type Params = NoParams;

    fn judge(_: &NoParams, context: &Context<'_>) -> Vec<Verdict> {
        context
            .cases()
            .flat_map(|case| {
                let judged = (|| {
                    let Some(declared) = case.dataverse_expectations()?.roles.as_deref() else {
                        return Err(not_applicable("the estate declares no roles"));
                    };
                    let proof = case.dataverse()?;
                    require_user(proof)?;
                    let mut extra: Vec<_> = proof
                        .roles
                        .items
                        .iter()
                        .filter(|role| !declared.iter().any(|name| name.eq_ignore_ascii_case(&role.name)))
                        .map(|role| (role.name.as_str(), role.team.as_deref()))
                        .collect();
                    extra.sort_unstable();
                    if extra.is_empty() {
                        known_user(proof)?;
                        proof.roles.whole()?;
                    }
                    Ok(extra)
                })();
                match judged {
                    Err(stop) => vec![Verdict::on_registration(case.name(), case.settle(Err(stop)))],
                    Ok(extra) if extra.is_empty() => {
                        vec![Verdict::on_registration(case.name(), Outcome::Pass)]
                    }
                    Ok(extra) => extra
                        .into_iter()
                        .map(|(role, team)| {
                            let how = team.map_or_else(
                                || "directly".to_owned(),
                                |team| format!("through team {team}"),
                            );
                            Verdict::within(
                                case.name(),
                                case.resource().part(Part::Role(role.to_owned())),
                                failed(format!("The application user holds {role} {how}; the estate does not declare it")),
                            )
                        })
                        .collect(),
                }
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::testing::*;

    #[test]
    fn a_role_nobody_declared_fails() {
        assert_pass::<UnexpectedRole>(|_| {});
        assert_fail::<UnexpectedRole>(|snapshot| {
            dataverse(snapshot).roles.items[0].name = "Another".to_owned();
        });
        assert_unknown::<UnexpectedRole>(|snapshot| dataverse(snapshot).roles.gap = Some(a_gap()));
        assert_not_applicable::<UnexpectedRole>(|snapshot| expectations(snapshot).roles = None);
    }
}
