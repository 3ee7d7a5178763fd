//! Which applications are Microsoft's own, by client id: nobody here made them, and nobody here can rotate
//! their credentials.
//!
//! The lists are parts of what Microsoft publishes and have a date each ([`EDITION`]): an id that is not on
//! them may be Microsoft's all the same.

mod allowed;
mod dynamics;
mod dynamics_more;
mod entra;

/// When the lists were read, and the editions of their sources, for a reader.
pub const EDITION: &str = "Microsoft's lists of its own applications (Power Platform, 12 December 2024 and 23 September 2024; Entra, 8 March 2024), read November 2026";

/// The name under which Microsoft lists this application; `None` where it does not. `client_id` is a GUID
/// in any case.
#[must_use]
pub fn application(client_id: &str) -> Option<&'static str> {
    let id = client_id.to_ascii_lowercase();
    [
        dynamics::APPS,
        dynamics_more::APPS,
        entra::APPS,
        allowed::APPS,
    ]
    .into_iter()
    .find_map(|list| {
        let place = list
            .binary_search_by(|(known, _)| (*known).cmp(id.as_str()))
            .ok()?;
        list.get(place).map(|(_, name)| *name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::guid;

    #[test]
    fn the_lists_can_be_searched() {
        for list in [
            dynamics::APPS,
            dynamics_more::APPS,
            entra::APPS,
            allowed::APPS,
        ] {
            assert!(list.windows(2).all(|pair| pair[0].0 < pair[1].0));
            for (id, name) in list {
                assert!(guid::is_guid(id) && *id == id.to_ascii_lowercase(), "{id}");
                assert!(!name.is_empty(), "{id}");
                assert_eq!(application(&id.to_ascii_uppercase()), Some(*name));
            }
        }
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
