//! The parts of the rich assessment that only some formats show: questions, rules, bands, the estate's file, gaps.

use crate::model::assessment::{
    Aside, Assessment, CheckQuestions, Cover, EstateFile, GapItem, Route, Rule,
};
use crate::model::{Family, GapKind, Severity};

use super::fixture::{HOSTILE, unknown};

fn rule(check: &str, severity: Severity) -> Rule {
    Rule {
        check: check.into(),
        title: format!("What {check} says"),
        family: Family::Lifecycle,
        severity,
        rationale: "An integration stops.".into(),
        remediation: "Renew it with `az ad app credential reset`.".into(),
        controls: vec!["MCSB v1 IM-8".into()],
        says_an_end: false,
    }
}

pub(super) fn gaps() -> Vec<GapItem> {
    let read = unknown("x", "x", true);
    vec![
        GapItem {
            kind: read.kind,
            seen: read.seen,
            remedy: read.remedy,
            missing: None,
            checks: vec!["vault-entry-malformed".into()],
            questions: 3,
            registrations: vec!["raia".into()],
            root: None,
        },
        GapItem {
            kind: GapKind::Truncated,
            seen: format!("Microsoft Graph answered 500 to page 3 of applications {HOSTILE}")
                .into(),
            remedy: None,
            missing: None,
            checks: Vec::new(),
            questions: 0,
            registrations: Vec::new(),
            root: None,
        },
    ]
}

pub(super) fn fill(assessment: &mut Assessment) {
    assessment.questions = vec![
        CheckQuestions {
            check: "credential-expired".into(),
            passed: vec!["registration/tidy".into()],
            ..CheckQuestions::default()
        },
        CheckQuestions {
            check: "whoami-mismatch".into(),
            passed: vec![HOSTILE.into(), "registration/tidy".into()],
            behind_a_fail: vec![Aside {
                said_by: None,
                cover: Cover::Finding,
                why: "not reached: no token".into(),
                resources: vec!["registration/raia-contact-sync".into()],
            }],
            not_applicable: vec![Aside {
                said_by: None,
                cover: Cover::Finding,
                why: HOSTILE.into(),
                resources: vec!["registration/other".into()],
            }],
        },
    ];
    assessment.rules = vec![
        rule("credential-expired", Severity::Critical),
        rule("token-refused", Severity::High),
        rule("vault-expiry-missing", Severity::Info),
    ];
    assessment.bands = vec![60, 30, 14, 7];
    if let Some(orphan) = assessment.registrations.last_mut() {
        orphan.route = Route {
            unread: vec![format!("the owners in Entra could not be read: {HOSTILE}")],
            ..Route::default()
        };
    }
    assessment.estate = Some(EstateFile {
        name: "audit/estate.toml".into(),
        lines: [("raia-contact-sync".into(), 21), (HOSTILE.into(), 34)].into(),
    });
}
