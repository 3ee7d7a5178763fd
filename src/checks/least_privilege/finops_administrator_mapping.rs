//! Does the client act as an administrator of Finance & Operations?

use crate::checks::prelude::*;

pub(crate) struct FinopsAdministratorMapping;

impl Check for FinopsAdministratorMapping {
    const META: CheckMeta = CheckMeta {
        id: "finops-administrator-mapping",
        title: "An F&O client is mapped to an administrator of Finance & Operations",
        severity: Severity::Critical,
        family: super::FAMILY,
        rationale: "The client gets all roles of the user that it is mapped to. If that is Admin, one leaked secret exposes the books of every company.",
        remediation: "In FINOPS-URL, create a dedicated user with only the role that the integration needs (System administration > Users), and map client id CLIENT-ID to it under System administration > Setup > Microsoft Entra ID applications.",
        controls: controls::LEAST_PRIVILEGE,
        evidence: &["F&O client list", "F&O roles"],
        explains: &["forbidden-access-granted"],
    };

    const PAGE: Option<Page> = Some(Page::FinopsClients);

    type Params = NoParams;

    fn judge(_: &NoParams, context: &Context<'_>) -> Vec<Verdict> {
        let verdicts = context.each(|case| {
            let proof = case.finops()?;
            let Presence::Present(row) = proof.mapping.get()? else {
                return Err(said_by(
                    "finops-client-missing",
                    "the client is mapped to no user",
                ));
            };
            if row.user_id.eq_ignore_ascii_case(ADMIN) {
                return Ok(failed("The client is mapped to user Admin")
                    .what("acts as Admin in Finance & Operations"));
            }
            if let Some(role) = proof.roles.items.iter().find(|role| is_administrator(role)) {
                let role = role.name.as_deref().unwrap_or(&role.id);
                return Ok(failed(format!(
                    "The client is mapped to user {}, which has role {role}",
                    row.user_id
                ))
                .what(format!("acts as {}, who has role {role}", row.user_id)));
            }
            proof.roles.whole()?;
            Ok(Outcome::Pass)
        });
        verdicts.into_iter().map(Verdict::of_finops).collect()
    }
}

/// The user that every environment is set up with.
const ADMIN: &str = "Admin";

/// The identifier stands in every language; the name only in English.
fn is_administrator(role: &FinopsRole) -> bool {
    role.id.eq_ignore_ascii_case("-SYSADMIN-")
        || role
            .name
            .as_deref()
            .is_some_and(|name| name.eq_ignore_ascii_case("System administrator"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::testing::*;

    #[test]
    fn the_user_or_its_role_tells() {
        assert_pass::<FinopsAdministratorMapping>(|_| {});
        assert_fail::<FinopsAdministratorMapping>(|snapshot| map_to(snapshot, "admin"));
        for (id, name) in [
            ("-sysadmin-", "Systemadministrator"),
            ("X", "System Administrator"),
        ] {
            assert_fail::<FinopsAdministratorMapping>(|snapshot| {
                let roles = &mut finops(snapshot).roles;
                roles.gap = Some(a_gap());
                roles.items = vec![FinopsRole {
                    id: id.to_owned(),
                    name: Some(name.to_owned()),
                }];
            });
        }
        assert_unknown::<FinopsAdministratorMapping>(|snapshot| {
            finops(snapshot).roles.gap = Some(a_gap());
        });
        assert_unknown::<FinopsAdministratorMapping>(|snapshot| finops(snapshot).mapping = gap());
        assert_not_applicable::<FinopsAdministratorMapping>(|snapshot| {
            finops(snapshot).mapping = known(Presence::Absent);
        });
    }
}
