//! How far each list was read. One that was begun and not read to its end makes the run incomplete, whether
//! or not a question hangs on it; one that was refused for want of a right costs what hangs on it.

use std::collections::BTreeSet;

use crate::evidence::{
    Application, ApplicationUser, AuditorEvidence, DataverseProof, DirectoryEvidence,
    EnvironmentEvidence, RegistrationEvidence, ServicePrincipal, Snapshot,
};
use crate::model::assessment::{ListCount, UnknownItem};
use crate::model::{Gap, GapKind, Listing, Observed, Presence, Prose};

/// Lists that are always told, and of the others those that cost something or that nothing else tells of:
/// each reason once, and once for each registration.
pub(super) fn lists(snapshot: &Snapshot, unknowns: &[UnknownItem]) -> Vec<ListCount> {
    let waiting: Waiting<'_> = unknowns.iter().map(|one| (one.kind, &one.seen)).collect();
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
type Waiting<'a> = BTreeSet<(GapKind, &'a Prose)>;

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

impl Line<'_> {
    fn count(&self, waiting: &Waiting<'_>) -> ListCount {
        let refused = |gap: &Gap| matches!(gap.kind, GapKind::Denied | GapKind::NotLicensed);
        let waits = |gap: &Gap| waiting.contains(&(gap.kind, &gap.seen));
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

/// Lists as they are gathered: those of one registration after another at the end.
#[derive(Default)]
struct Lines<'a> {
    lines: Vec<Line<'a>>,
    /// Whose lists come now; `None` where they are a vault's, an environment's or a tenant's.
    registration: Option<&'a str>,
}

impl<'a> Lines<'a> {
    fn add<T>(&mut self, name: String, list: &'a Listing<T>) -> &mut Line<'a> {
        self.add_read(name, list.items.len(), list.gap.as_ref())
    }

    fn add_read(&mut self, name: String, read: usize, gap: Option<&'a Gap>) -> &mut Line<'a> {
        let at = self.lines.len();
        self.lines.push(Line {
            name,
            read,
            gap,
            registration: self.registration,
            always: false,
        });
        &mut self.lines[at]
    }
}

/// Every list of the evidence.
pub(super) fn every(snapshot: &Snapshot) -> Vec<Line<'_>> {
    let mut lines = Lines::default();
    for (name, directory) in &snapshot.directories {
        of_directory(name, directory, &mut lines);
    }
    for (name, vault) in &snapshot.vaults {
        let line = lines.add(format!("secrets of vault {name}"), &vault.secrets);
        line.always = true;
    }
    for (name, environment) in &snapshot.environments {
        of_environment(name, environment, &mut lines);
    }
    for (scope, auditor) in &snapshot.auditors {
        of_auditor(scope, auditor, &mut lines);
    }
    for (name, evidence) in &snapshot.registrations {
        lines.registration = Some(name);
        of_registration(name, evidence, &mut lines);
    }
    lines.lines
}

fn of_directory<'a>(name: &str, directory: &'a DirectoryEvidence, lines: &mut Lines<'a>) {
    // Where nothing was asked the list is neither read whole nor cut short.
    if directory.applications_read > 0 || directory.applications_gap.is_some() {
        let gap = directory.applications_gap.as_ref();
        let what = format!("applications of tenant {name}");
        lines
            .add_read(what, directory.applications_read, gap)
            .always = true;
    }
    for report in &directory.reports {
        let what = format!("{} of tenant {name}", report.name);
        lines.add_read(what, report.read, report.gap.as_ref());
    }
    if let Some(rules) = directory.app_management.known() {
        let what = format!("app management policies of tenant {name}");
        lines.add(what, &rules.custom);
        for custom in &rules.custom.items {
            let what = format!("targets of app management policy {}", custom.name);
            lines.add(what, &custom.applies_to);
        }
    }
    if let Some(inventory) = &directory.inventory {
        let what = format!("what has to do with Dynamics in tenant {name}");
        lines.add(what, inventory);
    }
}

fn of_environment<'a>(name: &str, environment: &'a EnvironmentEvidence, lines: &mut Lines<'a>) {
    let users = &environment.application_users;
    let what = format!("application users of environment {name}");
    lines.add(what, users).always = true;
    if let Some(clients) = &environment.finops_clients {
        let what = format!("F&O clients of environment {name}");
        lines.add(what, clients).always = true;
    }
    for user in &users.items {
        of_user(user, &format!("in environment {name}"), lines);
    }
}

fn of_user<'a>(user: &'a ApplicationUser, place: &str, lines: &mut Lines<'a>) {
    if let Some(roles) = &user.roles {
        let who = user.name.as_deref().unwrap_or(&user.client_id);
        lines.add(format!("roles of {who} {place}"), roles);
    }
}

fn of_auditor<'a>(scope: &str, auditor: &'a AuditorEvidence, lines: &mut Lines<'a>) {
    for (environment, roles) in &auditor.dataverse_roles {
        let what = format!("the auditor's roles in environment {environment}");
        lines.add(what, roles);
    }
    if let Some(own) = &auditor.registration {
        let whose = format!("the auditor of {scope}");
        of_application(&own.application, &whose, lines);
        of_principal(&own.service_principal, &whose, lines);
    }
}

fn of_application<'a>(
    application: &'a Observed<Presence<Application>>,
    whose: &str,
    lines: &mut Lines<'a>,
) {
    if let Some(application) = application.known().and_then(Presence::present) {
        let what = format!("federated credentials of {whose}");
        lines.add(what, &application.federated);
    }
}

fn of_principal<'a>(
    principal: &'a Observed<Presence<ServicePrincipal>>,
    whose: &str,
    lines: &mut Lines<'a>,
) {
    if let Some(principal) = principal.known().and_then(Presence::present) {
        let what = format!("permissions granted to {whose}");
        lines.add(what, &principal.granted);
        let what = format!("delegated permissions granted to {whose}");
        lines.add(what, &principal.delegated);
    }
}

fn of_registration<'a>(name: &str, evidence: &'a RegistrationEvidence, lines: &mut Lines<'a>) {
    if let Some(entry) = evidence.entry.known().and_then(Presence::present) {
        let what = format!("versions of the vault entry of {name}");
        lines.add(what, &entry.versions);
    }
    lines.add(format!("owners of {name}"), &evidence.owners);
    of_application(&evidence.application, name, lines);
    of_principal(&evidence.service_principal, name, lines);
    if let Some(proof) = &evidence.dataverse {
        of_dataverse(name, proof, lines);
    }
    if let Some(proof) = &evidence.finops {
        lines.add(format!("F&O roles of {name}"), &proof.roles);
    }
    for proof in &evidence.foreign {
        if let Some(user) = proof.user.known().and_then(Presence::present) {
            let what = format!("roles of {name} in environment {}", proof.environment);
            lines.add(what, &user.roles);
        }
    }
}

fn of_dataverse<'a>(name: &str, proof: &'a DataverseProof, lines: &mut Lines<'a>) {
    lines.add(format!("roles of {name}"), &proof.roles);
    if let Some(user) = proof.user.known().and_then(Presence::present) {
        of_user(user, &format!("({name})"), lines);
    }
    if let Some(privileges) = proof.privileges.known() {
        lines.add(format!("privileges of {name}"), &privileges.held);
        if let Some(writes) = &privileges.writes {
            lines.add(format!("tables that {name} may change"), writes);
        }
    }
}
