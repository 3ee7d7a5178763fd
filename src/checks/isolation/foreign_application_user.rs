//! Is a registration a user of another environment, even one that cannot get in?

use crate::checks::prelude::*;
use crate::facts::isolation::words;

pub(crate) struct ForeignApplicationUser;

impl Check for ForeignApplicationUser {
    const META: CheckMeta = CheckMeta {
        id: "foreign-application-user",
        title: "The registration is a user of another environment",
        severity: Severity::High,
        family: super::FAMILY,
        rationale: "Disabled or without roles it opens nothing today; one click of an administrator there, and another environment's credential is inside.",
        remediation: "Delete the application user (in Finance & Operations: the row under Microsoft Entra ID applications) of client id CLIENT-ID in the other environment, after finding out who made it and why.",
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

fn there(cell: &Cell<'_>) -> Outcome {
    let mut text = format!(
        "{} of {} is a user of {} ({})",
        cell.case.name(),
        cell.case.registration.environment,
        cell.name,
        cell.target.tier
    );
    let answer = words::seen(cell).map(ToString::to_string);
    let listed = cell.granted.is_there();
    if listed {
        text.push_str(&format!(": its list has it as {}", words::granted(cell)));
    }
    text.push_str(&match (cell.answered, answer) {
        (Answered::NotTried, _) => format!(
            ". That is the list's evidence alone: {}",
            words::not_tried(cell)
        ),
        (Answered::Unknown, _) => format!(
            ". That is the list's evidence alone: the call told nothing ({})",
            cell.untold().seen
        ),
        (Answered::NotAMember | Answered::Rejected, Some(answer)) if listed => format!(
            ". Its answer to the credential contradicts that, or somebody changed the list meanwhile: {answer}"
        ),
        (Answered::NotAssigned, Some(answer)) => {
            format!(". Only Entra keeps it out: {answer}")
        }
        (_, Some(answer)) => match cell.granted {
            Granted::Unknown => format!(
                ": {answer}. That is the answer's evidence alone: the list is not known ({})",
                cell.unread().seen
            ),
            Granted::Absent => format!(
                ": {answer}. Its list, read to its end, contradicts that: it has no such user"
            ),
            Granted::Active => format!(". Its answer contradicts that: {answer}"),
            _ => format!(". Its answer agrees: {answer}"),
        },
        (_, None) => String::new(),
    });
    failed(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::testing::*;
    use crate::facts::testing::foreign::*;

    fn told(spoil: impl FnOnce(&mut Snapshot)) -> String {
        match cell_of::<ForeignApplicationUser>("dataverse", spoil) {
            Outcome::Fail(failure) => failure.seen,
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
