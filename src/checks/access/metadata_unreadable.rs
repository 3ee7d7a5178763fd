//! Can the integration read the metadata it declares it needs?

use super::roles;
use crate::checks::prelude::*;

pub(crate) struct MetadataUnreadable;

impl Check for MetadataUnreadable {
    const META: CheckMeta = CheckMeta {
        id: "metadata-unreadable",
        title: "Metadata that the integration needs cannot be read",
        severity: Severity::Medium,
        family: super::FAMILY,
        rationale: "A sync that cannot read the organisation's settings, table definitions or option set labels keeps running and copies bare numbers, or stops at the first new column or label.",
        remediation: "Add the missing privilege (read on Organization, Entity or Option Set) to the integration's own security role: Power Platform admin centre > Environments > ENVIRONMENT-URL > Settings > Users + permissions > Security roles.",
        controls: controls::LEAST_PRIVILEGE,
        evidence: &["Dataverse metadata"],
        explains: &[],
    };

    const EFFECT: Effect = Effect::Access;

    const PAGE: Option<Page> = Some(Page::ApplicationUsers);

    type Params = NoParams;

    fn judge(_: &NoParams, context: &Context<'_>) -> Vec<Verdict> {
        context.each_part(|case, found| {
            if let Ok(expected) = case.dataverse_expectations() {
                if expected.metadata {
                    found.push(case.on(Part::Metadata, of_a_sync(case)));
                }
                found.extend(
                    expected
                        .option_sets
                        .iter()
                        .map(|name| case.on(Part::OptionSet(name.clone()), option_set(case, name))),
                );
            }
            Err(not_applicable(
                "the estate declares no metadata that it reads",
            ))
        })
    }
}

fn answer<'a>(case: &Case<'a>, target: &MetadataTarget) -> Result<&'a MetadataAnswer, Stop> {
    let mut reads = case.dataverse()?.metadata.iter();
    let made = reads
        .find(|read| read.target == *target)
        .ok_or_else(|| Gap::new(GapKind::NotReached, "this metadata was not read"))?;
    Ok(made.answer.get()?)
}

/// The privilege without which the service refuses a read ("Security roles and privileges").
const fn privilege(target: &MetadataTarget) -> &'static str {
    match target {
        MetadataTarget::Organization => "prvReadOrganization",
        MetadataTarget::Tables => "prvReadEntity",
        MetadataTarget::OptionSets | MetadataTarget::OptionSet(_) => "prvReadOptionSet",
    }
}

/// What the metadata is about, before "metadata".
const fn subject(target: &MetadataTarget) -> &'static str {
    match target {
        MetadataTarget::Organization => "organization",
        MetadataTarget::Tables => "table",
        MetadataTarget::OptionSets | MetadataTarget::OptionSet(_) => "option set",
    }
}

/// All that `metadata = true` declares: one missing right or several, one role lacks them.
fn of_a_sync(case: &Case<'_>) -> Judged {
    let (mut refused, mut lacks, mut open) = (Vec::new(), Vec::new(), None);
    for target in MetadataTarget::OF_A_SYNC {
        match answer(case, &target) {
            Ok(MetadataAnswer::Read { .. }) => {}
            Ok(MetadataAnswer::Refused { seen }) => {
                refused.push(format!("{seen} (requires {})", privilege(&target)));
                lacks.push(target);
            }
            Ok(MetadataAnswer::NotFound { seen }) => {
                let odd = format!("{seen}, though every environment has this");
                open = open.or(Some(Gap::new(GapKind::Unrecognised, odd).into()));
            }
            Err(stop) => open = open.or(Some(stop)),
        }
    }
    if !refused.is_empty() {
        case.require_whoami()?;
        let privileges: Vec<&str> = lacks.iter().map(privilege).collect();
        let subjects: Vec<&str> = lacks.iter().map(subject).collect();
        return Ok(advised(
            format!(
                "{}; the estate says that the integration reads metadata",
                refused.join("; ")
            ),
            format!(
                "add {} to {}",
                privileges.join(", "),
                roles::held_role(case)
            ),
        )
        .what(format!(
            "cannot read {} metadata in {}",
            subjects.join(", "),
            case.registration.environment
        )));
    }
    open.map_or(Ok(Outcome::Pass), Err)
}

fn option_set(case: &Case<'_>, name: &str) -> Judged {
    match answer(case, &MetadataTarget::OptionSet(name.to_owned()))? {
        MetadataAnswer::Read { .. } => Ok(Outcome::Pass),
        MetadataAnswer::Refused { seen } => {
            case.require_whoami()?;
            let all = answer(case, &MetadataTarget::OptionSets);
            if matches!(all, Ok(MetadataAnswer::Refused { .. })) {
                return Err(not_applicable(
                    "the environment refuses it every option set, as the finding about its metadata says",
                ));
            }
            let privilege = privilege(&MetadataTarget::OptionSets);
            Ok(advised(
                format!(
                    "{seen} (requires {privilege}); the estate says that the integration reads it"
                ),
                format!("add {privilege} to {}", roles::held_role(case)),
            )
            .what(format!(
                "cannot read option set {name} in {}",
                case.registration.environment
            )))
        }
        MetadataAnswer::NotFound { seen } => Ok(advised(
            format!("{seen}: the environment has none of this name"),
            format!("correct {name} in the estate: `option-sets` takes the names of global option sets (choices)"),
        )
        .what(format!(
            ": option set {name} does not exist in {}",
            case.registration.environment
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::testing::*;

    fn refused() -> MetadataAnswer {
        MetadataAnswer::Refused {
            seen: seen("a read of metadata", 403, Some("0x80040220")),
        }
    }

    fn answers(snapshot: &mut Snapshot) -> &mut Vec<MetadataRead> {
        &mut dataverse(snapshot).metadata
    }

    #[test]
    fn each_part_of_a_syncs_metadata_has_to_be_read() {
        assert_pass::<MetadataUnreadable>(|_| {});
        for (index, right) in ["prvReadOrganization", "prvReadEntity", "prvReadOptionSet"]
            .into_iter()
            .enumerate()
        {
            let outcome = judge_raia::<MetadataUnreadable>(|snapshot| {
                answers(snapshot)[index].answer = known(refused());
            });
            let Outcome::Fail(failure) = outcome else {
                panic!("{right}: {outcome:?}");
            };
            assert!(failure.seen.contains(right), "{failure:?}");
            assert_unknown::<MetadataUnreadable>(|snapshot| {
                answers(snapshot)[index].answer = gap();
            });
            // A snapshot of a version that did not ask for it.
            assert_unknown::<MetadataUnreadable>(|snapshot| drop(answers(snapshot).remove(index)));
        }
    }

    #[test]
    fn a_refusal_fails_once_whoami_has_answered_and_one_missing_role_is_one_finding() {
        let all_refused = |snapshot: &mut Snapshot| {
            for read in answers(snapshot) {
                read.answer = known(refused());
            }
        };
        let verdicts = judge_all::<MetadataUnreadable>(all_refused);
        let failed = verdicts
            .iter()
            .filter(|one| matches!(one.outcome, Outcome::Fail(_)));
        assert_eq!(failed.count(), 1, "{verdicts:?}");
        assert_unknown::<MetadataUnreadable>(|snapshot| {
            all_refused(snapshot);
            dataverse(snapshot).whoami = gap();
        });
        assert_unknown::<MetadataUnreadable>(|snapshot| answers(snapshot).clear());
        assert_not_applicable::<MetadataUnreadable>(|snapshot| {
            expectations(snapshot).metadata = false;
        });
    }

    fn set_of(snapshot: &mut Snapshot, answer: MetadataAnswer) {
        expectations(snapshot).option_sets = vec!["budgetstatus".to_owned()];
        let target = MetadataTarget::OptionSet("budgetstatus".to_owned());
        let answer = known(answer);
        answers(snapshot).push(MetadataRead { target, answer });
    }

    #[test]
    fn an_option_set_is_told_where_not_all_are_refused() {
        let absent = || MetadataAnswer::NotFound {
            seen: seen("a read of option set budgetstatus", 404, Some("0x80040217")),
        };
        assert_fail::<MetadataUnreadable>(|snapshot| set_of(snapshot, absent()));
        assert_fail::<MetadataUnreadable>(|snapshot| set_of(snapshot, refused()));
        let verdicts = judge_all::<MetadataUnreadable>(|snapshot| {
            answers(snapshot)[2].answer = known(refused());
            set_of(snapshot, refused());
        });
        let failed: Vec<_> = verdicts
            .iter()
            .filter(|one| matches!(one.outcome, Outcome::Fail(_)))
            .map(|one| one.resource.path())
            .collect();
        assert_eq!(failed, ["registration/raia/metadata"]);
    }

    #[test]
    fn a_declared_option_set_that_was_never_read_is_a_gap() {
        assert_unknown::<MetadataUnreadable>(|snapshot| {
            expectations(snapshot).option_sets = vec!["budgetstatus".to_owned()];
        });
    }
}
