//! Titles and advice of findings are about the case: whose, where, when, and nothing left to fill in.

use std::collections::BTreeSet;

use credaudit::inside::{Assessment, CHECKS, Family};
use tokio::sync::OnceCell;

use crate::tenant::Tenant;

/// Whose findings say more than their check's title.
const FAMILIES: [Family; 2] = [Family::Access, Family::Lifecycle];

/// The tenant in which every defect is planted, audited once.
async fn neglected() -> &'static Assessment {
    static ONCE: OnceCell<Assessment> = OnceCell::const_new();
    let audited = async {
        Box::pin(Tenant::named("neglected").audit())
            .await
            .assessment
    };
    ONCE.get_or_init(|| audited).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_title_says_whose_and_what() {
    let mut wrong = BTreeSet::new();
    for finding in &neglected().await.findings {
        if !FAMILIES.contains(&finding.family) {
            continue;
        }
        let check = CHECKS
            .iter()
            .find(|check| check.meta.id == finding.check)
            .expect("a check");
        let title = &finding.title;
        let generic = finding.what.is_empty() || title.letters() == check.meta.title;
        let names = finding.registrations.iter();
        let names_it =
            names.clone().count() == 0 || names.clone().any(|name| title.letters().contains(name));
        let long = title.letters().chars().count() > 100 || title.letters().contains('\n');
        if generic || long || !names_it {
            wrong.insert(format!("{}: {title}", finding.check));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn advice_leaves_nothing_to_fill_in() {
    // A word in capitals with hyphens, or alone behind an option, is a placeholder.
    let placeholders = [
        "CLIENT-ID",
        "ENVIRONMENT-URL",
        "FINOPS-URL",
        "ENTRY-NAME",
        "ENTRY",
        "KEY-ID",
        "TENANT-ID",
        "VAULT",
        "ROLE",
        "DATE",
        "NAME",
        "ADDRESS",
        "VERSION",
    ];
    let mut wrong = BTreeSet::new();
    for finding in &neglected().await.findings {
        if !FAMILIES.contains(&finding.family) {
            continue;
        }
        let joins = |one: char| !(one.is_alphanumeric() || one == '-' || one == '_');
        let mut words = finding.remedy.letters().split(joins);
        if let Some(word) = words.find(|word| placeholders.contains(word)) {
            wrong.insert(format!("{}: {word} in: {}", finding.check, finding.remedy));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
