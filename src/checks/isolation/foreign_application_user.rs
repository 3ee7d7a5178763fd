//! Is a registration a user of another environment, even one that cannot sign in there?

use crate::checks::prelude::*;
use crate::facts::isolation::sentences;

pub(crate) struct ForeignApplicationUser;

impl Check for ForeignApplicationUser {
    const META: CheckMeta = CheckMeta {
        id: "foreign-application-user",
        title: "A registration is a user of another environment",
        severity: Severity::High,
        family: super::FAMILY,
        rationale: "A user that is disabled or has no roles can do nothing today, but one click of an administrator there gives access to another environment's credential.",
        remediation: "Find out who created the application user of client id CLIENT-ID in the other environment and why, then delete it (in Finance & Operations: the row under Microsoft Entra ID applications).",
        controls: controls::ISOLATION,
        evidence: &[
            "Dataverse application users",
            "F&O client list",
            "WhoAmI in the other environment",
        ],
        explains: &["unknown-application-user"],
    };

    type Params = NoParams;

    fn judge(_: &NoParams, context: &Context<'_>) -> Vec<Verdict> {
        each_cell(context, |cell| cell.judged(cell.decision.user, there))
    }
}

/// What it is there, behind the registration's name.
fn what(cell: &Cell<'_>) -> String {
    let place = sentences::place(cell.name, cell.target.tier);
    match (cell.service, cell.granted) {
        (Service::FinOps, Granted::Disabled) => {
            format!("is a client of Finance & Operations in {place}, with a disabled user")
        }
        (Service::FinOps, _) => format!("is a client of Finance & Operations in {place}"),
        (_, Granted::Disabled) => format!("has a disabled application user in {place}"),
        (_, Granted::NoRoles) => format!("has an application user without roles in {place}"),
        _ => format!("has an application user in {place}"),
    }
}

fn there(cell: &Cell<'_>) -> Outcome {
    let what = what(cell);
    let mut text = format!(
        "{} of {} {what}",
        cell.case.name(),
        cell.case.registration.environment
    );
    let answer = sentences::seen(cell).map(ToString::to_string);
    let listed = cell.granted.is_there();
    if listed {
        text.push_str(&format!(": its list shows {}", sentences::granted(cell)));
    }
    text.push_str(&match (cell.answered, answer) {
        (Answered::NotTried, _) => format!(
            ". This is the list's evidence alone: {}",
            sentences::not_tried(cell)
        ),
        (Answered::Unknown, _) => format!(
            ". This is the list's evidence alone: the call proved nothing ({})",
            cell.untold().seen
        ),
        (Answered::NotAMember | Answered::Rejected, Some(answer)) if listed => format!(
            ". Its answer to the credential contradicts this, or somebody changed the list meanwhile: {answer}"
        ),
        (Answered::NotAssigned, Some(answer)) => {
            format!(". Only Entra keeps it out: {answer}")
        }
        (_, Some(answer)) => match cell.granted {
            Granted::Unknown => format!(
                ": {answer}. This is the answer's evidence alone: the list could not be read ({})",
                cell.unread().seen
            ),
            Granted::Absent => format!(
                ": {answer}. Its complete list contradicts this: it shows no such user"
            ),
            Granted::Active => format!(". Its answer contradicts this: {answer}"),
            _ => format!(". Its answer agrees: {answer}"),
        },
        (_, None) => String::new(),
    });
    advised(
        text,
        format!(
            "Find out who created the user and why. {}",
            sentences::removal(cell)
        ),
    )
    .what(what)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::testing::*;
    use crate::facts::testing::foreign::*;

    fn told(spoil: impl FnOnce(&mut Snapshot)) -> String {
        match cell_of::<ForeignApplicationUser>("dataverse", spoil) {
            Outcome::Fail(failure) => failure.seen.to_string(),
            other => panic!("{other:?}"),
        }
    }

    fn refused(snapshot: &mut Snapshot, why: UserRefusal) {
        refused_by_prod(snapshot, why);
    }

    #[test]
    fn no_user_by_the_whole_list_passes_even_where_nobody_tried() {
        for service in ["dataverse", "finops"] {
            let outcome = cell_of::<ForeignApplicationUser>(service, |_| {});
            assert!(matches!(outcome, Outcome::Pass), "{outcome:?}");
        }
        assert_pass::<ForeignApplicationUser>(|_| {});
    }

    #[test]
    fn a_disabled_user_fails_by_list_by_answer_and_by_both() {
        let both = told(|snapshot| {
            refused(snapshot, UserRefusal::Disabled);
            known_in_prod(snapshot, 0, Some(true), &[]);
        });
        assert!(
            both.contains("disabled") && both.contains("agrees"),
            "{both}"
        );
        let answer = told(|snapshot| {
            refused(snapshot, UserRefusal::NoRoles);
            elsewhere(snapshot, 0).user = gap();
        });
        assert!(answer.contains("the answer's evidence alone"), "{answer}");
        let against = told(|snapshot| refused(snapshot, UserRefusal::Disabled));
        assert!(against.contains("contradicts"), "{against}");
        let list = told(|snapshot| {
            known_in_prod(snapshot, 0, Some(true), &[]);
            snapshot.isolation = crate::model::IsolationProbe::Off;
            elsewhere(snapshot, 0).tried = None;
        });
        assert!(
            list.contains("the list's evidence alone: not tried"),
            "{list}"
        );
    }

    #[test]
    fn an_enabled_user_with_roles_that_is_refused_is_a_contradiction_and_no_pass() {
        let text = told(|snapshot| known_in_prod(snapshot, 0, Some(false), &["Basic User"]));
        assert!(
            text.contains("contradicts") && text.contains("Basic User"),
            "{text}"
        );
        let text = told(|snapshot| {
            known_in_prod(snapshot, 0, Some(false), &["Basic User"]);
            refuse_token_elsewhere(snapshot, "AADSTS501051");
        });
        assert!(text.contains("Only Entra keeps it out"), "{text}");
    }

    #[test]
    fn production_in_development_is_judged_by_the_list_alone() {
        assert_fail::<ForeignApplicationUser>(|snapshot| {
            let user = foreign_user(Some(false), &["Basic User"]);
            raia(snapshot).foreign[0].user = known(crate::model::Presence::Present(user));
        });
        assert_unknown::<ForeignApplicationUser>(|snapshot| raia(snapshot).foreign[0].user = gap());
    }

    #[test]
    fn what_is_not_known_is_unknown_and_what_is_let_in_is_told_elsewhere() {
        for spoil in [
            (|snapshot: &mut Snapshot| elsewhere(snapshot, 0).user = gap()) as fn(&mut Snapshot),
            |snapshot| dev(snapshot).foreign.clear(),
            |snapshot| elsewhere(snapshot, 0).tried.as_mut().unwrap().answer = gap(),
        ] {
            let outcome = cell_of::<ForeignApplicationUser>("dataverse", spoil);
            assert!(matches!(outcome, Outcome::Unknown(_)), "{outcome:?}");
        }
        let outcome = cell_of::<ForeignApplicationUser>("dataverse", open_to_dev);
        assert!(matches!(outcome, Outcome::NotApplicable(_)), "{outcome:?}");
    }
}
