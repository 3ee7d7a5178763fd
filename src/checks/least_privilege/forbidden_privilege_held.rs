//! Do the roles give what the estate denies?

use crate::checks::prelude::*;

pub(crate) struct ForbiddenPrivilegeHeld;

impl Check for ForbiddenPrivilegeHeld {
    const META: CheckMeta = CheckMeta {
        id: "forbidden-privilege-held",
        title: "The roles give a privilege that the estate denies",
        severity: Severity::High,
        family: super::FAMILY,
        rationale: "A privilege that a role gives works the day somebody uses it. An audit that changes nothing never tries to create, write or delete, so here the evidence is what is granted, by the user's own roles and its teams' roles together. A denied read counts here if the read itself gave no answer.",
        remediation: "Remove the privilege from the security roles of application user CLIENT-ID in ENVIRONMENT-URL, including the roles of its teams. If two tables share one privilege (task, phonecall and email share prvReadActivity), declare both alike in the estate.",
        controls: controls::LEAST_PRIVILEGE,
        evidence: &[
            "Dataverse effective privileges",
            "Dataverse metadata",
            "Dataverse table reads",
        ],
        explains: &[],
    };

    const PAGE: Option<Page> = Some(Page::ApplicationUsers);

    type Params = NoParams;

    fn judge(_: &NoParams, context: &Context<'_>) -> Vec<Verdict> {
        each_table(
            context,
            Side::Denied,
            |_| true,
            "the estate denies nothing",
            |case, weighed| {
                let answers = weighed.iter().map(|one| {
                    let answer = one.passes(one.judgement.held, one.gap_of_grant());
                    (one, answer)
                });
                worst(answers, |held| {
                    let shared = held
                        .iter()
                        .map(|one| case.shared_with(one.table, one.operation))
                        .find(|tables| !tables.is_empty());
                    in_words(case, &held, shared.as_deref())
                })
            },
        )
    }
}

fn in_words(case: &Case<'_>, held: &[&Weighed<'_>], shared: Option<&[&str]>) -> Outcome {
    let table = held.first().map_or("", |one| one.table);
    let operations: Vec<String> = held
        .iter()
        .map(|one| format!("{} ({})", one.operation, one.granted()))
        .collect();
    let alone = match held.iter().find(|one| one.operation == Operation::Read) {
        Some(read) if held.len() == 1 => {
            format!(
                "the read itself gave no answer: {}",
                read.gap_of_call().seen
            )
        }
        _ if held
            .iter()
            .any(|one| matches!(one.call, Call::Answered(..))) =>
        {
            "a probe of writing was not refused".to_owned()
        }
        _ => "the evidence is the grant alone: no write was tried".to_owned(),
    };
    let seen = format!(
        "The roles give {} on {table}, which the estate denies; {alone}",
        listed(&operations)
    );
    let outcome = match shared {
        Some(tables) => advised(
            format!("{seen}. {}", contradiction(tables)),
            CONTRADICTION_REMEDY,
        ),
        None => advised(seen, narrowed(case, held)),
    };
    let verbs = verbs(held.iter().map(|one| one.operation));
    outcome.what(format!("may {verbs} {table}, which it must not"))
}

/// Which privileges to take out of which roles.
pub(crate) fn narrowed(case: &Case<'_>, held: &[&Weighed<'_>]) -> String {
    let grants = held.iter().filter_map(|one| one.grant.as_ref().ok());
    let names: BTreeSet<&str> = grants.map(|grant| grant.name).collect();
    let names: Vec<&str> = names.into_iter().collect();
    let privileges = match names.as_slice() {
        [] => "the privilege".to_owned(),
        names => listed(names),
    };
    format!("Remove {privileges} from {}", case.roles_to_narrow())
}

/// Why no role can do as the estate says.
pub(crate) fn contradiction(tables: &[&str]) -> String {
    let names = if tables.len() == 1 { "it" } else { "them" };
    format!(
        "The same privilege opens {}, which the estate allows: whoever has it for {names} has it here",
        listed(tables)
    )
}

pub(crate) const CONTRADICTION_REMEDY: &str = "Declare both tables alike in the estate: Dataverse has one privilege for them, so no role can allow one and deny the other";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::testing::*;

    #[test]
    fn a_denied_change_that_is_granted_fails() {
        assert_pass::<ForbiddenPrivilegeHeld>(|_| {});
        for operation in Operation::ALL.into_iter().skip(1) {
            assert_pass::<ForbiddenPrivilegeHeld>(|snapshot| deny(snapshot, operation, "account"));
            for depth in [Depth::User, Depth::Organization] {
                assert_fail::<ForbiddenPrivilegeHeld>(|snapshot| {
                    deny(snapshot, operation, "account");
                    hold(snapshot, operation, "account", depth);
                });
            }
            // Nobody said anything about it.
            assert_pass::<ForbiddenPrivilegeHeld>(|snapshot| {
                hold(snapshot, operation, "account", Depth::Organization);
            });
        }
    }

    #[test]
    fn a_denied_read_counts_here_only_where_the_read_told_nothing() {
        let held = |snapshot: &mut Snapshot| {
            hold(snapshot, Operation::Read, "account", Depth::User);
        };
        assert_fail::<ForbiddenPrivilegeHeld>(|snapshot| {
            held(snapshot);
            *read(snapshot, "account") = gap();
        });
        assert_fail::<ForbiddenPrivilegeHeld>(|snapshot| {
            held(snapshot);
            dataverse(snapshot).whoami = gap();
        });
        // What a firewall answered is no refusal.
        assert_fail::<ForbiddenPrivilegeHeld>(|snapshot| {
            held(snapshot);
            *read(snapshot, "account") = known(ReadAnswer::Refused {
                seen: seen("a read", 403, Some("0x80095ffe")),
                why: ReadRefusal::Privilege,
            });
        });
        assert_not_applicable::<ForbiddenPrivilegeHeld>(held);
        assert_pass::<ForbiddenPrivilegeHeld>(|snapshot| *read(snapshot, "account") = gap());
    }

    #[test]
    fn absence_counts_only_in_a_whole_list_that_was_asked_for_by_name() {
        assert_unknown::<ForbiddenPrivilegeHeld>(|snapshot| {
            held_list(snapshot).held.gap = Some(a_gap());
        });
        assert_unknown::<ForbiddenPrivilegeHeld>(|snapshot| held_list(snapshot).asked.clear());
        assert_unknown::<ForbiddenPrivilegeHeld>(|snapshot| {
            dataverse(snapshot).privileges = gap();
        });
        assert_unknown::<ForbiddenPrivilegeHeld>(|snapshot| {
            names_of(snapshot, "account").privileges = gap();
        });
        assert_unknown::<ForbiddenPrivilegeHeld>(|snapshot| {
            names_of(snapshot, "account").privileges = known(Vec::new());
        });
        assert_not_applicable::<ForbiddenPrivilegeHeld>(|snapshot| {
            expectations(snapshot).deny.read.clear();
        });
        assert_not_applicable::<ForbiddenPrivilegeHeld>(|snapshot| {
            *read(snapshot, "account") = known(ReadAnswer::NoSuchTable);
        });
    }

    #[test]
    fn a_privilege_that_two_tables_share_is_called_a_contradiction() {
        let outcome = judge_raia::<ForbiddenPrivilegeHeld>(|snapshot| {
            for operation in [Operation::Read, Operation::Write] {
                rename(snapshot, "account", operation, "prvWriteActivity");
                rename(snapshot, "contact", operation, "prvWriteActivity");
            }
            deny(snapshot, Operation::Write, "account");
            let allow = &mut expectations(snapshot).allow.write;
            allow.push("contact".to_owned());
            let list = held_list(snapshot);
            list.asked.push("prvWriteActivity".to_owned());
            list.held.items[0].name = "prvWriteActivity".to_owned();
        });
        let Outcome::Fail(failure) = outcome else {
            panic!("{outcome:?}");
        };
        assert!(failure.seen.contains("opens contact"), "{failure:?}");
        assert!(
            failure
                .remedy
                .unwrap()
                .contains("Declare both tables alike")
        );
    }
}
