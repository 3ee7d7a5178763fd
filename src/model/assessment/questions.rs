//! Every question that was asked, with what became of it: the rest beside findings and unknowns.

use crate::model::Prose;
use crate::model::resource::Resource;
use crate::model::why::SaidBy;
use crate::model::word::words;
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

words! {
    /// What answers for a question behind a failed step.
    #[derive(Default)]
    pub enum Cover {
        /// The finding of that step, which is at or above the threshold.
        #[default]
        Finding = "finding",
        /// The waiver of that finding.
        Waiver = "waiver",
        /// The policy, which reports such a question and no more.
        Policy = "policy",
        /// Nothing: the run is incomplete.
        Nothing = "nothing",
    }
}

impl Cover {
    fn is_finding(&self) -> bool {
        *self == Self::Finding
    }
}

/// Resources that share a reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Aside {
    pub why: Prose,
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
    /// Each resource with what it shares.
    pub fn each(&self) -> impl Iterator<Item = (&Resource, &Self)> {
        self.resources.iter().map(move |resource| (resource, self))
    }

    /// Who says it instead. A run that 0.1.0 kept has it in words only.
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
    BehindAFail(&'a Prose, Cover),
    /// The text says why.
    NotApplicable(&'a Prose),
}

/// 16 hex digits of check and resource: the same question has the same ones in every run.
pub(crate) fn fingerprint(check: &str, resource: &Resource) -> String {
    hex::encode(&Sha256::digest(format!("{check}\n{resource}"))[..8])
}

/// By check, then by resource.
pub(super) type Answers<'a> = BTreeMap<&'a str, BTreeMap<&'a str, Answer<'a>>>;

impl Assessment {
    /// Every question with its check, its resource and its answer. An assessment of an older credaudit lacks
    /// those that passed or did not apply.
    pub fn each_answer(&self) -> impl Iterator<Item = (&str, &Resource, Answer<'_>)> {
        let beside = self.questions.iter().flat_map(|check| {
            let of = check.check.as_str();
            let passed = check.passed.iter();
            let behind = each(&check.behind_a_fail);
            let beside = each(&check.not_applicable);
            passed
                .map(|resource| (resource, Answer::Passed))
                .chain(behind.map(|(at, one)| (at, Answer::BehindAFail(&one.why, one.cover))))
                .chain(beside.map(|(at, one)| (at, Answer::NotApplicable(&one.why))))
                .map(move |(resource, answer)| (of, resource, answer))
        });
        let unknowns = self.unknowns.iter();
        let unknowns =
            unknowns.map(|one| (one.check.as_str(), &one.resource, Answer::Unknown(one)));
        let own = self.findings.iter().map(|finding| (finding, None));
        let waived = self.waived.iter().map(|one| (&one.finding, Some(one)));
        let failed = own.chain(waived).flat_map(|(finding, waived)| {
            let answer = waived.map_or(Answer::Failed(finding), Answer::Waived);
            let inside = finding.consequences.iter().map(move |one| {
                let answer = match waived {
                    None => Answer::Consequence(one, finding),
                    Some(waived) => Answer::WaivedConsequence(one, waived),
                };
                (one.check.as_str(), &one.resource, answer)
            });
            std::iter::once((finding.check.as_str(), &finding.resource, answer)).chain(inside)
        });
        beside.chain(unknowns).chain(failed)
    }

    /// The same by check and resource.
    pub fn answers(&self) -> Answers<'_> {
        let mut answers = Answers::new();
        for (check, resource, answer) in self.each_answer() {
            let of_check = answers.entry(check).or_default();
            of_check.insert(resource.path(), answer);
        }
        answers
    }
}

fn each(asides: &[Aside]) -> impl Iterator<Item = (&Resource, &Aside)> {
    asides.iter().flat_map(Aside::each)
}
