//! Which entry an answer is about: its id says so, and an answer about another one is none.

use url::Url;

/// What was asked for, in one vault.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'a> {
    /// The vault's host.
    pub(super) host: &'a str,
    /// `secrets`, `deletedsecrets` or `certificates`.
    pub(super) collection: &'a str,
    /// `None` where all of them were asked for.
    pub(super) name: Option<&'a str>,
}

/// What an id names.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) name: String,
    pub(super) version: Option<String>,
}

impl Place<'_> {
    /// What the id names, where that is here: `https://VAULT/secrets/NAME[/VERSION]`.
    pub(super) fn named(self, id: &str) -> Option<Named> {
        let id: Url = id.parse().ok()?;
        let here = id
            .host_str()
            .is_some_and(|host| host.eq_ignore_ascii_case(self.host));
        if id.scheme() != "https" || id.port().is_some() || !here {
            return None;
        }
        let parts: Vec<&str> = id
            .path_segments()?
            .filter(|part| !part.is_empty())
            .collect();
        let (name, version) = match parts.as_slice() {
            [collection, name] if *collection == self.collection => (*name, None),
            [collection, name, version] if *collection == self.collection => {
                (*name, Some(*version))
            }
            _ => return None,
        };
        let asked = self
            .name
            .is_none_or(|asked| asked.eq_ignore_ascii_case(name));
        (asked && [Some(name), version].into_iter().flatten().all(is_word)).then(|| Named {
            name: name.to_owned(),
            version: version.map(str::to_owned),
        })
    }
}

/// The characters of names and versions (Key Vault REST: `^[0-9a-zA-Z-]+$`).
fn is_word(part: &str) -> bool {
    part.bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_names_an_entry_of_the_vault_that_was_asked_and_of_no_other() {
        let place = |name| Place {
            host: "kv.vault.azure.net",
            collection: "secrets",
            name,
        };
        let right = "https://KV.vault.azure.net:443/secrets/Raia/0123abcd";
        let named = place(Some("raia")).named(right).expect("here");
        assert_eq!(
            (&*named.name, named.version.as_deref()),
            ("Raia", Some("0123abcd"))
        );
        assert!(
            place(None)
                .named("https://kv.vault.azure.net/secrets/other")
                .is_some()
        );
        for wrong in [
            "",
            "raia",
            "https://kv.vault.azure.net",
            "https://kv.vault.azure.net/secrets",
            "https://kv.vault.azure.net/secrets/other/0123abcd",
            "https://kv.vault.azure.net/certificates/raia/0123abcd",
            "https://kv.vault.azure.net/secrets/raia/0123abcd/more",
            "https://kv.vault.azure.net/secrets/raia/0%0A1",
            "https://kv2.vault.azure.net/secrets/raia/0123abcd",
            "https://kv.vault.azure.net.evil.example/secrets/raia/0123abcd",
            "https://kv.vault.azure.net:8443/secrets/raia/0123abcd",
            "http://kv.vault.azure.net/secrets/raia/0123abcd",
        ] {
            assert_eq!(place(Some("raia")).named(wrong), None, "{wrong}");
        }
    }
}
