//! The Azure CLI lines of a rotation, for bash. No secret ever stands in an argument, where other users
//! of the machine and the shell's history would see it.
//!
//! Sources: Azure CLI reference, `az ad app credential`, `az ad sp credential`, `az keyvault secret`,
//! `az keyvault certificate`. `az keyvault secret set --file` keeps a trailing newline, and `$( )` drops it.

use crate::facts::credentials::held::{Held, Place};
use crate::facts::prelude::*;
use chrono::{NaiveTime, SecondsFormat};

/// What of a vault entry a new secret takes the place of; the rest of it stays as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Target<'a> {
    Whole,
    /// The text at this path of a JSON value.
    Json(&'a [PathSegment]),
    /// The value of this name, of `name=value` parts with this mark between them.
    Pair {
        name: &'a str,
        mark: char,
    },
}

/// What the lines are about.
#[derive(Debug)]
pub(crate) struct AzureCli<'a> {
    pub client_id: &'a str,
    /// The vault's name: the first label of its host.
    pub vault: &'a str,
    pub entry: &'a str,
    /// What of the entry a new secret takes the place of.
    pub target: Target<'a>,
    pub content_type: Option<&'a str>,
    /// Whether the entry has tags: a new version has none of its own.
    pub tagged: bool,
    /// Where the credential stands that is rotated.
    pub place: Place,
    /// Made on this day.
    pub as_of: DateTime<Utc>,
    /// When a new credential ends.
    pub end: DateTime<Utc>,
}

impl AzureCli<'_> {
    /// A new secret beside the old ones, stored at once.
    pub fn add_secret(&self) -> String {
        let made = format!(
            "SECRET=$(az ad {} credential reset --id {} --append --display-name rotated-{} --end-date {} --query password --output tsv)",
            object(self.place),
            word(self.client_id),
            self.as_of.format("%Y-%m-%d"),
            self.end.format("%Y-%m-%d"),
        );
        // Nothing prints the new one's key id: its name is what it is found by.
        let left = format!(
            "The new secret rotated-{} was made in Entra and not stored: nobody knows its value. Find its keyId by that name and the latest start with: az ad {object} credential list --id {id} --output table. Then remove it with: az ad {object} credential delete --id {id} --key-id KEYID",
            self.as_of.format("%Y-%m-%d"),
            object = object(self.place),
            id = word(self.client_id),
        );
        // `--end-date` without a time is midnight: the vault entry ends with the secret, not hours later.
        let midnight = self.end.date_naive().and_time(NaiveTime::MIN).and_utc();
        self.stored(&made, Some(&left), Some(midnight))
    }

    /// A secret that somebody knows, asked for without showing it, as a new version of the entry.
    pub fn store_known_secret(&self, end: Option<DateTime<Utc>>) -> String {
        self.stored("IFS= read -rsp 'the secret: ' SECRET", None, end)
    }

    /// `made` fills the variable SECRET. The line stands in brackets, so that it ends as its last part does and
    /// leaves no variable behind; where a part fails, nothing is stored. What the secret goes into is read and
    /// looked at before the secret is made. `left` is said where a secret was made and not stored.
    fn stored(&self, made: &str, left: Option<&str>, end: Option<DateTime<Utc>>) -> String {
        let (vault, entry) = (word(self.vault), word(self.entry));
        let show = format!("az keyvault secret show --vault-name {vault} --name {entry}");
        let tags = if self.tagged {
            format!(
                "TAGS=$({show} --query tags --output json | jq -r 'to_entries[] | \"\\(.key)=\\(.value)\"') && readarray -t TAGS <<<\"$TAGS\" && "
            )
        } else {
            String::new()
        };
        let set = self.set(end);
        let kept = |rest: String| match left {
            None => format!("{made} && [ -n \"$SECRET\" ] && {rest}"),
            Some(left) => format!(
                "{made} && {{ [ -n \"$SECRET\" ] && {rest} || {{ echo {} >&2; false; }}; }}",
                word(left)
            ),
        };
        match self.target.filters() {
            None => {
                let kept = kept(format!("printf %s \"$SECRET\" | {set}"));
                format!("( set -o pipefail; {tags}{kept} )")
            }
            Some((argument, fits, put)) => {
                let kept = kept(format!(
                    "ENTRY=$(printf %s \"$ENTRY\" | jq -j {argument} --rawfile new <(printf %s \"$SECRET\") '{put}') && [ -n \"$ENTRY\" ] && printf %s \"$ENTRY\" | {set}"
                ));
                format!(
                    "( set -o pipefail; {tags}ENTRY=$({show} --query value --output json) && printf %s \"$ENTRY\" | jq -e {argument} '{fits}' >/dev/null && {kept} )"
                )
            }
        }
    }

    /// Stores what comes in as a new version that keeps the content type and the tags.
    fn set(&self, end: Option<DateTime<Utc>>) -> String {
        let (vault, entry) = (word(self.vault), word(self.entry));
        let expires = end.map_or_else(String::new, |end| {
            let end = end.to_rfc3339_opts(SecondsFormat::Secs, true);
            format!(" --expires {end}")
        });
        let content_type = self.content_type.map_or_else(String::new, |label| {
            format!(" --content-type {}", word(label))
        });
        let tags = if self.tagged {
            " --tags \"${TAGS[@]}\""
        } else {
            ""
        };
        format!(
            "az keyvault secret set --vault-name {vault} --name {entry} --file /dev/stdin --encoding utf-8{expires}{content_type}{tags} --output none"
        )
    }

    /// A new version of a Key Vault certificate by the policy of the one before.
    pub fn renew_certificate(&self) -> String {
        let (vault, entry) = (word(self.vault), word(self.entry));
        format!(
            "az keyvault certificate create --vault-name {vault} --name {entry} --policy \"$(az keyvault certificate show --vault-name {vault} --name {entry} --query policy --output json)\" --output none"
        )
    }

    /// The public part of the Key Vault certificate's current version, beside the old ones.
    pub fn register_certificate(&self) -> String {
        format!(
            "az ad {} credential reset --id {} --append --cert {} --keyvault {} --end-date {} --output none",
            object(self.place),
            word(self.client_id),
            word(self.entry),
            word(self.vault),
            self.end.format("%Y-%m-%d"),
        )
    }

    /// A certificate made elsewhere, with its key, as a new version.
    pub fn import_certificate(&self, managed: bool) -> String {
        let (vault, entry) = (word(self.vault), word(self.entry));
        if managed {
            format!(
                "az keyvault certificate import --vault-name {vault} --name {entry} --file new.pfx --output none"
            )
        } else {
            format!(
                "az keyvault secret set --vault-name {vault} --name {entry} --file new.pfx --encoding base64 --content-type application/x-pkcs12 --output none"
            )
        }
    }

    /// The public part of a certificate made elsewhere, beside the old ones.
    pub fn register_certificate_file(&self) -> String {
        format!(
            "az ad {} credential reset --id {} --append --cert @new.pem --end-date {} --output none",
            object(self.place),
            word(self.client_id),
            self.end.format("%Y-%m-%d"),
        )
    }

    /// Brings a deleted entry back.
    pub fn recover(&self, certificate: bool) -> String {
        let what = if certificate { "certificate" } else { "secret" };
        format!(
            "az keyvault {what} recover --vault-name {} --name {} --output none",
            word(self.vault),
            word(self.entry)
        )
    }

    /// Enables the current version.
    pub fn enable(&self, certificate: bool) -> String {
        let what = if certificate { "certificate" } else { "secret" };
        format!(
            "az keyvault {what} set-attributes --vault-name {} --name {} --enabled true --output none",
            word(self.vault),
            word(self.entry)
        )
    }

    /// Removes one credential, by its key id and no other way.
    pub fn delete(&self, held: &Held<'_>) -> String {
        let certificate = match held.kind {
            CredentialKind::Certificate => " --cert",
            CredentialKind::Secret => "",
        };
        format!(
            "az ad {} credential delete --id {} --key-id {}{certificate}",
            object(held.place),
            word(self.client_id),
            word(&held.key_id)
        )
    }
}

impl Target<'_> {
    /// jq's argument that says where, its filter that tells whether a text stands there, and the one that puts
    /// `$new` there. What comes in is the entry's value as a JSON text.
    fn filters(&self) -> Option<(String, &'static str, &'static str)> {
        match self {
            Self::Whole => None,
            Self::Json(path) => {
                let path: Vec<serde_json::Value> = path
                    .iter()
                    .map(|segment| match segment {
                        PathSegment::Name(name) => name.as_str().into(),
                        PathSegment::Index(place) => (*place).into(),
                    })
                    .collect();
                let path = serde_json::Value::from(path).to_string();
                Some((
                    format!("--argjson at {}", word(&path)),
                    "fromjson | getpath($at) | type == \"string\"",
                    "fromjson | setpath($at; $new) | tojson",
                ))
            }
            Self::Pair { name, mark } => {
                let mark = if *mark == '\n' { "$'\\n'" } else { "';'" };
                Some((
                    format!("--arg at {} --arg mark {mark}", word(name)),
                    "split($mark) | map(select((split(\"=\")[0] // \"\" | gsub(\"^[ \\t]+|[ \\t]+$\"; \"\")) == $at)) | length == 1",
                    "split($mark) | map(if (split(\"=\")[0] // \"\" | gsub(\"^[ \\t]+|[ \\t]+$\"; \"\")) == $at then split(\"=\")[0] + \"=\" + $new else . end) | join($mark)",
                ))
            }
        }
    }
}

/// What of `az ad` a credential at this place belongs to.
pub(crate) const fn object(place: Place) -> &'static str {
    match place {
        Place::Registration => "app",
        Place::ServicePrincipal => "sp",
    }
}

/// One word of a bash line: in quotes wherever a character could mean something else.
pub(crate) fn word(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-/".contains(&byte);
    if !text.is_empty() && !text.starts_with('-') && text.bytes().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::testing::tidy::*;

    fn cli<'a>(target: Target<'a>) -> AzureCli<'a> {
        AzureCli {
            client_id: "client-1",
            vault: "kv-prod",
            entry: "raia-secret",
            target,
            content_type: None,
            tagged: false,
            place: Place::Registration,
            as_of: as_of(),
            end: days_from_now(180),
        }
    }

    fn name(name: &str) -> Vec<PathSegment> {
        vec![PathSegment::Name(name.to_owned())]
    }

    #[test]
    fn a_new_secret_stands_beside_the_old_ones_and_in_no_argument() {
        assert_eq!(
            cli(Target::Whole).add_secret(),
            "( set -o pipefail; SECRET=$(az ad app credential reset --id client-1 --append --display-name rotated-2026-11-21 --end-date 2027-05-20 --query password --output tsv) && { [ -n \"$SECRET\" ] && printf %s \"$SECRET\" | az keyvault secret set --vault-name kv-prod --name raia-secret --file /dev/stdin --encoding utf-8 --expires 2027-05-20T00:00:00Z --output none || { echo 'The new secret rotated-2026-11-21 was made in Entra and not stored: nobody knows its value. Find its keyId by that name and the latest start with: az ad app credential list --id client-1 --output table. Then remove it with: az ad app credential delete --id client-1 --key-id KEYID' >&2; false; }; } )"
        );
    }

    #[test]
    fn whatever_is_added_is_added_beside_the_rest_and_ends() {
        let lines = [
            cli(Target::Whole).add_secret(),
            cli(Target::Json(&name("clientSecret"))).add_secret(),
            cli(Target::Whole).register_certificate(),
            cli(Target::Whole).register_certificate_file(),
        ];
        for line in lines {
            assert!(line.contains("credential reset"), "{line}");
            assert!(line.contains(" --append "), "{line}");
            assert!(line.contains(" --end-date 2027-05-20"), "{line}");
            assert!(!line.contains("--value"), "{line}");
        }
    }

    #[test]
    fn a_name_cannot_end_its_word() {
        assert_eq!(word("raia-secret"), "raia-secret");
        assert_eq!(word("a b"), "'a b'");
        assert_eq!(word("--rm"), "'--rm'");
        assert_eq!(word("it's; rm -rf"), "'it'\\''s; rm -rf'");
        assert_eq!(word(""), "''");
        let line = cli(Target::Json(&name("x' y"))).add_secret();
        assert!(line.contains("--argjson at '[\"x'\\'' y\"]' "), "{line}");
    }

    #[test]
    fn one_is_removed_by_its_key_where_it_stands() {
        let mut snapshot = tidy();
        let secret = credential(&mut snapshot, 0).clone();
        let certificate = crate::evidence::Credential {
            kind: CredentialKind::Certificate,
            ..secret.clone()
        };
        let held = |place, credential| Held { place, credential };
        assert_eq!(
            cli(Target::Whole).delete(&held(Place::Registration, &secret)),
            "az ad app credential delete --id client-1 --key-id key-1"
        );
        assert_eq!(
            cli(Target::Whole).delete(&held(Place::ServicePrincipal, &certificate)),
            "az ad sp credential delete --id client-1 --key-id key-1 --cert"
        );
    }
}
