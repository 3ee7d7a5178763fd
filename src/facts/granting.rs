//! How a right that the auditor lacks is given: the commands, and the page of the portal. An audit and a look at the
//! setup say the same.
//!
//! Sources: Azure "Key Vault RBAC guide" (`az role assignment create` on a vault's resource id); Azure CLI reference,
//! `az keyvault set-policy`; Power Platform CLI reference, `pac admin assign-user`.

use super::portal;
use crate::estate::{Environment, Estate};
use crate::facts::prelude::*;
use crate::model::Grant;
use crate::model::assessment::Link;
use crate::model::command::{Call, Command, Found, GraphPermission, Part};
use crate::model::grant::{Grantee, Right};
use crate::reference::cloud::Cloud;

/// What the security role of the auditor is called where nobody has made one yet.
const ROLE: &str = "Credential audit";

/// What gives one right.
#[derive(Debug, Default)]
pub(crate) struct Granting {
    /// In order.
    pub steps: Vec<Step>,
    pub links: Vec<Link>,
}

/// How to give a right; nothing where no command and no page is known for it.
pub(crate) fn granting(grant: &Grant, estate: &Estate) -> Granting {
    let Some(right) = &grant.right else {
        return Granting::default();
    };
    let to = grant.to.as_ref();
    match right {
        Right::VaultRole { role, host } => one(
            format!("Assign {role} on the vault"),
            to.map(|to| vault_role(role, vault(host), to)),
        ),
        Right::VaultPolicy {
            kind,
            permission,
            host,
        } => one(
            format!("Add the permission to the vault's access policy ({permission}, {kind})"),
            to.and_then(|to| vault_policy(kind, permission, vault(host), to)),
        ),
        Right::GraphPermission { name, tenant } => one(
            format!("Grant {name}; it takes a Privileged Role Administrator"),
            to.and_then(|to| graph(name, tenant, to, estate)),
        ),
        Right::ApplicationUser { environment } => dataverse(environment, to, estate),
        Right::FinopsClient { environment } => {
            let host = environment_of(estate, environment).and_then(|one| one.finops.as_deref());
            Granting {
                links: host.map(portal::finops_clients).into_iter().collect(),
                ..Granting::default()
            }
        }
    }
}

/// One command; nothing where there is none.
fn one(say: String, command: Option<Command>) -> Granting {
    let step = command.map(|command| Step::of(say, Some(&command)));
    let has_line = |step: &Step| step.run.is_some() || step.powershell.is_some();
    Granting {
        steps: step.into_iter().filter(has_line).collect(),
        ..Granting::default()
    }
}

/// A vault's name: the first label of its host.
fn vault(host: &str) -> &str {
    host.split('.').next().unwrap_or(host)
}

fn environment_of<'a>(estate: &'a Estate, name: &str) -> Option<&'a Environment> {
    estate.environments.get(name)
}

fn id(to: &Grantee) -> &str {
    match to {
        Grantee::Application(id) | Grantee::Person(id) => id,
    }
}

/// A scope that is not found must end the line: an empty one would mean the whole subscription.
fn vault_role(role: &str, vault: &str, to: &Grantee) -> Command {
    let find = Call::new("az keyvault show --name")
        .value(vault)
        .plain("--query id --output tsv");
    let then = Call::new("az role assignment create --assignee")
        .value(id(to))
        .plain("--role")
        .value(role)
        .plain("--scope")
        .with(Part::Found)
        .plain("--output none");
    Command::Found(Box::new(Found {
        find,
        lacking: "the vault was not found, and nothing was granted",
        then,
    }))
}

fn vault_policy(kind: &str, permission: &str, vault: &str, to: &Grantee) -> Option<Command> {
    let whom = match to {
        Grantee::Application(_) => "--spn",
        Grantee::Person(_) => "--object-id",
    };
    let what = match kind {
        "secret" => "--secret-permissions",
        "certificate" => "--certificate-permissions",
        _ => return None,
    };
    let call = Call::new("az keyvault set-policy --name").value(vault);
    let call = call.plain(whom).value(id(to)).plain(what).value(permission);
    Some(Command::Call(call.plain("--output none")))
}

/// A person has no application permissions.
fn graph(name: &str, tenant: &str, to: &Grantee, estate: &Estate) -> Option<Command> {
    let Grantee::Application(client_id) = to else {
        return None;
    };
    let mut tenants = estate.tenants.values();
    let cloud = tenants.find(|one| one.id == tenant)?.cloud;
    Some(Command::Graph(Box::new(GraphPermission {
        client_id: client_id.clone(),
        tenant: tenant.to_owned(),
        name: name.to_owned(),
        host: cloud.hosts().graph,
        environment: match cloud {
            Cloud::Public => "Global",
            Cloud::UsGovernment => "USGov",
            Cloud::UsDod => "USGovDoD",
            Cloud::China => "China",
        },
    })))
}

fn dataverse(name: &str, to: Option<&Grantee>, estate: &Estate) -> Granting {
    let Some(environment) = environment_of(estate, name) else {
        return Granting::default();
    };
    let Some(host) = environment.dataverse.as_deref() else {
        return Granting::default();
    };
    let links = portal::environments(estate, environment);
    let links = links.into_iter().collect();
    let Some(Grantee::Application(client_id)) = to else {
        return Granting {
            links,
            ..Granting::default()
        };
    };
    let assign = Call::new("pac admin assign-user --environment")
        .value(format!("https://{host}"))
        .plain("--user")
        .value(client_id.as_str())
        .plain("--role")
        .value(ROLE)
        .plain("--application-user");
    Granting {
        steps: vec![
            Step::of(
                format!(
                    "Create a security role called {ROLE} in {name}, with organisation-level read on User, Role, Team, Business Unit, Organization and Entity, and nothing else"
                ),
                None,
            ),
            Step::of(
                "Create the application user with this role",
                Some(&Command::Call(assign)),
            ),
        ],
        links,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::testing::tidy::tidy;

    const AUDITOR: &str = "2d1916b1-0000-4000-8000-000000000001";

    const TENANT: &str = "8f0c4a52-0000-4000-8000-000000000001";

    fn lines(right: Right, to: Grantee) -> Vec<(Option<String>, Option<String>)> {
        let mut estate = tidy().estate;
        for tenant in estate.tenants.values_mut() {
            tenant.id = TENANT.to_owned();
        }
        let grant = Grant {
            role: "a role".to_owned(),
            scope: "a place".to_owned(),
            identity: "the auditor".to_owned(),
            right: Some(right),
            to: Some(to),
        };
        let steps = granting(&grant, &estate).steps;
        steps
            .into_iter()
            .map(|step| (step.run, step.powershell))
            .collect()
    }

    fn vault_role(host: &str) -> Right {
        Right::VaultRole {
            role: "Key Vault Secrets User".to_owned(),
            host: host.to_owned(),
        }
    }

    #[test]
    fn a_role_on_a_vault_is_given_on_the_vault_or_nowhere() {
        let all = lines(
            vault_role("kv-prod.vault.azure.net"),
            Grantee::Application(AUDITOR.to_owned()),
        );
        assert_eq!(
            all,
            [(
                Some(format!(
                    "( FOUND=$(az keyvault show --name kv-prod --query id --output tsv) && [ -n \"$FOUND\" ] && az role assignment create --assignee '{AUDITOR}' --role 'Key Vault Secrets User' --scope \"$FOUND\" --output none )"
                )),
                Some(format!(
                    "& {{ $found = az keyvault show --name kv-prod --query id --output tsv; if (-not $found) {{ throw 'the vault was not found, and nothing was granted' }}; az role assignment create --assignee '{AUDITOR}' --role 'Key Vault Secrets User' --scope $found --output none }}"
                ))
            )]
        );
    }

    #[test]
    fn a_person_gets_what_a_person_can_have() {
        let person = || Grantee::Person(AUDITOR.to_owned());
        let policy = Right::VaultPolicy {
            kind: "secret".to_owned(),
            permission: "get".to_owned(),
            host: "kv-prod.vault.azure.net".to_owned(),
        };
        let all = lines(policy, person());
        let line = format!(
            "az keyvault set-policy --name kv-prod --object-id '{AUDITOR}' --secret-permissions get --output none"
        );
        assert_eq!(all[0].0, Some(line));
        let permission = Right::GraphPermission {
            name: "Application.Read.All".to_owned(),
            tenant: TENANT.to_owned(),
        };
        assert_eq!(lines(permission.clone(), person()), []);
        let all = lines(permission, Grantee::Application(AUDITOR.to_owned()));
        assert!(
            all.len() == 1 && all[0].0.is_some() && all[0].1.is_some(),
            "{all:?}"
        );
    }

    #[test]
    fn a_hostile_name_gives_no_line_that_it_could_end() {
        let to = || Grantee::Application(AUDITOR.to_owned());
        for host in ["a\nb", "kv'; rm -rf ~; '"] {
            for (bash, powershell) in lines(vault_role(host), to()) {
                assert!(bash.is_none_or(|line| line.contains("'\\''")), "{host}");
                assert!(powershell.is_none_or(|line| line.contains("''")), "{host}");
            }
        }
    }
}
