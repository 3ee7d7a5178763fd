//! Recognising GUIDs as Entra, Dataverse and Graph write them.

/// The id of nobody and nothing.
pub(crate) const NIL: &str = "00000000-0000-0000-0000-000000000000";

/// Whether `text` is a GUID in its 8-4-4-4-12 form, in any case, without braces.
pub(crate) fn is_guid(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    groups.len() == 5
        && groups.iter().zip([8, 4, 4, 4, 12]).all(|(group, length)| {
            group.len() == length && group.bytes().all(|byte| byte.is_ascii_hexdigit())
        })
}

/// Whether two ids are the same GUID, whatever their case.
pub(crate) fn same(left: &str, right: &str) -> bool {
    left.eq_ignore_ascii_case(right)
}

#[cfg(test)]
mod tests {
    use super::is_guid;

    #[test]
    fn only_the_hyphenated_form_is_a_guid() {
        assert!(is_guid("5b7a2f0e-2d35-4a55-8a64-0d3a51c60001"));
        assert!(is_guid("5B7A2F0E-2D35-4A55-8A64-0D3A51C60001"));
        for text in [
            "",
            "5b7a2f0e2d354a558a640d3a51c60001",
            "{5b7a2f0e-2d35-4a55-8a64-0d3a51c60001}",
            "5b7a2f0e-2d35-4a55-8a64-0d3a51c6000g",
            "5b7a2f0e-2d35-4a55-8a64-0d3a51c600011",
        ] {
            assert!(!is_guid(text), "{text}");
        }
    }
}
