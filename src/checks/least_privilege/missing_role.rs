//! Does the application user hold every declared role?

use crate::checks::prelude::*;

pub(crate) struct MissingRole;

impl Check for MissingRole {
    const META: CheckMeta = CheckMeta {
        id: "missing-role",
        title: "The application user lacks a declared role",
        severity: Severity::Medium,
        family: super::FAMILY,
        rationale: "The estate and the environment disagree about what the integration may do, and part of it will fail.",
        remediation: "Assign the role to application user CLIENT-ID in ENVIRONMENT-URL, or remove it from the estate if it is not needed.",
        controls: controls::LEAST_PRIVILEGE,
        evidence: &["Dataverse roles"],
        explains: &["expected-access-refused", "metadata-unreadable"],
    };

    const EFFECT: Effect = Effect::Access;

    const PAGE: Option<Page> = Some(Page::ApplicationUsers);

    type Params = NoParams;

    fn fixes() -> Vec<Fix> {
        vec![fixes::assign_declared()]
    }

    fn judge(_: &NoParams, context: &Context<'_>) -> Vec<Verdict> {
        context.each(|case| {
            let Some(declared) = case.dataverse_expectations()?.roles.as_deref() else {
                return Err(not_applicable("the estate declares no roles"));
            };
            let proof = case.dataverse()?;
            require_user(proof)?;
            let missing: Vec<&str> = declared
                .iter()
                .filter(|name| {
                    !proof
                        .roles
                        .items
                        .iter()
                        .any(|role| role.name.eq_ignore_ascii_case(name))
                })
                .map(String::as_str)
                .collect();
            if missing.is_empty() {
                known_user(proof)?;
                return Ok(Outcome::Pass);
            }
            proof.roles.whole()?;
            Ok(in_words(&missing))
        })
    }
}

fn in_words(missing: &[&str]) -> Outcome {
    let roles = if missing.len() == 1 { "role" } else { "roles" };
    let named = format!("{roles} {}", listed(missing));
    advised(
        format!("The application user does not have {named}, neither directly nor through a team"),
        format!(
            "Assign {named} to application user CLIENT-ID: {APPLICATION_USERS}; if it is not needed, remove it from the estate"
        ),
    )
    .what(format!("lacks {named}"))
    .fixes(missing.iter().map(|role| fixes::assign(role)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::testing::*;

    #[test]
    fn a_declared_role_that_is_not_held_fails() {
        assert_pass::<MissingRole>(|_| {});
        assert_fail::<MissingRole>(|snapshot| {
            expectations(snapshot).roles =
                Some(vec!["Raia Contact Sync".to_owned(), "Extra".to_owned()]);
        });
        assert_unknown::<MissingRole>(|snapshot| {
            dataverse(snapshot).roles = crate::model::Listing::cut_short(Vec::new(), a_gap());
        });
        assert_not_applicable::<MissingRole>(|snapshot| expectations(snapshot).roles = None);
    }
}
