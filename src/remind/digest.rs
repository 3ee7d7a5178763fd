//! One person's message: what is new for them, and what else must not be passed over.

use super::{Round, Standing, in_use, same};
use crate::model::Resource;
use crate::model::assessment::{CredentialEnd, Finding, RegistrationView};
use crate::model::reminder::{Digest, Found, Notice, NoticeKind};

impl Round<'_> {
    pub(crate) fn digest(
        &self,
        recipient: String,
        mut notices: Vec<Notice>,
        standing: &[Standing<'_>],
    ) -> Digest {
        notices.sort_by_cached_key(|one| {
            let whose = (one.registration.clone(), one.credential.clone());
            (one.kind, one.end, whose)
        });
        notices.dedup();
        let theirs = |view: &&RegistrationView| {
            let told = |notice: &Notice| notice.registration == view.name;
            view.route.to.iter().any(|to| same(to, &recipient)) || notices.iter().any(told)
        };
        let views = self.assessment.registrations.iter();
        let registrations = views.filter(theirs).map(|view| view.name.clone());
        let registrations: Vec<String> = registrations.collect();
        let about = |resource: &Resource| {
            let name = resource.registration_name();
            name.is_some_and(|name| registrations.iter().any(|one| one == name))
        };
        // Within a band nothing is repeated; only a sign of life must not look like health.
        let mut still: Vec<Notice> = standing
            .iter()
            .filter(|_| notices.is_empty())
            .filter(|one| one.view.route.to.iter().any(|to| same(to, &recipient)))
            .map(|one| self.notice(one, NoticeKind::Band))
            .collect();
        still.sort_by_key(|one| (one.end, one.registration.clone()));
        let unknowns = self.assessment.unknowns.iter();
        let views = self.assessment.registrations.iter();
        let unread = views.filter(|view| {
            registrations.contains(&view.name)
                && match in_use(view).as_slice() {
                    [] => matches!(view.ends, CredentialEnd::Unknown(_)),
                    used => used
                        .iter()
                        .any(|one| matches!(one.ends, CredentialEnd::Unknown(_))),
                }
        });
        Digest {
            unanswered: unknowns.filter(|one| about(&one.resource)).count(),
            findings: self.findings_of(&registrations),
            still,
            unread: unread.map(|view| view.name.clone()).collect(),
            narrowed: self.assessment.run.narrowed.clone(),
            recipient,
            notices,
            registrations,
            incomplete: self.assessment.verdict.incomplete,
            as_of: self.assessment.run.as_of,
        }
    }

    /// The end of a credential is told as such; what else is wrong with theirs must not be passed over.
    fn findings_of(&self, registrations: &[String]) -> Vec<Found> {
        let counts = |finding: &&Finding| {
            let mut rules = self.assessment.rules.iter();
            let mut names = finding.registrations.iter();
            finding.severity >= self.assessment.run.fail_on
                && !rules.any(|rule| rule.says_an_end && rule.check == finding.check)
                && names.any(|name| registrations.contains(name))
        };
        let findings = self.assessment.findings.iter().filter(counts);
        let found = |finding: &Finding| Found {
            fingerprint: finding.fingerprint.clone(),
            severity: finding.severity,
            title: finding.title.to_string(),
            whose: {
                let names = finding.registrations.iter();
                let theirs = names.filter(|name| registrations.contains(name)).cloned();
                theirs.collect::<Vec<_>>().join(", ")
            },
        };
        findings.map(found).collect()
    }
}
