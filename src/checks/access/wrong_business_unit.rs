//! Does the application user sit in the declared business unit?

use crate::checks::prelude::*;

pub(crate) struct WrongBusinessUnit;

impl Check for WrongBusinessUnit {
    const META: CheckMeta = CheckMeta {
        id: "wrong-business-unit",
        title: "The application user is in another business unit than declared",
        severity: Severity::Medium,
        family: super::FAMILY,
        rationale: "How far a privilege reaches depends on the user's business unit: in the wrong one an integration sees too much or nothing.",
        remediation: "Change the business unit of the application user of client id CLIENT-ID to the declared one (Power Platform admin centre > Environments > ENVIRONMENT-URL > Settings > Users + permissions > Application users), or correct `business-unit` in the estate.",
        controls: controls::LEAST_PRIVILEGE,
        evidence: &["Dataverse application users"],
        explains: &[],
    };

    const EFFECT: Effect = Effect::Access;

    const PAGE: Option<Page> = Some(Page::ApplicationUsers);

    type Params = NoParams;

    fn judge(_: &NoParams, context: &Context<'_>) -> Vec<Verdict> {
        context.each(|case| {
            let Some(declared) = case.dataverse_expectations()?.business_unit.as_deref() else {
                return Err(not_applicable("the estate declares no business unit"));
            };
            let Presence::Present(user) = case.dataverse()?.user.get()? else {
                return Err(not_applicable("there is no application user"));
            };
            let unit = user.business_unit.get()?;
            if unit.eq_ignore_ascii_case(declared) {
                return Ok(Outcome::Pass);
            }
            Ok(failed(format!(
                "The application user is in business unit {unit}; the estate declares {declared}"
            ))
            .what(format!("is in business unit {unit} instead of {declared}")))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::testing::*;

    #[test]
    fn another_unit_fails() {
        assert_pass::<WrongBusinessUnit>(|_| {});
        assert_fail::<WrongBusinessUnit>(|snapshot| {
            user(snapshot).business_unit = known("sales".to_owned())
        });
        assert_unknown::<WrongBusinessUnit>(|snapshot| user(snapshot).business_unit = gap());
        assert_not_applicable::<WrongBusinessUnit>(|snapshot| {
            expectations(snapshot).business_unit = None;
        });
    }
}
