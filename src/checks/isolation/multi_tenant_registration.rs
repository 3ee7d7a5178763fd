//! Is the registration open to other organisations?

use crate::checks::prelude::*;

pub(crate) struct MultiTenantRegistration;

impl Check for MultiTenantRegistration {
    const META: CheckMeta = CheckMeta {
        id: "multi-tenant-registration",
        title: "A registration accepts accounts of other organisations",
        severity: Severity::Medium,
        family: super::FAMILY,
        rationale: "An integration with its own environment needs only its own tenant; with a wider audience anybody can create a service principal of it in another tenant.",
        remediation: "Limit app registration CLIENT-ID to this organisation, under Authentication > Supported account types in the Entra admin centre.",
        controls: controls::ISOLATION,
        evidence: &["Graph application"],
        explains: &[],
    };

    const PAGE: Option<Page> = Some(Page::Authentication);

    type Params = NoParams;

    fn fixes() -> Vec<Fix> {
        vec![fixes::update_registration(
            "Limit it to this organisation",
            "--sign-in-audience AzureADMyOrg",
        )]
    }

    fn judge(_: &NoParams, context: &Context<'_>) -> Vec<Verdict> {
        context.each(|case| {
            if let Some(home) = &case.registration.home_tenant {
                return Err(not_applicable(format!(
                    "it is meant to work in tenants other than its own ({home}, home-tenant in the estate)"
                )));
            }
            let audience = case.application()?.audience.get()?;
            Ok(match audience.as_str() {
                "AzureADMyOrg" => Outcome::Pass,
                "AzureADMultipleOrgs"
                | "AzureADandPersonalMicrosoftAccount"
                | "PersonalMicrosoftAccount" => {
                    failed(format!("Microsoft Graph shows signInAudience {audience}"))
                        .what("accepts accounts of other organisations")
                }
                other => {
                    return Err(Gap::new(
                        GapKind::Unrecognised,
                        format!("Microsoft Graph shows an unknown signInAudience: {other}"),
                    )
                    .into());
                }
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::testing::*;

    #[test]
    fn only_this_organisation_passes() {
        assert_pass::<MultiTenantRegistration>(|_| {});
        assert_fail::<MultiTenantRegistration>(|snapshot| {
            application(snapshot).audience = known("AzureADMultipleOrgs".to_owned());
        });
        assert_unknown::<MultiTenantRegistration>(|snapshot| {
            application(snapshot).audience = known("Everyone".to_owned());
        });
        assert_not_applicable::<MultiTenantRegistration>(|snapshot| {
            raia(snapshot).application = known(crate::model::Presence::Absent);
            refuse_token(snapshot, "AADSTS700016");
        });
    }
}
