//! Does the application user have roles that the estate does not declare?

use crate::checks::prelude::*;

pub(crate) struct UnexpectedRole;

impl Check for UnexpectedRole {
    const META: CheckMeta = CheckMeta {
        id: "unexpected-role",
        title: "The application user has a role that the estate does not declare",
        severity: Severity::Medium,
        family: super::FAMILY,
        rationale: "Roles accumulate: each was needed once, and together they allow what nobody decided on.",
        remediation: "Remove the role from application user CLIENT-ID in ENVIRONMENT-URL, or declare it in the estate if the integration needs it.",
        controls: controls::LEAST_PRIVILEGE,
        evidence: &["Dataverse roles"],
        explains: &[],
    };

    const PAGE: Option<Page> = Some(Page::ApplicationUsers);

    type Params = NoParams;

    fn judge(_: &NoParams, context: &Context<'_>) -> Vec<Verdict> {
        context.each_part(|case, found| {
            let Some(declared) = case.dataverse_expectations()?.roles.as_deref() else {
                return Err(not_applicable("the estate declares no roles"));
            };
            let proof = case.dataverse()?;
            require_user(proof)?;
            let is_declared =
                |role: &str| declared.iter().any(|name| name.eq_ignore_ascii_case(role));
            let mut extra: Vec<_> = proof
                .roles
                .items
                .iter()
                .filter(|role| !is_declared(&role.name))
                .map(|role| (role.name.as_str(), role.team.as_deref()))
                .collect();
            if extra.is_empty() {
                known_user(proof)?;
                proof.roles.whole()?;
            }
            extra.sort_unstable();
            found.extend(extra.into_iter().map(|(role, team)| {
                let how = team.map_or_else(
                    || "assigned directly".to_owned(),
                    |team| format!("through team {team}"),
                );
                let outcome = advised(
                    format!(
                        "The application user has role {role}, {how}; the estate does not declare it"
                    ),
                    format!(
                        "{}; or declare the role in the estate if the integration needs it",
                        removal(role, team)
                    ),
                )
                .what(format!("has undeclared role {}", with_team(role, team)));
                case.on(Part::Role(role.to_owned()), Ok(outcome))
            }));
            Ok(Outcome::Pass)
        })
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
