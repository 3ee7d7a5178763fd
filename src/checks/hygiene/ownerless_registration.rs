//! Does anybody answer for the registration?

use crate::checks::prelude::*;

pub(crate) struct OwnerlessRegistration;

impl Check for OwnerlessRegistration {
    const META: CheckMeta = CheckMeta {
        id: "ownerless-registration",
        title: "A registration has no owner",
        severity: Severity::Medium,
        family: super::FAMILY,
        rationale: "If it breaks, there is nobody to ask, and nobody who gets Entra's own reminders.",
        remediation: "Add an owner on the Owners page of app registration CLIENT-ID, and write `owner` in the estate.",
        controls: controls::IDENTITY,
        evidence: &["Graph owners", "estate"],
        explains: &[],
    };

    const PAGE: Option<Page> = Some(Page::Owners);

    type Params = NoParams;

    fn judge(_: &NoParams, context: &Context<'_>) -> Vec<Verdict> {
        context.each(|case| {
            if case.registration.owner.is_some() || !case.evidence.owners.items.is_empty() {
                return Ok(Outcome::Pass);
            }
            case.application()?;
            case.evidence.owners.whole()?;
            Ok(
                failed("Microsoft Graph lists no owner, and the estate names none")
                    .what("has no owner"),
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::testing::*;

    #[test]
    fn an_owner_in_either_place_is_enough() {
        assert_pass::<OwnerlessRegistration>(|snapshot| raia(snapshot).owners.items.clear());
        assert_fail::<OwnerlessRegistration>(|snapshot| {
            raia(snapshot).owners.items.clear();
            snapshot.estate.registrations[0].owner = None;
        });
        assert_unknown::<OwnerlessRegistration>(|snapshot| {
            raia(snapshot).owners = crate::model::Listing::cut_short(Vec::new(), a_gap());
            snapshot.estate.registrations[0].owner = None;
        });
        assert_not_applicable::<OwnerlessRegistration>(|snapshot| {
            raia(snapshot).application = known(crate::model::Presence::Absent);
            refuse_token(snapshot, "AADSTS700016");
            raia(snapshot).owners.items.clear();
            snapshot.estate.registrations[0].owner = None;
        });
    }
}
