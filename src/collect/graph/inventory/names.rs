//! Which client a vault entry is named for: by its client id, or by its application's display name.

use std::collections::{BTreeMap, BTreeSet};

use crate::evidence::ListedSecret;

/// Shorter names would be found in the names of strangers.
const SHORTEST: usize = 6;

/// A client id without its hyphens.
const ID: usize = 32;

/// Client ids by what an entry's name may hold of them.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// By the id without its hyphens.
    ids: BTreeMap<String, String>,
    /// By the display name without case and separators.
    names: BTreeMap<String, BTreeSet<String>>,
}

/// Without case and separators: `Raia Sync (prod)` is `raiasyncprod`.
fn plain(text: &str) -> String {
    text.chars()
        .filter(|letter| letter.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

impl Names {
    pub(super) fn add_id(&mut self, client_id: &str) {
        self.ids.insert(plain(client_id), client_id.to_owned());
    }

    pub(super) fn add_name(&mut self, client_id: &str, display_name: &str) {
        let name = plain(display_name);
        if name.chars().count() >= SHORTEST {
            let clients = self.names.entry(name).or_default();
            clients.insert(client_id.to_owned());
        }
    }

    /// The clients that an entry is named for.
    pub(super) fn found_in(&self, entry: &ListedSecret) -> BTreeSet<&str> {
        let mut clients = BTreeSet::new();
        let name = plain(&entry.name);
        clients.extend(self.ids_in(&name));
        // Each part of the name is looked up, instead of each display name in it: a tenant has many more
        // applications than a name has letters.
        for start in 0..name.len() {
            for end in start + SHORTEST..=name.len() {
                let part = name.get(start..end);
                let named = part.and_then(|part| self.names.get(part));
                clients.extend(named.into_iter().flatten().map(String::as_str));
            }
        }
        let attributes = &entry.attributes;
        let texts = attributes.content_type.iter().chain(&attributes.tags);
        for text in texts.chain(&attributes.client_id) {
            clients.extend(self.ids_in(&plain(text)));
        }
        clients
    }

    fn ids_in<'a>(&'a self, text: &str) -> BTreeSet<&'a str> {
        (0..text.len().saturating_sub(ID - 1))
            .filter_map(|start| self.ids.get(text.get(start..start + ID)?))
            .map(String::as_str)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const RAIA: &str = "5b7a2f0e-2d35-4a55-8a64-0d3a51c60001";
    const OTHER: &str = "5b7a2f0e-2d35-4a55-8a64-0d3a51c60002";

    fn entry(name: &str, content_type: Option<&str>, tags: &[&str]) -> ListedSecret {
        serde_json::from_value(json!({"name": name, "attributes": {
            "enabled": true, "managed": false, "content-type": content_type, "tags": tags}}))
        .expect("a literal entry")
    }

    fn names() -> Names {
        let mut names = Names::default();
        names.add_id(RAIA);
        names.add_id(OTHER);
        names.add_name(RAIA, "Raia Sync (prod)");
        names.add_name(OTHER, "Raia Sync");
        names.add_name(OTHER, "Raia");
        names.add_name(OTHER, "Büro Süd");
        names
    }

    fn found(name: &str) -> Vec<&'static str> {
        let names = names();
        let found = names.found_in(&entry(name, None, &[]));
        [RAIA, OTHER]
            .into_iter()
            .filter(|id| found.contains(id))
            .collect()
    }

    #[test]
    fn a_name_holds_a_display_name_whatever_its_case_and_separators() {
        assert_eq!(found("RAIA-sync-PROD-secret"), [RAIA, OTHER]);
        assert_eq!(found("raiasync"), [OTHER]);
        assert_eq!(found("crm-raia-sync-key"), [OTHER]);
        assert!(found("raia-secret").is_empty(), "too short a name to tell");
        assert!(found("sync-raia").is_empty());
        assert!(found("r").is_empty());
    }

    #[test]
    fn a_name_holds_a_client_id_with_or_without_hyphens() {
        assert_eq!(found(&format!("secret-{RAIA}")), [RAIA]);
        let bare = RAIA.replace('-', "").to_uppercase();
        assert_eq!(found(&bare), [RAIA]);
        assert_eq!(found(&format!("x{bare}y")), [RAIA]);
        assert!(found(&bare[1..]).is_empty());
    }

    #[test]
    fn content_type_and_tag_names_tell_by_the_client_id_only() {
        let names = names();
        let listed = entry(
            "one",
            Some("secret of 5B7A2F0E-2D35-4A55-8A64-0D3A51C60001"),
            &[],
        );
        assert_eq!(names.found_in(&listed), BTreeSet::from([RAIA]));
        let listed = entry("one", Some("Raia Sync"), &["raia-sync", OTHER]);
        assert_eq!(names.found_in(&listed), BTreeSet::from([OTHER]));
        let odd = entry("one", Some("äöü ß — 東京"), &["ä".repeat(40).as_str()]);
        assert!(names.found_in(&odd).is_empty());
    }
}
