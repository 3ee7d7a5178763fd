//! Which applications are Microsoft's own, by client id: nobody here made them, and nobody here can rotate
//! their credentials.
//!
//! The lists (`microsoft.tsv`) are parts of what Microsoft publishes and have a date each ([`EDITION`]): an id
//! that is not on them may be Microsoft's all the same.

use std::collections::BTreeMap;
use std::sync::LazyLock;

/// When the lists were read, and the editions of their sources, for a reader.
pub(crate) const EDITION: &str = "Microsoft's lists of its own applications (Power Platform, 12 December 2024 and 23 September 2024; Entra, 8 March 2024), read November 2026";

const TEXT: &str = include_str!("microsoft.tsv");

/// The names by client id. A test sees that every line can be read.
static APPLICATIONS: LazyLock<BTreeMap<&'static str, &'static str>> = LazyLock::new(|| {
    lines()
        .filter_map(|line| {
            let (_, entry) = line.split_once('\t')?;
            entry.split_once('\t')
        })
        .collect()
});

/// The lines that are no comments: list, client id, name.
fn lines() -> impl Iterator<Item = &'static str> {
    TEXT.lines().filter(|line| !line.starts_with('#'))
}

/// The name under which Microsoft lists this application; `None` where it does not. `client_id` is a GUID
/// in any case.
pub(crate) fn application(client_id: &str) -> Option<&'static str> {
    let id = client_id.to_ascii_lowercase();
    APPLICATIONS.get(id.as_str()).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::guid;

    #[test]
    fn every_line_is_well_formed_and_the_ids_are_sorted_and_unique() {
        let mut last = "";
        for line in lines() {
            let cells: Vec<&str> = line.split('\t').collect();
            let [list, id, name] = cells[..] else {
                panic!("{line}");
            };
            assert!(
                ["power-platform", "sign-in", "allow"].contains(&list),
                "{line}"
            );
            assert!(guid::is_guid(id) && id == id.to_ascii_lowercase(), "{line}");
            assert!(!name.is_empty() && name == name.trim(), "{line}");
            assert!(last < id, "{line}");
            assert_eq!(application(&id.to_ascii_uppercase()), Some(name));
            last = id;
        }
        assert_eq!(lines().count(), 266);
    }

    #[test]
    fn an_id_that_microsoft_does_not_list_is_nobody_s() {
        assert_eq!(
            application("bdb3d4c5-dc11-426e-8f04-2621dbcce738"),
            Some("Flow-RP")
        );
        assert_eq!(
            application("8d605dfc-1a04-4da6-9be2-8426724af3f3"),
            Some("Power Platform Authorization Service PROD")
        );
        // Power Platform's list names it, and everybody may use it.
        assert_eq!(application("51f81489-12ee-4a9e-aaae-a2591f45987d"), None);
        assert_eq!(application("5b7a2f0e-2d35-4a55-8a64-0d3a51c60001"), None);
        assert_eq!(application(""), None);
    }
}
