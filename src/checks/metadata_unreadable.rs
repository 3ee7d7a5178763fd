//! Can the integration read the metadata it declares it needs?

use super::case::{Case, Context, Judged, not_applicable};
use super::check::{Check, NoParams};
use super::controls;
use super::words::{advised, failed};
use crate::evidence::{MetadataAnswer, MetadataTarget};
use crate::model::{CheckMeta, Family, Severity, Verdict};
use crate::model::{Gap, GapKind, Outcome};

pub(super) struct MetadataUnreadable;

impl Check for MetadataUnreadable {
    const META: CheckMeta = CheckMeta {
        id: "metadata-unreadable",
        title: "Metadata that the integration needs cannot be read",
        severity: Severity::Medium,
        family: Family::Access,
        rationale: "A sync that cannot read the organisation's settings or an option set's labels runs on and copies bare numbers, or stops at the first new label.",
        remediation: "Add read on Organization, or on the customisation tables, to the integration's own security role.",
        controls: controls::LEAST_PRIVILEGE,
        evidence: &["Dataverse metadata"],
        explains: &[],
    };

    type Params = NoParams;

    fn judge(_: &NoParams, context: &Context<'_>) -> Vec<Verdict> {
        let mut verdicts = Vec::new();
        for case in context.cases() {
            let targets = match case.dataverse_expectations() {
                Ok(expected) => {
                    let organization = expected.metadata.then_some(MetadataTarget::Organization);
                    let sets = expected.option_sets.iter().cloned();
                    organization
                        .into_iter()
                        .chain(sets.map(MetadataTarget::OptionSet))
                        .collect()
                }
                Err(_) => Vec::new(),
            };
            if targets.is_empty() {
                let judged = Err(not_applicable(
                    "the estate declares no metadata that it reads",
                ));
                verdicts.push(Verdict::on_registration(case.name(), case.settle(judged)));
            }
            for target in targets {
                let resource = match &target {
                    MetadataTarget::Organization => "metadata/organization".to_owned(),
                    MetadataTarget::OptionSet(name) => format!("option-set/{name}"),
                };
                verdicts.push(Verdict::within(
                    case.name(),
                    format!("registration/{}/{resource}", case.name()),
                    case.settle(judge(&case, &target)),
                ));
            }
        }
        verdicts
    }
}

fn judge(case: &Case<'_>, target: &MetadataTarget) -> Judged {
    let made = case
        .dataverse()?
        .metadata
        .iter()
        .find(|read| read.target == *target)
        .ok_or_else(|| Gap::new(GapKind::NotReached, "this metadata was not read"))?;
    match made.answer.get()? {
        MetadataAnswer::Read { .. } => Ok(Outcome::Pass),
        MetadataAnswer::Refused { seen } => {
            case.require_whoami()?;
            Ok(failed(format!(
                "{seen}; the estate says that the integration reads it"
            )))
        }
        MetadataAnswer::NotFound { seen } => Ok(advised(
            format!("{seen}: the environment has none of this name"),
            "Correct the name in the estate: option-sets takes names of global option sets",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::*;
    use super::*;

    fn answer(answer: MetadataAnswer) -> impl FnOnce(&mut crate::evidence::Snapshot) {
        move |snapshot| dataverse(snapshot).metadata[0].answer = known(answer)
    }

    #[test]
    fn a_refusal_fails_once_whoami_has_answered() {
        let seen = || seen("a read of organisation metadata", 403, Some("0x80040220"));
        assert_pass::<MetadataUnreadable>(|_| {});
        assert_fail::<MetadataUnreadable>(answer(MetadataAnswer::Refused { seen: seen() }));
        assert_fail::<MetadataUnreadable>(answer(MetadataAnswer::NotFound { seen: seen() }));
        assert_unknown::<MetadataUnreadable>(|snapshot| {
            answer(MetadataAnswer::Refused { seen: seen() })(snapshot);
            dataverse(snapshot).whoami = gap();
        });
        assert_unknown::<MetadataUnreadable>(|snapshot| dataverse(snapshot).metadata.clear());
        assert_unknown::<MetadataUnreadable>(|snapshot| {
            dataverse(snapshot).metadata[0].answer = gap();
        });
        assert_not_applicable::<MetadataUnreadable>(|snapshot| {
            expectations(snapshot).metadata = false;
        });
    }

    #[test]
    fn a_declared_option_set_that_was_never_read_is_a_gap() {
        assert_unknown::<MetadataUnreadable>(|snapshot| {
            expectations(snapshot).option_sets = vec!["budgetstatus".to_owned()];
        });
    }
}
