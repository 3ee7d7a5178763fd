//! `credaudit checks`: the catalogue, from the checks' own metadata.

use super::CLEAN;
use super::shared::{Failure, Screen, pretty};
use crate::checks::ALL;
use crate::cli::{CatalogueFormat, Checks};
use crate::model::{CheckMeta, Family};

pub(super) fn run(command: &Checks, screen: &Screen) -> Result<u8, Failure> {
    let text = match command.format {
        CatalogueFormat::Table => plain(),
        CatalogueFormat::Markdown => markdown(),
        CatalogueFormat::Json => String::from_utf8_lossy(&pretty(&json())?).into(),
    };
    screen.print(text.as_bytes())?;
    Ok(CLEAN)
}

/// By family, in the registry's order.
fn by_family() -> impl Iterator<Item = (Family, Vec<&'static CheckMeta>)> {
    [
        Family::Lifecycle,
        Family::Access,
        Family::LeastPrivilege,
        Family::Isolation,
        Family::Hygiene,
    ]
    .into_iter()
    .map(|family| {
        let metas = ALL
            .iter()
            .map(|check| check.meta)
            .filter(|meta| meta.family == family)
            .collect();
        (family, metas)
    })
}

fn plain() -> String {
    let width = ALL
        .iter()
        .map(|check| check.meta.id.len())
        .max()
        .unwrap_or(0);
    let mut text = String::new();
    for (family, metas) in by_family() {
        text.push_str(&format!("{family}\n"));
        for meta in metas {
            text.push_str(&format!(
                "  {:width$}  {:8}  {}\n",
                meta.id, meta.severity, meta.title
            ));
        }
        text.push('\n');
    }
    text.push_str("`credaudit explain ID` says more about one.\n");
    text
}

/// `policies/CHECKS.md`.
pub(super) fn markdown() -> String {
    let mut text = String::from(
        "# The checks\n\nMade by `credaudit checks --format markdown` from the checks' own metadata; a test \
         says when it is stale.\n",
    );
    for (family, metas) in by_family() {
        text.push_str(&format!(
            "\n## {family}\n\n| id | default | what is wrong | explains |\n| --- | --- | --- | --- |\n"
        ));
        for meta in metas {
            text.push_str(&format!(
                "| `{}` | {} | {} | {} |\n",
                meta.id,
                meta.severity,
                meta.title,
                meta.explains
                    .iter()
                    .map(|id| format!("`{id}`"))
                    .collect::<Vec<_>>()
                    .join(", ")
            ));
        }
    }
    text
}

fn json() -> serde_json::Value {
    ALL.iter()
        .map(|check| {
            let meta = check.meta;
            serde_json::json!({
                "id": meta.id,
                "title": meta.title,
                "severity": meta.severity,
                "family": meta.family,
                "rationale": meta.rationale,
                "remediation": meta.remediation,
                "controls": meta.controls,
                "evidence": meta.evidence,
                "explains": meta.explains,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_document_is_not_stale() {
        crate::app::shared::tests::assert_fresh("CHECKS.md", &super::markdown());
    }
}
