//! Ids of checks: each decides something in its own file, and nowhere else.

use super::{room, sources};

/// The file of each check, by its id.
fn own_files(sources: &[(String, String)]) -> Vec<(String, &str)> {
    let own = sources.iter().filter_map(|(path, text)| {
        let (_, rest) = text.split_once("META: CheckMeta = CheckMeta {")?;
        let (_, rest) = rest.split_once("id: \"")?;
        let (id, _) = rest.split_once('"')?;
        Some((format!("\"{id}\""), path.as_str()))
    });
    own.collect()
}

/// Whether the text before a literal makes it a reference: what a check explains, or who says it instead.
fn refers(before: &str) -> bool {
    let open = before
        .rsplit_once("explains: &[")
        .is_some_and(|(_, list)| !list.contains(']'));
    open || before.trim_end().ends_with("said_by(")
}

#[test]
fn an_id_of_a_check_decides_nothing_outside_its_own_file() {
    let product: Vec<(String, String)> = sources()
        .into_iter()
        // The services and the data know no checks: a word of theirs may be spelled like one.
        .filter(|(path, _)| !["sim", "model", "reference"].contains(&room(path).as_str()))
        .map(|(path, text)| (path.to_string_lossy().into_owned(), text))
        .filter(|(path, _)| {
            !["test", "fixture", "random", "properties"]
                .iter()
                .any(|of| path.contains(of))
        })
        .map(|(path, text)| {
            let text = text.split("#[cfg(test)]\nmod tests {").next();
            (path, text.unwrap_or_default().to_owned())
        })
        .collect();
    let own = own_files(&product);
    assert!(own.len() > 60, "only {} checks were found", own.len());
    for (path, text) in &product {
        for (id, file) in &own {
            for (at, _) in text.match_indices(id.as_str()) {
                let line = text[..at].lines().count();
                assert!(
                    path == file || refers(&text[..at]),
                    "{path}:{line} names {id}"
                );
            }
        }
    }
}
