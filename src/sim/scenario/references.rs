//! Whether the names a scenario uses stand in it.

use std::collections::BTreeSet;

use super::{Application, Environment, Finops, Role, Scenario, ScenarioError, User, Vault};
use crate::model::guid::is_guid;

/// Reports the first name that points at nothing.
pub(super) fn check(scenario: &Scenario, text: &str) -> Result<(), ScenarioError> {
    let problem = |word: &str, message: String| ScenarioError {
        line: line_of(text, word),
        message,
    };
    if scenario.version != 1 {
        let message = format!(
            "version {} is not known; this is version 1",
            scenario.version
        );
        return Err(problem("version", message));
    }
    for (word, kind) in ids(scenario) {
        if !is_guid(word) {
            return Err(problem(word, format!("{kind} `{word}` is not a GUID")));
        }
    }
    if let Some((word, kind)) = twice(scenario) {
        return Err(problem(word, format!("there are two {kind} `{word}`")));
    }
    for (word, kind, known) in names(scenario) {
        if !known {
            return Err(problem(word, format!("there is no {kind} `{word}`")));
        }
    }
    for (key, environment) in &scenario.environments {
        let cloud = scenario
            .tenants
            .get(&environment.tenant)
            .map(|tenant| tenant.cloud);
        let api = cloud.and_then(|cloud| cloud.dataverse_api(&environment.host));
        if api.is_none() {
            let message = format!("`{}` is no Dataverse host of its cloud", environment.host);
            return Err(problem(&environment.host, message));
        }
        if let Some(finops) = &environment.finops
            && !cloud.is_some_and(|cloud| cloud.is_finops(&finops.host))
        {
            let message = format!(
                "`{}` is no Finance & Operations host of its cloud",
                finops.host
            );
            return Err(problem(&finops.host, message));
        }
        if environment.business_units.is_empty() {
            let message = format!("environment `{key}` has no business unit");
            return Err(problem(key, message));
        }
    }
    Ok(())
}

/// A name, client id or label that is defined twice where once is meant.
fn twice(scenario: &Scenario) -> Option<(&str, &'static str)> {
    let mut seen = BTreeSet::new();
    let mut words = Vec::new();
    // Rights are given to either by name.
    let people = scenario.people.keys().map(String::as_str);
    words.extend(people.map(|key| (key, "applications or people called")));
    for application in &scenario.applications {
        words.push((&application.name, "applications or people called"));
        words.push((
            application.client_id.as_str(),
            "applications with the client id",
        ));
        // A label that says `shared` stands for one value in several places: a defect to plant.
        let labels = application
            .secrets
            .iter()
            .filter(|secret| !secret.shared)
            .map(|secret| secret.label.as_str());
        words.extend(labels.map(|label| (label, "secrets with the label")));
        let labels = application
            .certificates
            .iter()
            .filter(|certificate| !certificate.shared)
            .map(|certificate| certificate.label.as_str());
        words.extend(labels.map(|label| (label, "certificates with the label")));
    }
    for vault in scenario.vaults.values() {
        // A certificate has a secret of its name, and so has a deleted one until it is purged.
        let mut names = BTreeSet::new();
        if let Some(name) = vault.secret_names().find(|name| !names.insert(*name)) {
            return Some((name, "entries of one vault named"));
        }
    }
    words
        .into_iter()
        .find(|(word, kind)| !seen.insert((*kind, *word)))
}

fn ids(scenario: &Scenario) -> Vec<(&str, &'static str)> {
    let mut ids = Vec::new();
    ids.extend(
        scenario
            .tenants
            .values()
            .map(|tenant| (tenant.id.as_str(), "the tenant id")),
    );
    for application in &scenario.applications {
        ids.push((application.client_id.as_str(), "the client id"));
        if let Some(tenant) = &application.principal.owner_tenant {
            ids.push((tenant.as_str(), "the owner's tenant id"));
        }
    }
    for environment in scenario.environments.values() {
        ids.push((environment.organization_id.as_str(), "the organization id"));
    }
    ids
}

/// A name used: the word, what it should name, and whether it does.
type Used<'a> = (&'a str, &'static str, bool);

fn names(scenario: &Scenario) -> Vec<Used<'_>> {
    let auditor = &scenario.auditor;
    let mut used = vec![
        of_application(scenario, &auditor.application),
        of_secret(scenario, &auditor.secret),
    ];
    let person = auditor.person.as_deref();
    used.extend(person.map(|name| of_person(scenario, name)));
    let of_people = scenario.people.values();
    let tenants = of_people.filter_map(|person| person.tenant.as_deref());
    used.extend(tenants.map(|name| of_tenant(scenario, name)));
    for application in &scenario.applications {
        used.extend(in_application(scenario, application));
    }
    let tenants = scenario.tenants.values();
    for policy in tenants.flat_map(|tenant| &tenant.app_management.custom) {
        let names = policy.applies_to.iter();
        used.extend(names.map(|name| of_application(scenario, name)));
    }
    for vault in scenario.vaults.values() {
        used.extend(in_vault(scenario, vault));
    }
    let discovery = &scenario.discovery;
    let readers = discovery.power_platform_readers.iter().flatten();
    let subscriptions = discovery.subscription_readers.iter().flatten();
    let listed = readers.chain(subscriptions);
    used.extend(listed.map(|name| of_holder(scenario, name)));
    let managing = discovery.management_applications.iter();
    used.extend(managing.map(|name| of_application(scenario, name)));
    let unreadable = discovery.unreadable_subscriptions.iter();
    used.extend(unreadable.map(|label| of_subscription(scenario, label)));
    for environment in scenario.environments.values() {
        used.push(of_tenant(scenario, &environment.tenant));
        for role in &environment.roles {
            used.extend(in_role(environment, role));
        }
        let of_teams = environment.teams.iter().flat_map(|team| &team.roles);
        used.extend(of_teams.map(|name| of_role(environment, name)));
        for user in &environment.users {
            used.extend(in_user(scenario, environment, user));
        }
        if let Some(finops) = &environment.finops {
            used.extend(in_finops(scenario, finops));
        }
    }
    used
}

fn of_tenant<'a>(scenario: &Scenario, name: &'a str) -> Used<'a> {
    (name, "tenant", scenario.tenants.contains_key(name))
}

fn of_application<'a>(scenario: &Scenario, name: &'a str) -> Used<'a> {
    (name, "application", scenario.application(name).is_some())
}

fn of_person<'a>(scenario: &Scenario, name: &'a str) -> Used<'a> {
    (name, "person", scenario.people.contains_key(name))
}

/// Whoever can hold rights: an application or a person.
fn of_holder<'a>(scenario: &Scenario, name: &'a str) -> Used<'a> {
    let known = scenario.application(name).is_some() || scenario.people.contains_key(name);
    (name, "application or person", known)
}

fn of_secret<'a>(scenario: &Scenario, label: &'a str) -> Used<'a> {
    let mut secrets = scenario.applications.iter().flat_map(|one| &one.secrets);
    let known = secrets.any(|secret| secret.label == label);
    (label, "secret with the label", known)
}

fn of_certificate<'a>(scenario: &Scenario, label: &'a str) -> Used<'a> {
    let known = scenario.certificate(label).is_some();
    (label, "certificate with the label", known)
}

/// A subscription that a vault stands in, or the one that every tenant has.
fn of_subscription<'a>(scenario: &Scenario, label: &'a str) -> Used<'a> {
    let mut vaults = scenario.vaults.values();
    let of_vault = vaults.any(|vault| vault.subscription.as_deref() == Some(label));
    let known = of_vault || scenario.tenants.contains_key(label);
    (label, "subscription", known)
}

fn of_table<'a>(environment: &Environment, name: &'a str) -> Used<'a> {
    (name, "table", environment.table(name).is_some())
}

fn of_role<'a>(environment: &Environment, name: &'a str) -> Used<'a> {
    let known = environment.roles.iter().any(|role| role.name == name);
    (name, "role", known)
}

fn in_application<'a>(scenario: &Scenario, application: &'a Application) -> Vec<Used<'a>> {
    let mut used = vec![of_tenant(scenario, &application.tenant)];
    let guest_in = application.guest_in.iter();
    used.extend(guest_in.map(|name| of_tenant(scenario, name)));
    let owners = application.owners.iter();
    used.extend(owners.map(|name| of_person(scenario, name)));
    let saml = application.principal.saml.as_ref();
    let label = saml.and_then(|saml| saml.thumbprint_of.as_deref());
    used.extend(label.map(|label| of_certificate(scenario, label)));
    for permission in &application.permissions {
        used.push((&permission.name, "permission", permission.is_offered()));
        let person = permission.person.as_deref();
        used.extend(person.map(|name| of_person(scenario, name)));
    }
    used
}

fn in_vault<'a>(scenario: &Scenario, vault: &'a Vault) -> Vec<Used<'a>> {
    let mut used = vec![of_tenant(scenario, &vault.tenant)];
    let callers = vault.access.keys();
    used.extend(callers.map(|name| of_holder(scenario, name)));
    let labels = vault.secrets.iter().flat_map(|secret| secret.labels());
    used.extend(labels.map(|label| of_secret(scenario, label)));
    let certificates = vault.certificates.iter().flat_map(|known| known.labels());
    let secrets = vault.secrets.iter();
    let files = secrets.filter_map(|secret| secret.holds_certificate.as_ref());
    let labels = certificates.chain(files);
    used.extend(labels.map(|label| of_certificate(scenario, label)));
    for secret in &vault.secrets {
        let of_file = secret.shape.is_of_certificate();
        used.push((
            &secret.name,
            "certificate (holds-certificate) that fits the shape of",
            of_file == secret.holds_certificate.is_some(),
        ));
    }
    used
}

fn in_role<'a>(environment: &Environment, role: &'a Role) -> Vec<Used<'a>> {
    let tables = role.tables();
    let named = tables.iter().flat_map(|(_, tables)| *tables);
    let mut used: Vec<Used<'_>> = named.map(|table| of_table(environment, table)).collect();
    for table in role.depths.keys() {
        let named = tables.iter().any(|(_, tables)| tables.contains(table));
        used.push((table, "right of its role on the table", named));
    }
    used
}

fn in_user<'a>(scenario: &Scenario, environment: &Environment, user: &'a User) -> Vec<Used<'a>> {
    let mut used: Vec<Used<'_>> = Vec::new();
    used.extend(user.roles.iter().map(|name| of_role(environment, name)));
    for name in &user.teams {
        let known = environment.teams.iter().any(|team| &team.name == name);
        used.push((name, "team", known));
    }
    used.extend(
        user.odd_reads
            .keys()
            .map(|table| of_table(environment, table)),
    );
    let application = user.application.as_deref();
    used.extend(application.map(|name| of_application(scenario, name)));
    used.extend(user.person.as_deref().map(|name| of_person(scenario, name)));
    if let Some(name) = &user.business_unit {
        let known = environment.business_units.contains(name);
        used.push((name, "business unit", known));
    }
    used
}

fn in_finops<'a>(scenario: &Scenario, finops: &'a Finops) -> Vec<Used<'a>> {
    let mut used: Vec<Used<'_>> = Vec::new();
    for client in &finops.clients {
        used.push(of_application(scenario, &client.application));
        let known = finops.users.iter().any(|user| user.name == client.user);
        used.push((&client.user, "Finance & Operations user", known));
    }
    let people = finops
        .users
        .iter()
        .filter_map(|user| user.person.as_deref());
    used.extend(people.map(|name| of_person(scenario, name)));
    for name in finops.users.iter().flat_map(|user| &user.roles) {
        let known = finops.roles.iter().any(|role| &role.name == name);
        used.push((name, "Finance & Operations role", known));
    }
    for name in finops.roles.iter().flat_map(|role| &role.read) {
        used.push((name, "collection", finops.collection(name).is_some()));
    }
    used
}

/// The first line that holds `word` in quotes, or bare (as a key).
fn line_of(text: &str, word: &str) -> Option<usize> {
    let quoted = format!("\"{word}\"");
    let line = |needle: &str| text.lines().position(|line| line.contains(needle));
    line(&quoted).or_else(|| line(word)).map(|index| index + 1)
}
