//! Every question that was asked, with what became of it: the rest beside findings and unknowns.

use crate::model::resource::Resource;
use crate::model::why::SaidBy;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Assessment, Consequence, Finding, UnknownItem, Waived};

/// One check's questions that stand in no other list: with findings, consequences, waived findings and
/// unknowns they are all that was asked. Resources and reasons only, since an estate of thousands of
/// registrations has a hundred thousand of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct CheckQuestions {
    pub check: String,
    /// Resources, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub passed: Vec<Resource>,
    /// Unknown, since an earlier step of the proof failed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub behind_a_fail: Vec<Aside>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_applicable: Vec<Aside>,
}

/// What answers for a question behind a failed step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cover {
    /// The finding of that step, which is at or above the threshold.
    #[default]
    Finding,
    /// The waiver of that finding.
    Waiver,
    /// The policy, which reports such a question and no more.
    Policy,
    /// Nothing: the run is incomplete.
    Nothing,
}

impl Cover {
    /// The word used in files.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Finding => "finding",
            Self::Waiver => "waiver",
            Self::Policy => "policy",
            Self::Nothing => "nothing",
        }
    }

    fn is_finding(&self) -> bool {
        *self == Self::Finding
    }
}

/// Resources that share a reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Aside {
    pub why: String,
    /// Sorted, each once.
    pub resources: Vec<Resource>,
    /// What answers for them, where they lie behind a failed step.
    #[serde(default, skip_serializing_if = "Cover::is_finding")]
    pub cover: Cover,
    /// Who says it instead, where the question does not arise for that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub said_by: Option<SaidBy>,
}

impl Aside {
    /// Who says it instead. A run that 0.1.0 kept has it in words only.
    #[must_use]
    pub fn who_says_it(&self) -> Option<SaidBy> {
        let in_words = || SaidBy::in_words(&self.why);
        self.said_by.clone().or_else(in_words)
    }
}

/// What became of one question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer<'a> {
    Passed,
    Failed(&'a Finding),
    /// Failed, and told inside its cause.
    Consequence(&'a Consequence, &'a Finding),
    Waived(&'a Waived),
    /// Failed, and told inside a cause that a waiver covers.
    WaivedConsequence(&'a Consequence, &'a Waived),
    Unknown(&'a UnknownItem),
    /// Unknown behind a failed step; the text says which.
    BehindAFail(&'a str, Cover),
    /// The text says why.
    NotApplicable(&'a str),
}

/// 16 hex digits of check and resource: the same question has the same ones in every run.
#[must_use]
pub fn fingerprint(check: &str, resource: &Resource) -> String {
    let digest = Sha256::digest(format!("{check}\n{resource}").as_bytes());
    digest
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// By check, then by resource.
pub type Answers<'a> = BTreeMap<&'a str, BTreeMap<&'a str, Answer<'a>>>;

impl Assessment {
    /// Every question with its answer. An assessment of an older credaudit lacks those that passed or did
    /// not apply.
    #[must_use]
    pub fn answers(&self) -> Answers<'_> {
        let mut answers = Answers::new();
        let mut put = |check, resource, answer| {
            answers.entry(check).or_default().insert(resource, answer);
        };
        for check in &self.questions {
            for resource in &check.passed {
                put(check.check.as_str(), resource.path(), Answer::Passed);
            }
            for aside in &check.behind_a_fail {
                for resource in &aside.resources {
                    put(
                        &check.check,
                        resource.path(),
                        Answer::BehindAFail(&aside.why, aside.cover),
                    );
                }
            }
            for aside in &check.not_applicable {
                for resource in &aside.resources {
                    put(
                        &check.check,
                        resource.path(),
                        Answer::NotApplicable(&aside.why),
                    );
                }
            }
        }
        for unknown in &self.unknowns {
            put(
                &unknown.check,
                unknown.resource.path(),
                Answer::Unknown(unknown),
            );
        }
        for finding in &self.findings {
            put(
                &finding.check,
                finding.resource.path(),
                Answer::Failed(finding),
            );
            for inside in &finding.consequences {
                let answer = Answer::Consequence(inside, finding);
                put(&inside.check, inside.resource.path(), answer);
            }
        }
        for waived in &self.waived {
            let finding = &waived.finding;
            put(
                &finding.check,
                finding.resource.path(),
                Answer::Waived(waived),
            );
            for inside in &finding.consequences {
                let answer = Answer::WaivedConsequence(inside, waived);
                put(&inside.check, inside.resource.path(), answer);
            }
        }
        answers
    }
}
