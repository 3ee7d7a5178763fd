//! The Azure CLI commands of a rotation. No secret ever stands in an argument, where other users
//! of the machine and the shell's history would see it.
//!
//! Sources: Azure CLI reference, `az ad app credential`, `az ad sp credential`, `az keyvault secret`,
//! `az keyvault certificate`. `az keyvault secret set --file` keeps a trailing newline, and `$( )` drops it.

use crate::facts::credentials::held::{Held, Place};
use crate::facts::prelude::*;
use crate::model::command::{Call, Command, Part, Place as Spot, Secret, Source, bash_word};
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
    pub(crate) fn add_secret(&self) -> Command {
        let object = object(self.place);
        let made = Call::new(format!("az ad {object} credential reset --id"))
            .value(self.client_id)
            .plain(format!(
                "--append --display-name rotated-{} --end-date {} --query password --output tsv",
                self.as_of.format("%Y-%m-%d"),
                self.end.format("%Y-%m-%d"),
            ));
        // Nothing prints the new one's key id: its name is what it is found by.
        let left = format!(
            "The new secret rotated-{} was made in Entra and not stored: nobody knows its value. Find its keyId by that name and the latest start with: az ad {object} credential list --id {id} --output table. Then remove it with: az ad {object} credential delete --id {id} --key-id KEYID",
            self.as_of.format("%Y-%m-%d"),
            id = bash_word(self.client_id).unwrap_or_default(),
        );
        // `--end-date` without a time is midnight: the vault entry ends with the secret, not hours later.
        let midnight = self.end.date_naive().and_time(NaiveTime::MIN).and_utc();
        self.stored(Source::Made(made, left), Some(midnight))
    }

    /// A secret that somebody knows, asked for without showing it, as a new version of the entry.
    pub(crate) fn store_known_secret(&self, end: Option<DateTime<Utc>>) -> Command {
        self.stored(Source::Asked, end)
    }

    fn stored(&self, source: Source, end: Option<DateTime<Utc>>) -> Command {
        let show = |then: &str| self.entry(Call::new("az keyvault secret show")).plain(then);
        let place = self.target.filters().map(|(argument, fits, put)| Spot {
            read: show("--query value --output json"),
            argument,
            fits,
            put,
        });
        Command::Secret(Box::new(Secret {
            source,
            tags: self.tagged.then(|| show("--query tags --output json")),
            place,
            store: self.set(end),
        }))
    }

    /// The vault and the entry in it.
    fn entry(&self, call: Call) -> Call {
        call.plain("--vault-name")
            .value(self.vault)
            .plain("--name")
            .value(self.entry)
    }

    /// Stores what comes in as a new version that keeps the content type and the tags.
    fn set(&self, end: Option<DateTime<Utc>>) -> Call {
        let mut call = self
            .entry(Call::new("az keyvault secret set"))
            .plain("--file")
            .with(Part::Input)
            .plain("--encoding utf-8");
        if let Some(end) = end {
            let end = end.to_rfc3339_opts(SecondsFormat::Secs, true);
            call = call.plain(format!("--expires {end}"));
        }
        if let Some(label) = self.content_type {
            call = call.plain("--content-type").value(label);
        }
        if self.tagged {
            call = call.plain("--tags").with(Part::Bash("\"${TAGS[@]}\""));
        }
        call.plain("--output none")
    }

    /// A new version of a Key Vault certificate by the policy of the one before.
    pub(crate) fn renew_certificate(&self) -> Command {
        let policy = self
            .entry(Call::new("az keyvault certificate show"))
            .plain("--query policy --output json");
        Command::Call(
            self.entry(Call::new("az keyvault certificate create"))
                .plain("--policy")
                .with(Part::Document(policy))
                .plain("--output none"),
        )
    }

    /// Puts the public part of a certificate on the registration, next to the old ones.
    fn reset(&self, certificate: impl FnOnce(Call) -> Call) -> Command {
        let object = object(self.place);
        let call = Call::new(format!("az ad {object} credential reset --id"))
            .value(self.client_id)
            .plain("--append --cert");
        Command::Call(certificate(call).plain(format!(
            "--end-date {} --output none",
            self.end.format("%Y-%m-%d")
        )))
    }

    /// The public part of the Key Vault certificate's current version, beside the old ones.
    pub(crate) fn register_certificate(&self) -> Command {
        self.reset(|call| call.value(self.entry).plain("--keyvault").value(self.vault))
    }

    /// A certificate made elsewhere, with its key, as a new version.
    pub(crate) fn import_certificate(&self, managed: bool) -> Command {
        let (what, then) = if managed {
            (
                "az keyvault certificate import",
                "--file new.pfx --output none",
            )
        } else {
            (
                "az keyvault secret set",
                "--file new.pfx --encoding base64 --content-type application/x-pkcs12 --output none",
            )
        };
        Command::Call(self.entry(Call::new(what)).plain(then))
    }

    /// The public part of a certificate made elsewhere, beside the old ones.
    pub(crate) fn register_certificate_file(&self) -> Command {
        self.reset(|call| call.plain("@new.pem"))
    }

    /// Brings a deleted entry back.
    pub(crate) fn recover(&self, certificate: bool) -> Command {
        let what = if certificate { "certificate" } else { "secret" };
        Command::Call(
            self.entry(Call::new(format!("az keyvault {what} recover")))
                .plain("--output none"),
        )
    }

    /// Enables the current version.
    pub(crate) fn enable(&self, certificate: bool) -> Command {
        let what = if certificate { "certificate" } else { "secret" };
        Command::Call(
            self.entry(Call::new(format!("az keyvault {what} set-attributes")))
                .plain("--enabled true --output none"),
        )
    }

    /// Removes one credential, by its key id and no other way.
    pub(crate) fn delete(&self, held: &Held<'_>) -> Command {
        let object = object(held.place);
        let call = Call::new(format!("az ad {object} credential delete --id"))
            .value(self.client_id)
            .plain("--key-id")
            .value(held.key_id.as_str());
        Command::Call(match held.kind {
            CredentialKind::Certificate => call.plain("--cert"),
            CredentialKind::Secret => call,
        })
    }
}

impl Target<'_> {
    /// jq's argument that says where, its filter that tells whether a text stands there, and the one that puts
    /// `$new` there. What comes in is the entry's value as a JSON text.
    fn filters(&self) -> Option<(Call, &'static str, &'static str)> {
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
                    Call::new("--argjson at").value(path),
                    "fromjson | getpath($at) | type == \"string\"",
                    "fromjson | setpath($at; $new) | tojson",
                ))
            }
            Self::Pair { name, mark } => {
                let mark = if *mark == '\n' { "$'\\n'" } else { "';'" };
                Some((
                    Call::new("--arg at")
                        .value(*name)
                        .plain("--arg mark")
                        .with(Part::Bash(mark)),
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

    fn bash(command: Command) -> String {
        let line = Some(command).and_then(|one| one.bash());
        line.expect("one line")
    }

    fn name(name: &str) -> Vec<PathSegment> {
        vec![PathSegment::Name(name.to_owned())]
    }

    #[test]
    fn a_new_secret_stands_beside_the_old_ones_and_in_no_argument() {
        assert_eq!(
            bash(cli(Target::Whole).add_secret()),
            "( set -o pipefail; SECRET=$(az ad app credential reset --id client-1 --append --display-name rotated-2026-11-21 --end-date 2027-05-20 --query password --output tsv) && { [ -n \"$SECRET\" ] && printf %s \"$SECRET\" | az keyvault secret set --vault-name kv-prod --name raia-secret --file /dev/stdin --encoding utf-8 --expires 2027-05-20T00:00:00Z --output none || { echo 'The new secret rotated-2026-11-21 was made in Entra and not stored: nobody knows its value. Find its keyId by that name and the latest start with: az ad app credential list --id client-1 --output table. Then remove it with: az ad app credential delete --id client-1 --key-id KEYID' >&2; false; }; } )"
        );
    }

    #[test]
    fn powershell_keeps_the_secret_in_a_file_that_goes() {
        let line = cli(Target::Whole).add_secret().powershell();
        assert_eq!(
            line.as_deref(),
            Some(
                "& { $file = (New-TemporaryFile).FullName; try { $secret = az ad app credential reset --id client-1 --append --display-name rotated-2026-11-21 --end-date '2027-05-20' --query password --output tsv; if ($LASTEXITCODE -ne 0) { throw 'no secret was made, and nothing was stored' }; try { if (-not $secret) { throw 'empty' }; [IO.File]::WriteAllText($file, $secret); az keyvault secret set --vault-name kv-prod --name raia-secret --file $file --encoding utf-8 --expires '2027-05-20T00:00:00Z' --output none; if ($LASTEXITCODE -ne 0) { throw 'refused' } } catch { throw 'The new secret rotated-2026-11-21 was made in Entra and not stored: nobody knows its value. Find its keyId by that name and the latest start with: az ad app credential list --id client-1 --output table. Then remove it with: az ad app credential delete --id client-1 --key-id KEYID' } } finally { Remove-Item -LiteralPath $file } }"
            )
        );
        let known = cli(Target::Whole).store_known_secret(None).powershell();
        assert!(known.is_some_and(|line| line.contains("-AsSecureString")));
        // Only bash changes one part of an entry.
        let part = cli(Target::Json(&name("x"))).add_secret();
        assert_eq!(part.powershell(), None);
    }

    #[test]
    fn whatever_is_added_is_added_beside_the_rest_and_ends() {
        let lines = [
            bash(cli(Target::Whole).add_secret()),
            bash(cli(Target::Json(&name("clientSecret"))).add_secret()),
            bash(cli(Target::Whole).register_certificate()),
            bash(cli(Target::Whole).register_certificate_file()),
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
        let line = bash(cli(Target::Json(&name("x' y"))).add_secret());
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
            bash(cli(Target::Whole).delete(&held(Place::Registration, &secret))),
            "az ad app credential delete --id client-1 --key-id key-1"
        );
        assert_eq!(
            bash(cli(Target::Whole).delete(&held(Place::ServicePrincipal, &certificate))),
            "az ad sp credential delete --id client-1 --key-id key-1 --cert"
        );
    }
}
