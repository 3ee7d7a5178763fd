//! How checks look at a snapshot: one registration at a time, and never past a gap.

use super::index::{Index, Row};
use crate::facts::prelude::*;

/// What every check is given.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    pub snapshot: &'a Snapshot,
    /// The date to judge by.
    pub as_of: DateTime<Utc>,
    /// The snapshot's registrations by what they are looked up by.
    pub index: &'a Index<'a>,
}

/// A judgement, or the reason why there is none: the only ways out of a check are an outcome it
/// decided on and a gap it met.
pub(crate) type Judged = Result<Outcome, Stop>;

/// Why a judgement ends early.
#[derive(Clone, Debug)]
pub(crate) enum Stop {
    Gap(Gap),
    NotApplicable(Why),
}

impl From<&Gap> for Stop {
    fn from(gap: &Gap) -> Self {
        Self::Gap(gap.clone())
    }
}

impl From<Gap> for Stop {
    fn from(gap: Gap) -> Self {
        Self::Gap(gap)
    }
}

impl Stop {
    /// Why the judgement ended, in words.
    pub(crate) fn into_words(self) -> Prose {
        match self {
            Self::Gap(gap) => gap.seen,
            Self::NotApplicable(why) => why.to_string().into(),
        }
    }
}

/// Ends a judgement: the check of this id says what is to be said.
pub(crate) fn said_by(check: &str, words: &str) -> Stop {
    Stop::NotApplicable(Why::said_by(check, words))
}

/// Ends a judgement: the question does not arise.
pub(crate) fn not_applicable(why: impl Into<Why>) -> Stop {
    Stop::NotApplicable(why.into())
}

/// One registration with everything that is known of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Case<'a> {
    pub context: Context<'a>,
    pub registration: &'a Registration,
    pub environment: &'a Environment,
    pub tenant: &'a Tenant,
    pub evidence: &'a RegistrationEvidence,
}

impl<'a> Context<'a> {
    /// Every registration of the estate that has evidence, by name.
    pub(crate) fn cases(&self) -> impl Iterator<Item = Case<'a>> + use<'a> {
        let context = *self;
        context.index.rows().iter().map(move |row| context.on(*row))
    }

    /// The registration of this name, where it has evidence.
    pub(crate) fn case(&self, name: &str) -> Option<Case<'a>> {
        let row = self.index.row(self.index.place(name)?)?;
        Some(self.on(row))
    }

    /// The registrations that sign in as this client id.
    pub(crate) fn cases_of_client(&self, id: &str) -> impl Iterator<Item = Case<'a>> + use<'a> {
        self.at(self.index.of_client(id))
    }

    /// The registrations whose client id is not known.
    pub(crate) fn nameless_cases(&self) -> impl Iterator<Item = Case<'a>> + use<'a> {
        self.at(self.index.nameless())
    }

    /// The registrations that store their credential in this entry.
    pub(crate) fn cases_of_entry(
        &self,
        entry: &EntryRef,
    ) -> impl Iterator<Item = Case<'a>> + use<'a> {
        self.at(self.index.of_entry(entry))
    }

    /// The registrations of an environment.
    pub(crate) fn cases_of_environment(
        &self,
        name: &str,
    ) -> impl Iterator<Item = Case<'a>> + use<'a> {
        self.at(self.index.of_environment(name))
    }

    /// The registrations of whose credential others hold a copy.
    pub(crate) fn copied_cases(&self) -> impl Iterator<Item = Case<'a>> + use<'a> {
        self.at(self.index.copied())
    }

    fn at(&self, places: &'a [usize]) -> impl Iterator<Item = Case<'a>> + use<'a> {
        let context = *self;
        let rows = places
            .iter()
            .filter_map(move |place| context.index.row(*place));
        rows.map(move |row| context.on(row))
    }

    fn on(self, row: Row<'a>) -> Case<'a> {
        Case {
            context: self,
            registration: row.registration,
            environment: row.environment,
            tenant: row.tenant,
            evidence: row.evidence,
        }
    }

    /// One verdict a registration.
    pub(crate) fn each(&self, judge: impl Fn(&Case<'a>) -> Judged) -> Vec<Verdict> {
        self.cases().map(|case| case.whole(judge(&case))).collect()
    }

    /// One verdict a part of a registration, as `judge` finds them, and one of the whole: where it has no such
    /// part, or what was left unread may hold another.
    pub(crate) fn each_part(
        &self,
        judge: impl Fn(&Case<'a>, &mut Vec<Verdict>) -> Judged,
    ) -> Vec<Verdict> {
        self.cases()
            .flat_map(|case| {
                let mut parts = Vec::new();
                let whole = judge(&case, &mut parts);
                if parts.is_empty() || matches!(whole, Err(Stop::Gap(_))) {
                    parts.push(case.whole(whole));
                }
                parts
            })
            .collect()
    }

    /// One verdict a registration, about its vault entry.
    pub(crate) fn each_entry(&self, judge: impl Fn(&Case<'a>) -> Judged) -> Vec<Verdict> {
        self.cases()
            .map(|case| {
                let stored = match case.stored() {
                    Ok(stored) => &stored.entry,
                    Err(stop) => return case.whole(Err(stop)),
                };
                case.about(
                    Resource::vault_entry(&stored.vault, &stored.name),
                    judge(&case),
                )
            })
            .collect()
    }
}

impl<'a> Case<'a> {
    /// Turns what a judgement came to into an outcome. What the estate switched off with
    /// `prove = "never"` is not applicable rather than a gap.
    pub(crate) fn settle(&self, judged: Judged) -> Outcome {
        match judged {
            Ok(outcome) => outcome,
            Err(Stop::NotApplicable(why)) => Outcome::NotApplicable(why),
            Err(Stop::Gap(Gap {
                unasked: Some(Unasked::NothingStored),
                ..
            })) => Outcome::NotApplicable(self.registration.unstored.cannot_be_proven().into()),
            Err(Stop::Gap(gap))
                if self.registration.prove == Prove::Never && gap.is_for_want_of_a_try() =>
            {
                Outcome::NotApplicable(
                    "prove = \"never\" in the estate: nothing shows that the stored credential works, nor what it can do".into(),
                )
            }
            Err(Stop::Gap(gap)) => Outcome::Unknown(gap),
        }
    }

    /// A verdict about the registration itself.
    pub(crate) fn whole(&self, judged: Judged) -> Verdict {
        Verdict::on_registration(self.name(), self.settle(judged))
    }

    /// A verdict about something that belongs to it.
    pub(crate) fn about(&self, resource: Resource, judged: Judged) -> Verdict {
        Verdict::within(self.name(), resource, self.settle(judged))
    }

    /// A verdict about a part of it.
    pub(crate) fn on(&self, part: Part, judged: Judged) -> Verdict {
        self.about(self.resource().part(part), judged)
    }

    pub(crate) fn snapshot(&self) -> &'a Snapshot {
        self.context.snapshot
    }

    pub(crate) fn name(&self) -> &'a str {
        &self.registration.name
    }

    /// What a verdict about the registration itself is filed under.
    pub(crate) fn resource(&self) -> Resource {
        Resource::registration(self.name())
    }

    /// Where the credential is stored; not applicable where the estate says that none is.
    pub(crate) fn stored(&self) -> Result<&'a CredentialRef, Stop> {
        self.registration.credential.as_ref().ok_or_else(|| {
            not_applicable(format!(
                "no credential is stored (credential = \"{}\" in the estate)",
                self.registration.unstored.as_str()
            ))
        })
    }

    /// `secret crm-prod/raia-client-secret`.
    pub(crate) fn entry_name(&self) -> String {
        match &self.registration.credential {
            Some(CredentialRef {
                kind,
                entry,
                version: Some(version),
                ..
            }) => format!("{} {entry} (version {version})", kind.as_str()),
            Some(stored) => format!("{} {}", stored.kind.as_str(), stored.entry),
            None => "credential that is stored nowhere".to_owned(),
        }
    }

    /// The client id as far as it is known.
    pub(crate) fn client_id(&self) -> Result<&'a str, Stop> {
        if let ClientId::Literal(id) = &self.registration.client_id {
            return Ok(id);
        }
        Ok(self.evidence.client_id.get()?)
    }

    /// The vault entry; not applicable where the vault authoritatively has none.
    pub(crate) fn entry(&self) -> Result<&'a VaultEntry, Stop> {
        self.stored()?;
        match self.evidence.entry.get()? {
            Presence::Present(entry) => Ok(entry),
            Presence::Absent => Err(not_applicable("the vault has no such entry")),
        }
    }

    pub(crate) fn entry_attributes(&self) -> Result<&'a EntryAttributes, Stop> {
        Ok(self.entry()?.attributes.get()?)
    }

    pub(crate) fn entry_content(&self) -> Result<&'a EntryContent, Stop> {
        Ok(self.entry()?.content.get()?)
    }

    /// The registration in the directory; not applicable where the directory has none.
    pub(crate) fn application(&self) -> Result<&'a Application, Stop> {
        match self.evidence.application.get()? {
            Presence::Present(application) => Ok(application),
            Presence::Absent => Err(self.without_application()),
        }
    }

    /// The credentials of the registration itself, SAML signing certificates among them.
    pub(crate) fn credentials(&self) -> Result<&'a [Credential], Stop> {
        Ok(self.application()?.credentials.get()?)
    }

    /// What the estate expects in Dataverse.
    pub(crate) fn dataverse_expectations(&self) -> Result<&'a DataverseExpectations, Stop> {
        self.registration
            .dataverse
            .as_ref()
            .ok_or_else(|| not_applicable("the estate expects nothing of it in Dataverse"))
    }

    /// What Dataverse answered.
    pub(crate) fn dataverse(&self) -> Result<&'a DataverseProof, Stop> {
        self.dataverse_expectations()?;
        self.evidence
            .dataverse
            .as_ref()
            .ok_or_else(|| Gap::new(GapKind::NotReached, "Dataverse was not asked").into())
    }

    /// Goes on only where WhoAmI answered this very token: the control of every refusal.
    pub(crate) fn require_whoami(&self) -> Result<(), Stop> {
        match self.whoami()? {
            WhoAmI::Answered { seen, .. } if seen.is_success() => Ok(()),
            WhoAmI::Answered { seen, .. } | WhoAmI::Refused { seen, .. } => {
                Err(Gap::new(GapKind::NotReached, seen.to_string()).into())
            }
        }
    }

    /// The control of every refusal in Dataverse: the same token's WhoAmI, answered.
    pub(crate) fn whoami(&self) -> Result<&'a WhoAmI, Stop> {
        Ok(self.dataverse()?.whoami.get()?)
    }
}

/// The gap behind what a snapshot says nothing of.
pub(crate) fn left_out(name: &str) -> Gap {
    Gap::new(
        GapKind::Malformed,
        format!("the snapshot says nothing of {name}, which its estate has: it was cut or changed"),
    )
    .with_remedy("collect again")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::testing::tidy::{as_of, tidy};

    /// What the estate leaves out is told by the fact, and by no sentence.
    #[test]
    fn what_was_never_to_be_tried_does_not_apply_whatever_its_words() {
        let gaps = [
            (Gap::unasked(Unasked::NotTried, "left alone"), true),
            (Gap::unasked(Unasked::NoToken, "nothing to call with"), true),
            (Gap::new(GapKind::NotReached, Prove::NOT_TRIED), false),
            (Gap::new(GapKind::NotReached, "no token was given"), false),
            (Gap::new(GapKind::Denied, "no token was given"), false),
        ];
        for (gap, applies_not) in gaps {
            let mut snapshot = tidy();
            for (prove, expected) in [(Prove::Never, applies_not), (Prove::Always, false)] {
                snapshot.estate.registrations[0].prove = prove;
                let index = Index::of(&snapshot);
                let context = Context {
                    snapshot: &snapshot,
                    as_of: as_of(),
                    index: &index,
                };
                let case = context.case("raia").unwrap();
                let outcome = case.settle(Err(Stop::Gap(gap.clone())));
                assert_eq!(
                    matches!(outcome, Outcome::NotApplicable(_)),
                    expected,
                    "{gap:?}"
                );
            }
        }
    }
}
