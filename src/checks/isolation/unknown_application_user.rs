//! Is there an application user in an environment that the estate does not list?

use crate::checks::prelude::*;
use crate::facts::isolation::organisations;
use crate::facts::principals::words_of_kind;
use crate::model::Listing;
use crate::reference::microsoft;

pub(crate) struct UnknownApplicationUser;

impl Check for UnknownApplicationUser {
    const META: CheckMeta = CheckMeta {
        id: "unknown-application-user",
        title: "An enabled application user is not listed in the estate",
        severity: Severity::Medium,
        family: super::FAMILY,
        rationale: "For every application user there is a credential somewhere. If the estate does not list it, nobody checks it, rotates its credential or limits what it can do.",
        remediation: "Find out who uses it (`credaudit where`, and its sign-ins in Entra). Then add it to the estate with its owner, or deactivate it, and delete it if nobody misses it.",
        controls: controls::ISOLATION,
        evidence: &[
            "Dataverse application users",
            "Dataverse roles",
            "Graph service principal",
            "estate",
        ],
        explains: &[],
    };

    type Params = NoParams;

    fn judge(_: &NoParams, context: &Context<'_>) -> Vec<Verdict> {
        let environments = context.snapshot.environments.iter();
        environments
            .flat_map(|(name, evidence)| {
                let whole = Place { context, name };
                whole.verdicts(evidence)
            })
            .collect()
    }
}

/// One environment.
struct Place<'c, 's> {
    context: &'c Context<'s>,
    name: &'c str,
}

impl<'s> Place<'_, 's> {
    fn verdicts(&self, evidence: &EnvironmentEvidence) -> Vec<Verdict> {
        let users = &evidence.application_users;
        let mut verdicts: Vec<Verdict> =
            users.items.iter().map(|user| self.verdict(user)).collect();
        let whole = |judged| Verdict::on(Resource::environment(self.name), settled(judged));
        match &users.gap {
            Some(gap) => verdicts.push(whole(Err(gap.into()))),
            None if verdicts.is_empty() => verdicts.push(whole(Ok(Outcome::Pass))),
            None => {}
        }
        verdicts
    }

    fn verdict(&self, user: &ApplicationUser) -> Verdict {
        let owners: Vec<Case<'s>> = self.context.cases_of_client(&user.client_id).collect();
        let subjects = match owners.as_slice() {
            [] => vec![Resource::environment(self.name)],
            owners => {
                let names = owners
                    .iter()
                    .map(|case| Resource::registration(case.name()));
                names.collect::<BTreeSet<_>>().into_iter().collect()
            }
        };
        Verdict {
            finops: false,
            resource: Resource::environment(self.name)
                .part(Part::ApplicationUser(user.client_id.clone())),
            subjects,
            credentials: Vec::new(),
            outcome: settled(self.judge(user, &owners)),
        }
    }

    fn judge(&self, user: &ApplicationUser, owners: &[Case<'_>]) -> Judged {
        let of_this_place = |case: &Case<'_>| {
            let home = &case.registration.environment;
            home == self.name
                || organisations::same_in(self.context, Service::Dataverse, home, self.name)
                    .is_some()
        };
        if owners.iter().any(of_this_place) {
            return Ok(Outcome::Pass);
        }
        if let Some(name) = microsoft::application(&user.client_id) {
            return Err(not_applicable(format!(
                "it belongs to Microsoft: {name} ({})",
                microsoft::EDITION
            )));
        }
        // A registration of the estate is not Microsoft's, whatever else it is.
        let principal = user.principal.as_ref().filter(|_| owners.is_empty());
        if let Some(Observed::Known(Presence::Present(PrincipalKind::Microsoft))) = principal {
            return Err(not_applicable(
                "it belongs to Microsoft: its service principal comes from one of Microsoft's tenants",
            ));
        }
        if let Some(part) = &self.context.snapshot.narrowed {
            return Err(not_applicable(format!(
                "the run covered only a part of the estate ({part}), which explains only a part of the users"
            )));
        }
        if self.is_auditor(&user.client_id) {
            return Err(not_applicable("it belongs to the audit itself"));
        }
        if *user.disabled.get()? {
            return Err(not_applicable("it is disabled"));
        }
        self.nobody_hides()?;
        if let Some(Observed::Unknown(gap)) = principal {
            return Err(gap.into());
        }
        Ok(self.unlisted(user, owners))
    }

    fn is_auditor(&self, client_id: &str) -> bool {
        self.context.snapshot.auditors.values().any(|auditor| {
            let identity = auditor.signed_in.known();
            let id = identity.and_then(|identity| identity.client_id.as_deref());
            id.is_some_and(|id| same(id, client_id))
        })
    }

    /// Behind a client id that could not be read any of the users may stand: a registration's of this
    /// environment, or the auditor's.
    fn nobody_hides(&self) -> Result<(), Stop> {
        let mut nameless = self.context.nameless_cases();
        let here = |case: &Case<'_>| case.registration.environment == self.name;
        if let Some(Err(stop)) = nameless.find(here).map(|case| case.client_id()) {
            return Err(stop);
        }
        let snapshot = self.context.snapshot;
        let own = format!("environment/{}", self.name);
        let tenant = snapshot.estate.environments.get(self.name);
        let auditor = snapshot.auditors.get(&own).or_else(|| {
            let tenant = &tenant?.tenant;
            snapshot.auditors.get(tenant)
        });
        let Some(auditor) = auditor else {
            return Ok(());
        };
        let identity = auditor.signed_in.get()?;
        if identity.client_id.is_some() || identity.user.known() == Some(&true) {
            return Ok(());
        }
        Err(Gap::new(
            GapKind::Unrecognised,
            "the audit's own client id is not known, so that this user may belong to the audit",
        )
        .into())
    }

    fn unlisted(&self, user: &ApplicationUser, owners: &[Case<'_>]) -> Outcome {
        let name = user.name.as_deref().unwrap_or(&user.client_id);
        let what = match owners.first() {
            Some(owner) => format!(
                "has application user {name}, which belongs to {}",
                owner.registration.environment
            ),
            None => format!("has unlisted application user {name}"),
        };
        let environment = self.context.snapshot.estate.environments.get(self.name);
        let host = environment.and_then(|one| one.dataverse.as_deref());
        let url = host.map_or_else(|| self.name.to_owned(), |host| format!("https://{host}"));
        let remedy = format!(
            "Find out who uses it with `credaudit where {id}` and from its sign-ins in Entra. Then add it to the estate with its owner, or deactivate application user {id} (Power Platform admin centre > Environments > {url} > Settings > Users + permissions > Application users), and delete it if nobody misses it",
            id = user.client_id
        );
        advised(self.in_words(user, owners), remedy).what(what)
    }

    fn in_words(&self, user: &ApplicationUser, owners: &[Case<'_>]) -> String {
        let name = user.name.as_deref().unwrap_or("without a name");
        let mut words = format!(
            "Application user {name} of {} (client id {}) is enabled; {}; {}",
            self.name,
            user.client_id,
            roles(user.roles.as_ref()),
            match &user.modified {
                Observed::Known(at) => format!("last changed on {}", day(*at)),
                Observed::Unknown(_) => "when it was last changed could not be read".to_owned(),
            }
        );
        match &user.principal {
            Some(Observed::Known(Presence::Absent)) => {
                words.push_str("; it has no service principal in the tenant");
            }
            Some(Observed::Known(Presence::Present(kind))) => {
                if let Some(kind) = words_of_kind(*kind) {
                    words.push_str(&format!("; it is {kind}"));
                }
            }
            Some(Observed::Unknown(_)) | None => {}
        }
        for case in owners {
            words.push_str(&format!(
                ". The estate lists this client id only as {} of {}",
                case.name(),
                case.registration.environment
            ));
        }
        words
    }
}

fn roles(roles: Option<&Listing<RoleGrant>>) -> String {
    let Some(roles) = roles else {
        return "its roles were not read".to_owned();
    };
    let names: Vec<String> = roles
        .items
        .iter()
        .map(|role| match &role.team {
            None => role.name.clone(),
            Some(team) => format!("{} (through team {team})", role.name),
        })
        .collect();
    match (names.is_empty(), &roles.gap) {
        (true, None) => "it has no role".to_owned(),
        (true, Some(gap)) => format!("its roles could not be read ({})", gap.seen),
        (false, None) => format!("roles: {}", names.join(", ")),
        (false, Some(gap)) => format!(
            "roles: {}, and perhaps more ({})",
            names.join(", "),
            gap.seen
        ),
    }
}

#[cfg(test)]
mod tests;
