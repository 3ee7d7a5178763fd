//! Is the registration looked for in the right tenant and cloud?

use crate::checks::prelude::*;

pub(crate) struct WrongTenantOrCloud;

impl Check for WrongTenantOrCloud {
    const META: CheckMeta = CheckMeta {
        id: "wrong-tenant-or-cloud",
        title: "The tenant does not exist in this cloud",
        severity: Severity::Critical,
        family: super::FAMILY,
        rationale: "A mistyped tenant id or the wrong national cloud locks the integration out before any credential is checked.",
        remediation: "Compare tenant id TENANT-ID with Entra admin centre > Overview, and `cloud` in the estate with the cloud that the tenant is in.",
        controls: controls::IDENTITY,
        evidence: &["Entra token"],
        explains: &["token-refused"],
    };

    const STOPS: Stops = Stops::Everything;

    type Params = NoParams;

    fn judge(_: &NoParams, context: &Context<'_>) -> Vec<Verdict> {
        context.each(|case| {
            if let Some((seen, code)) = case.refused_as(Class::WrongTenant) {
                return Ok(advised(
                    format!(
                        "{seen} for tenant {} in the {} cloud: {}",
                        case.tenant.id, case.tenant.cloud, code.cause
                    ),
                    code.fix,
                )
                .what(format!(
                    ": tenant {} is not found in the {} cloud",
                    case.environment.tenant, case.tenant.cloud
                )));
            }
            case.token_refusals()?;
            Ok(Outcome::Pass)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::testing::*;

    #[test]
    fn only_the_tenant_codes_fail() {
        assert_pass::<WrongTenantOrCloud>(|_| {});
        assert_pass::<WrongTenantOrCloud>(|snapshot| refuse_token(snapshot, "AADSTS7000222"));
        for code in ["AADSTS90002", "AADSTS90038", "AADSTS900432", "AADSTS900382"] {
            assert_fail::<WrongTenantOrCloud>(|snapshot| refuse_token(snapshot, code));
        }
        assert_unknown::<WrongTenantOrCloud>(lose_tokens);
    }
}
