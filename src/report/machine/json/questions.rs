//! What the JSON report says of single questions, of the policy's bands and of the estate's file.

use std::collections::BTreeMap;

use super::shape::{each, shape};
use crate::model::assessment::{Aside as ModelAside, CheckQuestions, EstateFile};
use crate::model::{Resource, SaidBy};

shape! {
    /// A check's results that no finding, consequence, waived finding or unknown lists.
    pub(crate) struct Questions<'a> from questions = &'a CheckQuestions {
        check: &'a str = &questions.check,
        /// Resources.
        #[schemars(with = "Vec<String>")]
        passed: &'a [Resource] = &questions.passed,
        /// Not known, since an earlier step of the proof failed.
        behind_a_fail: Vec<Aside<'a>> = each(&questions.behind_a_fail, |aside| Aside {
            cover: Some(aside.cover.as_str()),
            ..Aside::of(aside)
        }),
        not_applicable: Vec<Aside<'a>> = each(&questions.not_applicable, Aside::of),
    }

    struct Aside<'a> from aside = &'a ModelAside {
        why: &'a str = aside.why.letters(),
        #[schemars(with = "Vec<String>")]
        resources: &'a [Resource] = &aside.resources,
        /// What accounts for a check that an earlier step kept from being made: `finding`, `waiver`, `policy`, or
        /// `nothing`, and then
        /// the run is incomplete.
        cover: Option<&'static str> = None,
        /// Which other check says what is to be said: `another`, or the id of one about the same registration.
        said_by: Option<&'a SaidBy> = aside.said_by.as_ref(),
    }

    /// Where the estate is written.
    pub(crate) struct Estate<'a> from estate = &'a EstateFile {
        /// As it was named.
        file: &'a str = &estate.name,
        /// The line on which each registration begins, by its name; the first line is 1.
        lines: &'a BTreeMap<String, usize> = &estate.lines,
    }
}
