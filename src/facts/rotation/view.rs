//! What a report shows of a registration's credentials: each with its state, and how far the rotation is.

use super::params::RotationParams;
use super::state::Rotation;
use super::steps::{steps, steps_about};
use crate::facts::case::{Case, Context};
use crate::facts::credentials::held::{Held, thumbprint};
use crate::facts::credentials::last_use::days_before;
use crate::facts::prelude::*;
use crate::model::assessment::{CredentialEnd, CredentialView, LastUse as Shown, RotationView};

/// The credentials of one registration and its service principal, by end, then key id, and how far their
/// rotation is.
pub(crate) fn life(
    context: &Context<'_>,
    params: &RotationParams,
    name: &str,
) -> (Vec<CredentialView>, RotationView) {
    let Some(case) = context.case(name) else {
        let view = RotationView {
            state: RotationState::Unknown,
            why: "It was not looked at".into(),
            steps: Vec::new(),
        };
        return (Vec::new(), view);
    };
    let rotation = Rotation::of(&case, params);
    let mut held: Vec<Held<'_>> = case.lists().into_iter().flatten().flatten().collect();
    held.sort_by(|left, right| {
        let order = |held: &Held<'_>| (held.end.known().copied(), held.place);
        (order(left), &left.key_id).cmp(&(order(right), &right.key_id))
    });
    let credentials = held
        .iter()
        .map(|held| shown(&case, params, &rotation, held))
        .collect();
    let view = RotationView {
        state: rotation.state,
        why: rotation.why.raised(),
        steps: steps(&case, params, &rotation),
    };
    (credentials, view)
}

/// What to do next about one resource of the registration: the steps of the rotation, or of the one credential
/// that it is; nothing where the check asks for none.
pub(crate) fn next_steps(
    context: &Context<'_>,
    params: &RotationParams,
    name: &str,
    kind: NextSteps,
    resource: &Resource,
) -> Vec<Step> {
    let case = context.case(name);
    let Some(case) = case.filter(|_| kind != NextSteps::Nothing) else {
        return Vec::new();
    };
    let rotation = Rotation::of(&case, params);
    steps_about(&case, params, &rotation, kind, resource)
}

fn shown<'a>(
    case: &Case<'a>,
    params: &RotationParams,
    rotation: &Rotation<'a>,
    held: &Held<'a>,
) -> CredentialView {
    let on = |moment: DateTime<Utc>, doubt| Shown::On {
        day: moment.date_naive(),
        doubt,
    };
    CredentialView {
        key_id: held.key_id.clone(),
        kind: held.kind.as_str().to_owned(),
        place: held.place.as_str().to_owned(),
        name: held.display_name.clone(),
        thumbprint: thumbprint(held.credential).map(str::to_owned),
        start: held.start,
        ends: CredentialEnd::of(&held.credential.end, case.context.as_of),
        stored: case.stored_match(held),
        last_use: match case.last_use(held, days_before(case.reported_until(), params.idle_days)) {
            Ok(LastUse::At(moment)) => on(*moment, None),
            Ok(LastUse::NotReported) => Shown::NotReported,
            // The day is known all the same; whose it was is not.
            Err(stop) => match held.credential.last_use.known() {
                Some(LastUse::At(moment)) => on(*moment, Some(stop.into_words())),
                _ => Shown::Unknown(stop.into_words()),
            },
        },
        safe_to_remove: rotation.removable(case, params, held).is_ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::index::Index;
    use crate::facts::testing::tidy::*;

    #[test]
    fn a_step_about_a_shared_entry_carries_who_shares_it() {
        let mut snapshot = tidy();
        let registrations = &mut snapshot.estate.registrations;
        registrations[1].credential = registrations[0].credential.clone();
        let context = Context {
            snapshot: &snapshot,
            as_of: as_of(),
            index: &Index::of(&snapshot),
        };
        let params = RotationParams {
            interval_days: 1,
            ..RotationParams::default()
        };
        let (_, rotation) = life(&context, &params, "raia");
        let others: Vec<_> = rotation.steps.iter().map(|step| &step.others).collect();
        assert_eq!(others, [&["raia-dev".to_owned()].into()], "{rotation:#?}");
    }
}
