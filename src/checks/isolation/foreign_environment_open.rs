//! Does another environment accept a registration's credential?

use crate::checks::prelude::*;
use crate::facts::isolation::sentences;

pub(crate) struct ForeignEnvironmentOpen;

impl Check for ForeignEnvironmentOpen {
    const META: CheckMeta = CheckMeta {
        id: "foreign-environment-open",
        title: "Another environment accepts a registration's credential",
        severity: Severity::Critical,
        family: super::FAMILY,
        rationale: "A credential that was made for one environment is protected by the rules of that environment. If another environment accepts it, whoever has the development secret has access to production.",
        remediation: "Delete the application user (in Finance & Operations: the row under Microsoft Entra ID applications) of client id CLIENT-ID in the other environment. If an integration needs access there, create a separate registration for it.",
        controls: controls::ISOLATION,
        evidence: &[
            "WhoAmI and a read of F&O in the other environment",
            "Dataverse application users",
            "F&O client list",
        ],
        explains: &["unknown-application-user"],
    };

    type Params = NoParams;

    fn judge(_: &NoParams, context: &Context<'_>) -> Vec<Verdict> {
        each_cell(context, |cell| cell.judged(cell.decision.environment, open))
    }
}

fn open(cell: &Cell<'_>) -> Outcome {
    let answer = sentences::seen(cell).map_or_else(String::new, ToString::to_string);
    let place = sentences::place(cell.name, cell.target.tier);
    let mut text = format!(
        "{answer}: {place} accepts the credential of {}, which belongs to {}",
        cell.case.name(),
        sentences::place(
            &cell.case.registration.environment,
            cell.case.environment.tier
        ),
    );
    if cell.answered == Answered::LetIn {
        text.push_str(". It refused the one read that was tried, but only a client that it knows gets that far");
    }
    text.push_str(&match cell.granted {
        Granted::Unknown => format!(
            ". This is one kind of evidence alone: its list of users could not be read ({})",
            cell.unread().seen
        ),
        Granted::Absent | Granted::Disabled => format!(
            ". Its list of users contradicts this ({}): somebody changed it meanwhile, or the access has another cause",
            sentences::granted(cell)
        ),
        _ => format!(". Its list of users agrees: {}", sentences::granted(cell)),
    });
    let service = match cell.service {
        Service::FinOps => "Finance & Operations in ",
        _ => "",
    };
    advised(
        text,
        format!(
            "{}. If an integration needs access there, create a separate registration for it",
            sentences::removal(cell)
        ),
    )
    .what(format!("can sign in to {service}{place}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::testing::*;
    use crate::facts::testing::foreign::*;

    fn dataverse(spoil: impl FnOnce(&mut Snapshot)) -> Outcome {
        cell_of::<ForeignEnvironmentOpen>("dataverse", spoil)
    }

    fn finops(spoil: impl FnOnce(&mut Snapshot)) -> Outcome {
        cell_of::<ForeignEnvironmentOpen>("finops", spoil)
    }

    #[test]
    fn a_refusal_under_its_control_passes() {
        assert!(matches!(dataverse(|_| {}), Outcome::Pass));
        assert!(matches!(finops(|_| {}), Outcome::Pass));
    }

    #[test]
    fn a_success_elsewhere_fails_and_both_kinds_of_evidence_are_named() {
        let told = |spoil: fn(&mut Snapshot)| match dataverse(spoil) {
            Outcome::Fail(failure) => failure.seen,
            other => panic!("{other:?}"),
        };
        let agreed = told(|snapshot| {
            open_to_dev(snapshot);
            known_in_prod(snapshot, 0, Some(false), &["Basic User"]);
        });
        assert!(
            agreed.contains("agrees: user user-9, enabled, roles Basic User"),
            "{agreed}"
        );
        assert!(told(open_to_dev).contains("contradicts"));
        let alone = told(|snapshot| {
            open_to_dev(snapshot);
            elsewhere(snapshot, 0).user = gap();
        });
        assert!(alone.contains("one kind of evidence alone"), "{alone}");
    }

    fn let_in(snapshot: &mut Snapshot) {
        let seen = seen("a read of /data", 403, None);
        answer(snapshot, 1, ForeignAnswer::LetIn { seen });
    }

    /// A 403 has no code there, and whatever stands before the service answers one, too.
    #[test]
    fn a_403_of_finance_and_operations_lets_in_where_its_list_says_so() {
        let outcome = finops(|snapshot| {
            let_in(snapshot);
            known_in_prod(snapshot, 1, Some(false), &[]);
        });
        assert!(matches!(outcome, Outcome::Fail(_)), "{outcome:?}");
        let alone: [fn(&mut Snapshot); 2] = [let_in, |snapshot| {
            let_in(snapshot);
            elsewhere(snapshot, 1).user = gap();
        }];
        for spoil in alone {
            for check in [finops, cell_of_user as fn(fn(&mut Snapshot)) -> Outcome] {
                let outcome = check(spoil);
                assert!(matches!(outcome, Outcome::Unknown(_)), "{outcome:?}");
            }
        }
    }

    fn cell_of_user(spoil: fn(&mut Snapshot)) -> Outcome {
        cell_of::<crate::checks::isolation::foreign_application_user::ForeignApplicationUser>(
            "finops", spoil,
        )
    }

    /// What a stored refusal is called decides nothing: its status and code are looked up again.
    #[test]
    fn a_stored_refusal_is_looked_up_again() {
        let answers = [
            (403, Some("0x80095ffe")),
            (403, Some("0x8badf00d")),
            (403, None),
            (429, Some("0x80072560")),
            (503, Some("0x80072560")),
            (200, None),
        ];
        for (status, code) in answers {
            let outcome = dataverse(|snapshot| {
                let why = UserRefusal::NotAMember;
                let seen = seen("WhoAmI", status, code);
                answer(snapshot, 0, ForeignAnswer::Refused { seen, why });
            });
            assert!(matches!(outcome, Outcome::Unknown(_)), "{status} {code:?}");
        }
        for status in [403, 429, 500, 200] {
            let outcome = finops(|snapshot| {
                let seen = seen("a read of /data", status, None);
                answer(snapshot, 1, ForeignAnswer::Rejected { seen });
            });
            assert!(matches!(outcome, Outcome::Unknown(_)), "{status}");
        }
    }

    #[test]
    fn of_two_stored_answers_the_worse_counts() {
        for first in [true, false] {
            let outcome = dataverse(|snapshot| {
                let good = elsewhere(snapshot, 0).clone();
                open_to_dev(snapshot);
                let place = if first { 0 } else { 2 };
                dev(snapshot).foreign.insert(place, good);
            });
            assert!(matches!(outcome, Outcome::Fail(_)), "{outcome:?}");
        }
    }

    /// At home, too: a WhoAmI or a read that is called answered counts by its status.
    #[test]
    fn a_control_counts_by_its_status() {
        let outcome = dataverse(|snapshot| {
            let proof = dev(snapshot).dataverse.as_mut().unwrap();
            if let Observed::Known(WhoAmI::Answered { seen, .. }) = &mut proof.whoami {
                seen.status = 503;
            }
        });
        assert!(matches!(outcome, Outcome::Unknown(_)), "{outcome:?}");
        let outcome = finops(|snapshot| {
            let proof = dev(snapshot).finops.as_mut().unwrap();
            if let Observed::Known(FinopsClient::Accepted { seen }) = &mut proof.client {
                seen.status = 403;
            }
            for read in &mut proof.reads {
                if let Observed::Known(CollectionAnswer::Read { seen }) = &mut read.answer {
                    seen.status = 502;
                }
            }
        });
        assert!(matches!(outcome, Outcome::Unknown(_)), "{outcome:?}");
    }

    /// F&O answers 401 to a wrong `aud` or `tid` and to a missing `oid` as well.
    #[test]
    fn a_401_counts_only_with_a_right_token() {
        let spoils: [fn(&mut TokenClaims); 5] = [
            |claims| claims.audience = known("https://elsewhere".to_owned()),
            |claims| claims.tenant = known("tenant-2".to_owned()),
            |claims| claims.object_id = gap(),
            |claims| claims.audience = gap(),
            |claims| claims.tenant = gap(),
        ];
        for (index, spoil) in spoils.into_iter().enumerate() {
            let outcome = finops(|snapshot| spoil(claims_elsewhere(snapshot, 1)));
            assert!(
                matches!(outcome, Outcome::Unknown(_)),
                "{index}: {outcome:?}"
            );
        }
        let outcome = finops(|snapshot| {
            let audience = &mut claims_elsewhere(snapshot, 1).audience;
            *audience = known("https://contoso.operations.dynamics.com/".to_owned());
        });
        assert!(matches!(outcome, Outcome::Pass), "{outcome:?}");
    }

    #[test]
    fn without_a_control_nothing_is_proven() {
        let spoils: [fn(&mut Snapshot); 6] = [
            // At home: no token, no WhoAmI, a user that is none.
            |snapshot| dev(snapshot).tokens[0].answer = gap(),
            |snapshot| dev(snapshot).dataverse.as_mut().unwrap().whoami = gap(),
            |snapshot| elsewhere(snapshot, 0).tried.as_mut().unwrap().token = gap(),
            |snapshot| elsewhere(snapshot, 0).tried.as_mut().unwrap().answer = gap(),
            |snapshot| elsewhere(snapshot, 0).tried = None,
            silence_prod,
        ];
        for spoil in spoils {
            let outcome = dataverse(spoil);
            assert!(matches!(outcome, Outcome::Unknown(_)), "{outcome:?}");
        }
        let finops_spoils: [fn(&mut Snapshot); 2] = [
            |snapshot| dev(snapshot).finops.as_mut().unwrap().client = gap(),
            silence_prod,
        ];
        for spoil in finops_spoils {
            let outcome = finops(spoil);
            assert!(matches!(outcome, Outcome::Unknown(_)), "{outcome:?}");
        }
    }

    #[test]
    fn only_an_answer_about_this_application_counts_from_entra() {
        let refused =
            |code: &'static str| dataverse(move |snapshot| refuse_token_elsewhere(snapshot, code));
        assert!(matches!(refused("AADSTS501051"), Outcome::Pass));
        for code in [
            "AADSTS500011",
            "AADSTS65001",
            "AADSTS650057",
            "AADSTS7000215",
        ] {
            let outcome = refused(code);
            assert!(
                matches!(outcome, Outcome::Unknown(_)),
                "{code}: {outcome:?}"
            );
        }
    }

    #[test]
    fn a_user_there_is_told_by_its_own_check() {
        for why in [UserRefusal::Disabled, UserRefusal::NoRoles] {
            let outcome = dataverse(|snapshot| refused_by_prod(snapshot, why));
            assert!(matches!(outcome, Outcome::NotApplicable(_)), "{outcome:?}");
        }
        let outcome =
            dataverse(|snapshot| known_in_prod(snapshot, 0, Some(false), &["Basic User"]));
        assert!(matches!(outcome, Outcome::NotApplicable(_)), "{outcome:?}");
    }

    #[test]
    fn other_tenants_other_names_and_what_the_policy_leaves_out_do_not_arise() {
        let spoils: [fn(&mut Snapshot); 5] = [
            |snapshot| {
                snapshot.estate.environments.get_mut("dev").unwrap().tenant = "fabrikam".to_owned()
            },
            |snapshot| {
                let host = snapshot.estate.environments["prod"].dataverse.clone();
                snapshot
                    .estate
                    .environments
                    .get_mut("dev")
                    .unwrap()
                    .dataverse = host;
            },
            |snapshot| {
                snapshot.environments.get_mut("dev").unwrap().organization =
                    known("organization-contoso".to_owned());
            },
            |snapshot| {
                snapshot.isolation = crate::model::IsolationProbe::Off;
                elsewhere(snapshot, 0).tried = None;
            },
            |snapshot| snapshot.estate.registrations[1].prove = crate::estate::Prove::Never,
        ];
        for (index, spoil) in spoils.into_iter().enumerate() {
            let outcome = dataverse(|snapshot| {
                let mut tenant = snapshot.estate.tenants["contoso"].clone();
                tenant.id = "tenant-2".to_owned();
                snapshot
                    .estate
                    .tenants
                    .insert("fabrikam".to_owned(), tenant);
                spoil(snapshot);
            });
            assert!(
                matches!(outcome, Outcome::NotApplicable(_)),
                "{index}: {outcome:?}"
            );
        }
    }

    /// Sharing Finance & Operations switches off the cell of Finance & Operations, and nothing else.
    #[test]
    fn one_shared_service_says_nothing_of_the_other() {
        let share_finops = |snapshot: &mut Snapshot| {
            let host = snapshot.estate.environments["prod"].finops.clone();
            let dev = snapshot.estate.environments.get_mut("dev").unwrap();
            dev.finops = host;
        };
        let outcome = dataverse(|snapshot| {
            open_to_dev(snapshot);
            share_finops(snapshot);
        });
        assert!(matches!(outcome, Outcome::Fail(_)), "{outcome:?}");
        let outcome = finops(share_finops);
        assert!(matches!(outcome, Outcome::NotApplicable(_)), "{outcome:?}");
        let outcome = finops(|snapshot| {
            let id = known("organization-contoso".to_owned());
            snapshot.environments.get_mut("dev").unwrap().organization = id;
        });
        assert!(matches!(outcome, Outcome::Pass), "{outcome:?}");
    }

    #[test]
    fn the_auditors_success_or_anybody_elses_is_the_targets_control() {
        let outcome = dataverse(|snapshot| {
            snapshot.environments.get_mut("prod").unwrap().organization = gap();
        });
        assert!(matches!(outcome, Outcome::Pass), "{outcome:?}");
        let outcome = dataverse(|snapshot| {
            raia(snapshot).dataverse = None;
            elsewhere(snapshot, 0).user = known(Presence::Absent);
        });
        assert!(matches!(outcome, Outcome::Pass), "{outcome:?}");
    }
}
