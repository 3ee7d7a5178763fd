//! What to do next in a rotation, with the Azure CLI lines that do it. credaudit itself changes nothing.

use crate::facts::prelude::*;
pub(crate) mod step;

use super::azure_cli::{AzureCli, Target};
use super::params::RotationParams;
use super::removal::{Keep, copies};
use super::state::{Broken, Rotation};
use super::target;
use super::target::target;
use crate::facts::case::Case;
use crate::facts::credentials::held::{Held, Place, kind_of};
pub(crate) use step::sharers;
use step::{again, step};

/// The longest life that a step asks for, whatever the policy allows: what the Entra portal gives out.
const LONGEST: u32 = 730;

/// The next steps, in order; none where nothing is to be done.
pub(crate) fn steps(
    case: &Case<'_>,
    params: &RotationParams,
    rotation: &Rotation<'_>,
) -> Vec<Step> {
    let Some(guide) = guide(case, params, rotation) else {
        return Vec::new();
    };
    if let Some(shared) = guide.shared().filter(|_| {
        !matches!(
            rotation.state,
            RotationState::Fresh | RotationState::Unknown
        )
    }) {
        return vec![shared];
    }
    match rotation.state {
        RotationState::Fresh | RotationState::Unknown => Vec::new(),
        RotationState::Due | RotationState::Overdue => guide.renew(),
        RotationState::Overlap => {
            let mut steps = Vec::new();
            for held in &rotation.older {
                guide.remove(rotation.removable(case, params, held), held, &mut steps);
            }
            if rotation.late {
                steps.extend(guide.renew());
            } else {
                steps.push(again("it says what is left"));
            }
            steps
        }
        RotationState::HalfDone => guide.finish(&rotation.newer),
        RotationState::Broken => guide.repair(rotation.broken),
    }
}

/// The next steps of this kind about one resource of the registration: those of the
/// rotation, or of the one credential that the finding is about.
pub(crate) fn steps_about<'a>(
    case: &Case<'a>,
    params: &RotationParams,
    rotation: &Rotation<'a>,
    kind: NextSteps,
    resource: &Resource,
) -> Vec<Step> {
    let Some(guide) = guide(case, params, rotation) else {
        return Vec::new();
    };
    let held = case.held().unwrap_or_default();
    if let Some(held) = held
        .iter()
        .find(|held| kind == NextSteps::Removal && held.resource(case.name()) == *resource)
    {
        let mut steps = Vec::new();
        guide.remove(rotation.removable(case, params, held), held, &mut steps);
        return steps;
    }
    let steps = steps(case, params, rotation);
    if steps.is_empty() && kind == NextSteps::RotationOrRenewal {
        return guide.renew();
    }
    steps
}

/// Nothing is rotated where nothing is stored.
fn guide<'a, 'b>(
    case: &'b Case<'a>,
    params: &RotationParams,
    rotation: &Rotation<'_>,
) -> Option<Guide<'a, 'b>> {
    let credential = case.registration.credential.as_ref()?;
    let cli = cli(case, credential, params, rotation.stored.as_ref());
    Some(Guide {
        case,
        credential,
        cli,
    })
}

fn cli<'a>(
    case: &Case<'a>,
    credential: &'a CredentialRef,
    params: &RotationParams,
    stored: Option<&Held<'_>>,
) -> AzureCli<'a> {
    let vault = case.snapshot().estate.vaults.get(&credential.entry.vault);
    let host = vault.map_or(credential.entry.vault.as_str(), |vault| vault.host.as_str());
    let lasts = params
        .max_days_of(kind_of(credential.kind))
        .clamp(1, LONGEST);
    let as_of = case.context.as_of;
    let attributes = case.entry_attributes().ok();
    AzureCli {
        client_id: case.client_id().unwrap_or("CLIENT-ID"),
        vault: host.split('.').next().unwrap_or(host),
        entry: &credential.entry.name,
        target: target(case).unwrap_or(Target::Whole),
        content_type: attributes.and_then(|attributes| attributes.content_type.as_deref()),
        tagged: attributes.is_some_and(|attributes| !attributes.tags.is_empty()),
        place: stored.map_or(Place::Registration, |stored| stored.place),
        as_of,
        end: TimeDelta::try_days(i64::from(lasts))
            .and_then(|lasts| as_of.checked_add_signed(lasts))
            .unwrap_or(as_of),
    }
}

struct Guide<'a, 'b> {
    case: &'b Case<'a>,
    credential: &'a CredentialRef,
    cli: AzureCli<'a>,
}

impl Guide<'_, '_> {
    fn is_certificate(&self) -> bool {
        self.credential.kind == CredentialForm::Certificate
    }

    /// What to do first where other registrations name the same entry: a new version reaches them all.
    fn shared(&self) -> Option<Step> {
        let others = sharers(self.case);
        (!others.is_empty()).then(|| {
            step(
                format!(
                    "{} is named by {} too, and a new version of it reaches all of them: correct the estate, or give each registration an entry of its own; then run credaudit again",
                    self.case.entry_name(),
                    others.join(", ")
                ),
                None,
            )
            .speaking_of(others.iter().copied())
        })
    }

    /// Whether the entry is a Key Vault certificate: false where a plain secret holds the PKCS#12 file.
    fn is_managed(&self) -> bool {
        let attributes = self.case.entry_attributes();
        self.is_certificate() && attributes.is_ok_and(|attributes| attributes.managed)
    }

    fn tell(&self, steps: &mut Vec<Step>) {
        if self.credential.version.is_some() {
            steps.push(step(
                format!(
                    "Pin what reads {} to the new version, and write that version in the estate",
                    self.credential.entry
                ),
                None,
            ));
        }
        let copies = copies(self.case);
        if copies.is_empty() {
            steps.push(step(
                "Restart or redeploy whatever caches it (no `consumers` are listed in the estate)",
                None,
            ));
        } else {
            steps.push(step(
                format!("Notify everyone who holds a copy: {}", copies.join(", ")),
                None,
            ));
        }
    }

    /// A new credential, beside the old one, stored and told.
    fn renew(&self) -> Vec<Step> {
        let mut steps = Vec::new();
        if let (false, Err(why)) = (self.is_certificate(), target(self.case)) {
            steps.push(self.by_hand(&why));
        } else if !self.is_certificate() {
            steps.push(step(
                format!(
                    "Add a new secret next to the old one and store it as a new version of {}, both in one command",
                    self.case.entry_name()
                ),
                Some(self.cli.add_secret()),
            ));
        } else if self.is_managed() {
            steps.push(step(
                "Make a new version of the certificate; whoever reads the vault between this step and the next is refused, so do both at once",
                Some(self.cli.renew_certificate()),
            ));
            steps.push(step(
                "Put its public part on the registration, next to the old one",
                Some(self.cli.register_certificate()),
            ));
        } else {
            steps.push(step(
                "Make a certificate with an RSA key (new.pfx without a password, new.pem its public part), and put \
                 the public part on the registration next to the old one",
                Some(self.cli.register_certificate_file()),
            ));
            steps.push(step(
                format!("Store it as a new version of {}", self.case.entry_name()),
                Some(self.cli.import_certificate(false)),
            ));
        }
        self.tell(&mut steps);
        steps.push(again(
            "it proves the new one and says when the old one can be deleted",
        ));
        steps
    }

    /// A new secret for an entry that no line can change without knowing more of its form.
    fn by_hand(&self, why: &str) -> Step {
        step(
            format!(
                "Add a new secret next to the old one, and change only the credential in {}: {why}; the rest of it stays as it is, and a bare secret in its place would break it",
                self.case.entry_name()
            ),
            None,
        )
    }

    /// The same value once more, bare: no new credential is needed.
    fn unwrap(&self) -> Vec<Step> {
        vec![
            step(
                format!(
                    "Store the same value again as a new version of {}, without the text around it; the command \
                     asks for it",
                    self.case.entry_name()
                ),
                Some(self.cli.store_known_secret(None)),
            ),
            again("it proves what is stored"),
        ]
    }

    /// A newer one stands on the registration and not in the vault.
    fn finish(&self, newer: &[Held<'_>]) -> Vec<Step> {
        let mut steps = Vec::new();
        let name = self.case.entry_name();
        if let Some(newest) = newer.last() {
            let say = format!(
                "If somebody still has the {}, store it in {name}",
                newest.words()
            );
            steps.push(if self.is_certificate() {
                let managed = self.is_managed();
                step(
                    format!("{say} (new.pfx, with its key)"),
                    Some(self.cli.import_certificate(managed)),
                )
            } else if let Err(why) = target(self.case) {
                step(format!("{say}, by hand: {why}"), None)
            } else {
                let end = newest.credential.end.known().copied();
                let end: Option<DateTime<Utc>> = end.filter(|end| !is_no_end(*end));
                step(
                    format!("{say}; the command asks for it"),
                    Some(self.cli.store_known_secret(end)),
                )
            });
        }
        let mut renewed = self.renew();
        if let Some(first) = renewed.first_mut() {
            first.say = first.say.within("If nobody has it any more: ");
        }
        steps.extend(renewed);
        steps
    }

    /// What helps without a new secret: the value stored bare, or the estate corrected.
    fn before_any_new_one(&self, cause: Option<Broken>) -> Option<Vec<Step>> {
        if self.is_certificate() || !matches!(cause, Some(Broken::Unusable | Broken::Refused)) {
            return None;
        }
        Some(match target::unwrapping(self.case)? {
            target::Unwrapping::Bare => self.unwrap(),
            target::Unwrapping::InEstate(first) => {
                vec![step(first, None), again("it says what is left")]
            }
        })
    }

    /// What is stored does not work.
    fn repair(&self, cause: Option<Broken>) -> Vec<Step> {
        if let Some(steps) = self.before_any_new_one(cause) {
            return steps;
        }
        let name = self.case.entry_name();
        let certificate = self.is_certificate();
        let mut steps = Vec::new();
        let otherwise = match cause {
            Some(Broken::Missing) => match self.deleted() {
                Some(deleted) => {
                    let until = deleted.scheduled_purge.map_or_else(String::new, |purge| {
                        format!(", which works until {}", day(purge))
                    });
                    // Its name cannot be used for anything new until then.
                    steps.push(step(
                        format!("Recover {name}{until}; nothing else can be stored under its name before that"),
                        Some(self.cli.recover(self.is_managed())),
                    ));
                    steps.push(again("it proves what was recovered"));
                    return steps;
                }
                None => false,
            },
            // What is pinned names a version, and that command the current one.
            Some(Broken::Disabled) if self.credential.version.is_none() => {
                steps.push(step(
                    format!("If the current version of {name} was disabled by mistake, enable it"),
                    Some(self.cli.enable(self.is_managed())),
                ));
                true
            }
            Some(Broken::Refused) if certificate && self.is_managed() => {
                steps.push(step(
                    "If the vault renewed the certificate, put the public part of its new version on the \
                     registration, next to the old one",
                    Some(self.cli.register_certificate()),
                ));
                true
            }
            Some(Broken::Refused)
                if !certificate
                    && target(self.case).is_ok()
                    && self.case.has_live_credential().unwrap_or(false) =>
            {
                steps.push(step(
                    format!("If somebody has the value of a valid secret, store it in {name}; the command asks for \
                             it"),
                    Some(self.cli.store_known_secret(None)),
                ));
                true
            }
            _ => false,
        };
        let mut renewed = self.renew();
        if otherwise && let Some(first) = renewed.first_mut() {
            first.say = first.say.within("Otherwise: ");
        }
        steps.extend(renewed);
        steps
    }

    fn deleted(&self) -> Option<&DeletedEntry> {
        let deleted = self.case.evidence.deleted_entry.as_ref()?;
        deleted.known().and_then(Presence::present)
    }

    fn remove(&self, removable: Result<String, Keep>, held: &Held<'_>, steps: &mut Vec<Step>) {
        let words = held.words();
        match removable {
            Ok(why) => steps.push(step(
                format!("Remove the {words}: {why}"),
                Some(self.cli.delete(held)),
            )),
            Err(Keep::For(why)) => {
                steps.push(step(format!("Keep the {words} for now: {why}"), None))
            }
            Err(Keep::StoredBy(other)) => steps.push(
                step(
                    format!("Keep the {words} for now: registration {other} stores it"),
                    None,
                )
                .speaking_of([other.as_str()]),
            ),
            Err(Keep::Confirmation(copies)) => {
                let copies = copies.join(", ");
                steps.push(step(
                    format!("Ask everyone who holds a copy whether they use the new one: {copies}"),
                    None,
                ));
                steps.push(step(
                    format!("Once they all have said so, and not before, remove the {words}"),
                    Some(self.cli.delete(held)),
                ));
            }
        }
    }
}
