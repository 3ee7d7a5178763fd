//! Whether the names a scenario uses stand in it.

use std::collections::BTreeSet;

use super::{Finops, Scenario, ScenarioError};
use crate::model::guid::is_guid;
use crate::sim::dataverse::knows_table;
use crate::sim::finops::knows_collection;
use crate::sim::graph::knows_permission;

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
            return Err(problem(word, format!("{kind} `{word}` is no GUID")));
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

/// A name, client id or label that stands twice where once is meant.
fn twice(scenario: &Scenario) -> Option<(&str, &'static str)> {
    let mut seen = BTreeSet::new();
    let mut words = Vec::new();
    for application in &scenario.applications {
        words.push((application.name.as_str(), "applications named"));
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

/// Every name used: the word, what it should name, and whether it does.
fn names(scenario: &Scenario) -> Vec<(&str, &'static str, bool)> {
    let mut used = Vec::new();
    let tenant = |name: &str| scenario.tenants.contains_key(name);
    let application = |name: &str| scenario.application(name).is_some();
    let labels: BTreeSet<&str> = scenario
        .applications
        .iter()
        .flat_map(|application| &application.secrets)
        .map(|secret| secret.label.as_str())
        .collect();

    let auditor = &scenario.auditor;
    used.push((
        auditor.application.as_str(),
        "application",
        application(&auditor.application),
    ));
    used.push((
        auditor.secret.as_str(),
        "secret with the label",
        labels.contains(auditor.secret.as_str()),
    ));
    for app in &scenario.applications {
        used.push((&app.tenant, "tenant", tenant(&app.tenant)));
        for guest in &app.guest_in {
            used.push((guest, "tenant", tenant(guest)));
        }
        for owner in &app.owners {
            used.push((owner, "person", scenario.people.contains_key(owner)));
        }
        let saml = app.principal.saml.as_ref();
        if let Some(label) = saml.and_then(|saml| saml.thumbprint_of.as_deref()) {
            let known = scenario.certificate(label).is_some();
            used.push((label, "certificate with the label", known));
        }
        for permission in &app.permissions {
            used.push((&permission.name, "permission", knows_permission(permission)));
            if let Some(name) = &permission.person {
                used.push((name, "person", scenario.people.contains_key(name)));
            }
        }
    }
    for policy in scenario
        .tenants
        .values()
        .flat_map(|tenant| &tenant.app_management.custom)
    {
        for name in &policy.applies_to {
            used.push((name, "application", application(name)));
        }
    }
    for vault in scenario.vaults.values() {
        used.push((&vault.tenant, "tenant", tenant(&vault.tenant)));
        for name in vault.access.keys() {
            used.push((name, "application", application(name)));
        }
        for label in vault.secrets.iter().flat_map(|secret| secret.labels()) {
            used.push((
                label,
                "secret with the label",
                labels.contains(label.as_str()),
            ));
        }
        let certificates = vault.certificates.iter().flat_map(|known| known.labels());
        let files = vault
            .secrets
            .iter()
            .filter_map(|secret| secret.holds_certificate.as_ref());
        for label in certificates.chain(files) {
            used.push((
                label,
                "certificate with the label",
                scenario.certificate(label).is_some(),
            ));
        }
        for secret in &vault.secrets {
            let of_file = secret.shape.is_of_certificate();
            let fits = of_file == secret.holds_certificate.is_some();
            used.push((
                &secret.name,
                "certificate (holds-certificate) that fits the shape of",
                fits,
            ));
        }
    }
    for environment in scenario.environments.values() {
        used.push((&environment.tenant, "tenant", tenant(&environment.tenant)));
        let role = |name: &str| environment.roles.iter().any(|role| role.name == name);
        for role in &environment.roles {
            let named = role.tables().into_iter().flat_map(|(_, tables)| tables);
            for table in named {
                used.push((table, "table", knows_table(environment, table)));
            }
            for table in role.depths.keys() {
                let named = role
                    .tables()
                    .iter()
                    .any(|(_, tables)| tables.contains(table));
                used.push((table, "right of its role on the table", named));
            }
        }
        for team in &environment.teams {
            used.extend(
                team.roles
                    .iter()
                    .map(|name| (name.as_str(), "role", role(name))),
            );
        }
        for user in &environment.users {
            used.extend(
                user.roles
                    .iter()
                    .map(|name| (name.as_str(), "role", role(name))),
            );
            for name in &user.teams {
                let known = environment.teams.iter().any(|team| &team.name == name);
                used.push((name, "team", known));
            }
            for table in user.odd_reads.keys() {
                used.push((table, "table", knows_table(environment, table)));
            }
            if let Some(name) = &user.application {
                used.push((name, "application", application(name)));
            }
            if let Some(name) = &user.person {
                used.push((name, "person", scenario.people.contains_key(name)));
            }
            if let Some(name) = &user.business_unit {
                used.push((
                    name,
                    "business unit",
                    environment.business_units.contains(name),
                ));
            }
        }
    }
    for finops in scenario
        .environments
        .values()
        .filter_map(|environment| environment.finops.as_ref())
    {
        used.extend(in_finops(scenario, finops));
    }
    used
}

fn in_finops<'a>(scenario: &'a Scenario, finops: &'a Finops) -> Vec<(&'a str, &'static str, bool)> {
    let mut used: Vec<(&str, &'static str, bool)> = Vec::new();
    for client in &finops.clients {
        let known = scenario.application(&client.application).is_some();
        used.push((&client.application, "application", known));
        let known = finops.users.iter().any(|user| user.name == client.user);
        used.push((&client.user, "Finance & Operations user", known));
    }
    for name in finops.users.iter().flat_map(|user| &user.roles) {
        let known = finops.roles.iter().any(|role| &role.name == name);
        used.push((name, "Finance & Operations role", known));
    }
    for name in finops.roles.iter().flat_map(|role| &role.read) {
        used.push((name, "collection", knows_collection(finops, name)));
    }
    used
}

/// The first line that holds `word` in quotes, or bare (as a key).
fn line_of(text: &str, word: &str) -> Option<usize> {
    let quoted = format!("\"{word}\"");
    let line = |needle: &str| text.lines().position(|line| line.contains(needle));
    line(&quoted).or_else(|| line(word)).map(|index| index + 1)
}
