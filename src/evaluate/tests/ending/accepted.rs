//! Waived and only reported: what exit 0 may still leave open.

use super::*;

fn waiving(assessment: &Assessment) -> Vec<Waiver> {
    let findings = assessment.findings.iter();
    findings
        .map(|one| Waiver {
            check: one.check.clone(),
            resource: one.resource.clone(),
            reason: "until the vendor is back".to_owned(),
            owner: "erp".to_owned(),
            expires: "2030-01-01".parse().unwrap(),
            place: None,
        })
        .collect()
}

#[test]
fn a_waiver_answers_for_what_lies_behind_a_finding_that_would_have_counted() {
    let spoil = malformed(EntryProblem::NoCertificate);
    let mut policy = baseline();
    policy.waivers = waiving(&judged(&policy, &spoil));
    let waived = judged(&policy, &spoil);
    assert_eq!(waived.verdict.exit_code, 0);
    assert!(waived.coverage.behind_and_waived > 0);
    assert_eq!(
        waived.coverage.behind_and_waived,
        waived.coverage.behind_a_fail
    );
    // Who waived a lesser thing has not accepted what it hides.
    let (_, spoil) = lesser().remove(0);
    let mut policy = with_threshold(Severity::Critical);
    policy.waivers = waiving(&judged(&policy, &spoil));
    let waived = judged(&policy, &spoil);
    assert_eq!(waived.waived.len(), policy.waivers.len());
    assert_eq!(waived.verdict.exit_code, 11);
}

#[test]
fn no_built_in_policy_only_reports_what_can_be_high() {
    for (name, _) in BUILT_IN {
        let policy = builtin(name).unwrap();
        assert_eq!(policy.unknown, UnknownMode::Incomplete, "{name}");
        for planned in plan(&policy).unwrap().checks {
            let id = planned.meta.id;
            match planned.unknown {
                UnknownMode::Incomplete => {}
                UnknownMode::Report => {
                    let worst = crate::checks::find(id).unwrap().worst;
                    let worst = planned.severity.unwrap_or(worst);
                    assert!(worst < Severity::High, "{name}: {id}");
                }
                UnknownMode::ReportAll => panic!("{name}: {id}"),
            }
        }
    }
}

#[test]
fn report_means_a_missing_right_and_nothing_that_went_wrong() {
    for kind in GapKind::ALL {
        for (mode, reported) in [
            (UnknownMode::Incomplete, false),
            (
                UnknownMode::Report,
                matches!(kind, GapKind::Denied | GapKind::NotLicensed),
            ),
            (UnknownMode::ReportAll, true),
        ] {
            let mut policy = baseline();
            policy.checks.clear();
            policy.unknown = mode;
            let assessment = judged(&policy, &|snapshot| {
                raia(snapshot).owners = Listing::cut_short(Vec::new(), Gap::new(kind, "not told"));
                snapshot.estate.registrations[0].owner = None;
            });
            let open = assessment.unknowns.iter();
            let counts: Vec<bool> = open.map(|one| one.counts).collect();
            assert!(!counts.is_empty(), "{kind}");
            assert!(
                counts.iter().all(|counts| *counts != reported),
                "{kind} {mode:?}"
            );
        }
    }
}

/// What an exit code of 0 claims, read from the record of every question.
fn claims(assessment: &Assessment, policy: &Policy) -> Vec<String> {
    let mut broken = Vec::new();
    for (check, resources) in assessment.answers() {
        for (resource, answer) in resources {
            let fine = match answer {
                Answer::Passed | Answer::NotApplicable(_) | Answer::Waived(_) => true,
                Answer::WaivedConsequence(..) => true,
                Answer::Failed(finding) => finding.severity < policy.fail_on,
                Answer::Consequence(_, cause) => cause.severity < policy.fail_on,
                Answer::Unknown(open) => match policy.unknown {
                    UnknownMode::Incomplete => !open.counts && only_reported(policy, check),
                    UnknownMode::Report => {
                        matches!(open.kind, GapKind::Denied | GapKind::NotLicensed)
                    }
                    UnknownMode::ReportAll => true,
                },
                Answer::BehindAFail(_, cover) => match cover {
                    Cover::Finding | Cover::Nothing => false,
                    Cover::Policy => policy.unknown == UnknownMode::ReportAll,
                    Cover::Waiver => assessment
                        .waived
                        .iter()
                        .any(|one| one.finding.severity >= policy.fail_on),
                },
            };
            if !fine {
                broken.push(format!("{check} of {resource}: {answer:?}"));
            }
        }
    }
    let lists = assessment.coverage.lists.iter();
    let unread = lists.filter(|list| {
        list.kind
            .is_some_and(|kind| !matches!(kind, GapKind::Denied | GapKind::NotReached))
    });
    broken.extend(unread.map(|list| format!("list {}", list.name)));
    broken
}

fn only_reported(policy: &Policy, check: &str) -> bool {
    let settings = policy.checks.get(check);
    settings.is_some_and(|one| one.unknown.is_some())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn exit_0_means_that_every_question_is_answered_waived_or_only_reported(
        locked in prop::option::of(0..locked_out().len()),
        lesser_step in prop::option::of(0..lesser().len()),
        hole in prop::option::of(0..holes().len()),
        fail_on in prop::sample::select(&Severity::ALL[..]),
        mode in prop::sample::select(&UnknownMode::ALL[..]),
        severities in prop::collection::btree_map(
            prop::sample::select(&["vault-entry-malformed", "vault-entry-missing", "vault-entry-disabled",
                "token-refused", "application-user-without-roles", "finops-user-disabled",
                "credential-expired", "multi-tenant-registration"][..]),
            prop::sample::select(&Severity::ALL[..]),
            0..4,
        ),
        waives in any::<bool>(),
    ) {
        let picked = [(locked_out(), locked), (lesser(), lesser_step), (holes(), hole)];
        let picked: Vec<Spoil> = picked
            .into_iter()
            .filter_map(|(mut ways, index)| index.map(|index| ways.swap_remove(index)))
            .collect();
        let spoil = |snapshot: &mut Snapshot| picked.iter().for_each(|(_, spoil)| spoil(snapshot));
        let mut policy = Policy { fail_on, unknown: mode, ..baseline() };
        policy.checks = BTreeMap::new();
        for (check, severity) in severities {
            let settings = CheckSettings { severity: Some(severity), ..CheckSettings::default() };
            policy.checks.insert(check.to_owned(), settings);
        }
        if waives {
            policy.waivers = waiving(&judged(&policy, &spoil));
        }
        let assessment = judged(&policy, &spoil);
        let names: Vec<&str> = picked.iter().map(|(name, _)| *name).collect();
        let broken = claims(&assessment, &policy);
        let heavy = assessment.findings.iter().any(|one| one.severity >= fail_on);
        match assessment.verdict.exit_code {
            0 => prop_assert!(broken.is_empty(), "{names:?}: {broken:#?}"),
            10 => prop_assert!(heavy, "{names:?}"),
            11 => prop_assert!(!heavy && !broken.is_empty(), "{names:?}"),
            other => prop_assert!(false, "{other}"),
        }
    }
}
