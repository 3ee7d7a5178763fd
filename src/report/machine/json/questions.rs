//! What the JSON report says of single questions, of the policy's bands and of the estate's file.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::model::Resource;
use crate::model::assessment::{Aside as ModelAside, CheckQuestions, EstateFile};

/// A check's questions that no finding, consequence, waived finding or unknown tells of.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub(crate) struct Questions<'a> {
    check: &'a str,
    /// Resources.
    #[schemars(with = "Vec<String>")]
    passed: &'a [Resource],
    /// Not known, since an earlier step of the proof failed.
    behind_a_fail: Vec<Aside<'a>>,
    not_applicable: Vec<Aside<'a>>,
}

#[derive(Debug, Serialize, schemars::JsonSchema)]
struct Aside<'a> {
    why: &'a str,
    #[schemars(with = "Vec<String>")]
    resources: &'a [Resource],
    /// What answers for what lies behind a failed step: `finding`, `waiver`, `policy`, or `nothing`, and then
    /// the run is incomplete.
    cover: Option<&'static str>,
}

impl<'a> Questions<'a> {
    pub(crate) fn of(questions: &'a CheckQuestions) -> Self {
        let asides = |list: &'a [ModelAside], behind: bool| {
            let aside = |aside: &'a ModelAside| Aside {
                why: &aside.why,
                resources: &aside.resources,
                cover: behind.then(|| aside.cover.as_str()),
            };
            list.iter().map(aside).collect()
        };
        Self {
            check: &questions.check,
            passed: &questions.passed,
            behind_a_fail: asides(&questions.behind_a_fail, true),
            not_applicable: asides(&questions.not_applicable, false),
        }
    }
}

/// Where the estate is written.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub(crate) struct Estate<'a> {
    /// As it was named.
    file: &'a str,
    /// The line on which each registration begins, by its name; the first line is 1.
    lines: &'a BTreeMap<String, usize>,
}

impl<'a> Estate<'a> {
    pub(crate) fn of(estate: &'a EstateFile) -> Self {
        Self {
            file: &estate.name,
            lines: &estate.lines,
        }
    }
}
