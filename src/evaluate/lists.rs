//! How far each list was read. One that was begun and not read to its end makes the run incomplete, whether
//! or not a question hangs on it; one that was refused for want of a right costs what hangs on it.

use std::collections::BTreeSet;

use crate::evidence::{
    ApplicationUser, AuditorEvidence, DataverseProof, DirectoryEvidence, EnvironmentEvidence,
    ForeignProof, RegistrationEvidence, ServicePrincipal, Snapshot, VaultEntry,
};
use crate::model::assessment::{ListCount, UnknownItem};
use crate::model::{Gap, GapKind, Listing, Observed, Presence};

/// Lists that are always told, and of the others those that cost something or that nothing else tells of:
/// each reason once, and once for each registration.
pub(super) fn lists(snapshot: &Snapshot, unknowns: &[UnknownItem]) -> Vec<ListCount> {
    let waiting: Waiting<'_> = unknowns
        .iter()
        .map(|one| (one.kind, one.seen.as_str()))
        .collect();
    let lines = every(snapshot);
    let shared = lines.iter().filter(|line| line.always);
    let shared: BTreeSet<&Gap> = shared.filter_map(|line| line.gap).collect();
    let mut told = BTreeSet::new();
    lines
        .iter()
        .filter_map(|line| {
            let count = line.count(&waiting);
            let own = line.gap.is_some_and(|gap| {
                !shared.contains(gap)
                    && (count.counts || count.refused)
                    && told.insert((line.registration, gap))
            });
            (line.always || own).then_some(count)
        })
        .collect()
}

/// What questions without an answer wait for.
type Waiting<'a> = BTreeSet<(GapKind, &'a str)>;

/// Whether nobody tried: what stood in the way is told for itself.
fn was_never_begun(gap: &Gap) -> bool {
    gap.kind == GapKind::NotReached
}

/// One list as far as it was read.
pub(super) struct Line<'a> {
    name: String,
    read: usize,
    gap: Option<&'a Gap>,
    registration: Option<&'a str>,
    /// Told also where it is whole.
    always: bool,
}

impl<'a> Line<'a> {
    fn new<T>(name: String, list: &'a Listing<T>) -> Self {
        Self {
            name,
            read: list.items.len(),
            gap: list.gap.as_ref(),
            registration: None,
            always: false,
        }
    }

    fn always(self) -> Self {
        Self {
            always: true,
            ..self
        }
    }

    fn of(self, registration: &'a str) -> Self {
        Self {
            registration: Some(registration),
            ..self
        }
    }

    fn count(&self, waiting: &Waiting<'_>) -> ListCount {
        let refused = |gap: &Gap| matches!(gap.kind, GapKind::Denied | GapKind::NotLicensed);
        let waits = |gap: &Gap| waiting.contains(&(gap.kind, gap.seen.as_str()));
        ListCount {
            counts: self
                .gap
                .is_some_and(|gap| !refused(gap) && !was_never_begun(gap)),
            refused: self.gap.is_some_and(|gap| refused(gap) && !waits(gap)),
            cut_short: self.gap.map(|gap| gap.seen.clone()),
            kind: self.gap.map(|gap| gap.kind),
            name: self.name.clone(),
            read: self.read,
            registration: self.registration.map(str::to_owned),
        }
    }
}

/// Every list of the evidence.
pub(super) fn every(snapshot: &Snapshot) -> Vec<Line<'_>> {
    let mut lines = Vec::new();
    for (name, directory) in &snapshot.directories {
        of_directory(name, directory, &mut lines);
    }
    for (name, vault) in &snapshot.vaults {
        lines.push(Line::new(format!("secrets of vault {name}"), &vault.secrets).always());
    }
    for (name, environment) in &snapshot.environments {
        of_environment(name, environment, &mut lines);
    }
    for (scope, auditor) in &snapshot.auditors {
        of_auditor(scope, auditor, &mut lines);
    }
    for (name, evidence) in &snapshot.registrations {
        let first = lines.len();
        of_registration(name, evidence, &mut lines);
        let own = lines.split_off(first);
        lines.extend(own.into_iter().map(|line| line.of(name)));
    }
    lines
}

fn of_directory<'a>(name: &str, directory: &'a DirectoryEvidence, lines: &mut Vec<Line<'a>>) {
    // Where nothing was asked the list is neither read whole nor cut short.
    if directory.applications_read > 0 || directory.applications_gap.is_some() {
        lines.push(Line {
            name: format!("applications of tenant {name}"),
            read: directory.applications_read,
            gap: directory.applications_gap.as_ref(),
            registration: None,
            always: true,
        });
    }
    for report in &directory.reports {
        lines.push(Line {
            name: format!("{} of tenant {name}", report.name),
            read: report.read,
            gap: report.gap.as_ref(),
            registration: None,
            always: false,
        });
    }
    if let Some(rules) = directory.app_management.known() {
        let what = format!("app management policies of tenant {name}");
        lines.push(Line::new(what, &rules.custom));
        for custom in &rules.custom.items {
            let what = format!("targets of app management policy {}", custom.name);
            lines.push(Line::new(what, &custom.applies_to));
        }
    }
    if let Some(inventory) = &directory.inventory {
        let what = format!("what has to do with Dynamics in tenant {name}");
        lines.push(Line::new(what, inventory));
    }
}

fn of_environment<'a>(name: &str, environment: &'a EnvironmentEvidence, lines: &mut Vec<Line<'a>>) {
    let users = &environment.application_users;
    let what = format!("application users of environment {name}");
    lines.push(Line::new(what, users).always());
    if let Some(clients) = &environment.finops_clients {
        lines.push(Line::new(format!("F&O clients of environment {name}"), clients).always());
    }
    for user in &users.items {
        of_user(user, &format!("in environment {name}"), lines);
    }
}

fn of_user<'a>(user: &'a ApplicationUser, place: &str, lines: &mut Vec<Line<'a>>) {
    if let Some(roles) = &user.roles {
        let who = user.name.as_deref().unwrap_or(&user.client_id);
        lines.push(Line::new(format!("roles of {who} {place}"), roles));
    }
}

fn of_auditor<'a>(scope: &str, auditor: &'a AuditorEvidence, lines: &mut Vec<Line<'a>>) {
    for (environment, roles) in &auditor.dataverse_roles {
        let what = format!("the auditor's roles in environment {environment}");
        lines.push(Line::new(what, roles));
    }
    if let Some(own) = &auditor.registration {
        let whose = format!("the auditor of {scope}");
        if let Some(application) = own.application.known().and_then(Presence::present) {
            let what = format!("federated credentials of {whose}");
            lines.push(Line::new(what, &application.federated));
        }
        of_principal(&own.service_principal, &whose, lines);
    }
}

fn of_principal<'a>(
    principal: &'a Observed<Presence<ServicePrincipal>>,
    whose: &str,
    lines: &mut Vec<Line<'a>>,
) {
    if let Some(principal) = principal.known().and_then(Presence::present) {
        let what = format!("permissions granted to {whose}");
        lines.push(Line::new(what, &principal.granted));
        let what = format!("delegated permissions granted to {whose}");
        lines.push(Line::new(what, &principal.delegated));
    }
}

fn of_registration<'a>(name: &str, evidence: &'a RegistrationEvidence, lines: &mut Vec<Line<'a>>) {
    if let Some(entry) = evidence.entry.known().and_then(Presence::present) {
        of_entry(name, entry, lines);
    }
    lines.push(Line::new(format!("owners of {name}"), &evidence.owners));
    if let Some(application) = evidence.application.known().and_then(Presence::present) {
        let what = format!("federated credentials of {name}");
        lines.push(Line::new(what, &application.federated));
    }
    of_principal(&evidence.service_principal, name, lines);
    if let Some(proof) = &evidence.dataverse {
        of_dataverse(name, proof, lines);
    }
    if let Some(proof) = &evidence.finops {
        lines.push(Line::new(format!("F&O roles of {name}"), &proof.roles));
    }
    for proof in &evidence.foreign {
        of_foreign(name, proof, lines);
    }
}

fn of_entry<'a>(name: &str, entry: &'a VaultEntry, lines: &mut Vec<Line<'a>>) {
    let what = format!("versions of the vault entry of {name}");
    lines.push(Line::new(what, &entry.versions));
}

fn of_dataverse<'a>(name: &str, proof: &'a DataverseProof, lines: &mut Vec<Line<'a>>) {
    lines.push(Line::new(format!("roles of {name}"), &proof.roles));
    if let Some(user) = proof.user.known().and_then(Presence::present) {
        of_user(user, &format!("({name})"), lines);
    }
    if let Some(privileges) = proof.privileges.known() {
        lines.push(Line::new(format!("privileges of {name}"), &privileges.held));
        if let Some(writes) = &privileges.writes {
            lines.push(Line::new(format!("tables that {name} may change"), writes));
        }
    }
}

fn of_foreign<'a>(name: &str, proof: &'a ForeignProof, lines: &mut Vec<Line<'a>>) {
    if let Some(user) = proof.user.known().and_then(Presence::present) {
        let what = format!("roles of {name} in environment {}", proof.environment);
        lines.push(Line::new(what, &user.roles));
    }
}
