//! Tenants, environments and vaults: what everything else in the file refers to.

use std::collections::BTreeMap;

use crate::estate::{Environment, Tenant, Vault};
use crate::model::guid::is_guid;
use crate::reference::cloud::Cloud;
use crate::source::{Table, Value, listed, meant_or};

use super::auditor;
use super::host::{self, Service};
use super::text::{self, IdOf, optional};

/// By name. `None` where the name is declared but its table has problems of its own: references to
/// it hold, and are not reported on top.
type Named<T> = BTreeMap<String, Option<T>>;

/// What the file declares, and which services each environment says it has.
#[derive(Debug)]
pub(super) struct Declared<'t> {
    tenants: Named<Tenant>,
    environments: Named<Environment>,
    vaults: Named<Vault>,
    services: BTreeMap<&'t str, (bool, bool)>,
    clouds: BTreeMap<&'t str, Cloud>,
}

impl<'t> Declared<'t> {
    pub(super) fn read(root: &Table<'t>) -> Self {
        let mut declared = Self {
            tenants: Named::new(),
            environments: Named::new(),
            vaults: Named::new(),
            services: BTreeMap::new(),
            clouds: BTreeMap::new(),
        };
        declared.misspelt(root);
        for value in names(root, "tenants") {
            let tenant = tenant(&value, &mut declared);
            declared.tenants.insert(value.key().to_owned(), tenant);
        }
        for value in names(root, "environments") {
            let environment = environment(&value, &mut declared);
            declared
                .environments
                .insert(value.key().to_owned(), environment);
        }
        for value in names(root, "vaults") {
            let vault = vault(&value, &declared);
            declared.vaults.insert(value.key().to_owned(), vault);
        }
        declared
    }

    /// What stands under `[environment.NAME]` is declared, if badly: the slip is reported once, and not again by
    /// each reference.
    fn misspelt(&mut self, root: &Table<'_>) {
        let names = |key| {
            let slip = root.misspelt(key);
            let names = slip.and_then(|slip| slip.names());
            names.unwrap_or_default()
        };
        for name in names("tenants") {
            self.tenants.insert(name, None);
        }
        for name in names("environments") {
            self.environments.insert(name, None);
        }
        for name in names("vaults") {
            self.vaults.insert(name, None);
        }
    }

    /// The vault that Azure calls so.
    pub(crate) fn vault_at(&self, called: &str) -> Option<&str> {
        let at = |vault: &Option<Vault>| {
            let (name, _) = vault.as_ref()?.host.split_once('.')?;
            Some(name == called)
        };
        let mut vaults = self.vaults.iter();
        let found = vaults.find(|(_, vault)| at(vault) == Some(true));
        found.map(|(name, _)| name.as_str())
    }

    /// Everything, if nothing in it is broken.
    #[expect(
        clippy::type_complexity,
        reason = "three maps of one estate, taken apart at once"
    )]
    pub(super) fn whole(
        self,
    ) -> Option<(
        BTreeMap<String, Tenant>,
        BTreeMap<String, Environment>,
        BTreeMap<String, Vault>,
    )> {
        Some((
            unbroken(self.tenants)?,
            unbroken(self.environments)?,
            unbroken(self.vaults)?,
        ))
    }

    pub(super) fn has_vault(&self, name: &str) -> bool {
        self.vaults.contains_key(name)
    }

    pub(super) fn vault_names(&self) -> impl Iterator<Item = &str> {
        self.vaults.keys().map(String::as_str)
    }

    /// Whether an environment says it has Dataverse, and Finance & Operations.
    pub(super) fn services_of(&self, environment: &str) -> Option<(bool, bool)> {
        self.services.get(environment).copied()
    }

    /// A reference to a declared environment.
    pub(super) fn environment<'v>(&self, value: &Value<'v>) -> Option<&'v str> {
        reference(value, "environment", &self.environments)
    }

    /// The tenant that a value names.
    pub(super) fn tenant<'v>(&self, value: &Value<'v>) -> Option<&'v str> {
        reference(value, "tenant", &self.tenants)
    }

    /// The id of another tenant than the environment's: a GUID, or the name of a declared one.
    pub(super) fn home_tenant(
        &self,
        value: &Value<'_>,
        environment: Option<&str>,
    ) -> Option<String> {
        let text = value.text()?;
        let named = self.tenants.contains_key(text);
        let id = if named || !(is_guid(text) || text.contains('.')) {
            let name = self.tenant(value)?;
            self.tenants.get(name)?.as_ref()?.id.clone()
        } else {
            text::guid(value, IdOf::Tenant)?
        };
        let environment = environment.and_then(|name| self.environments.get(name)?.as_ref());
        let own = environment.and_then(|one| self.tenants.get(&one.tenant)?.as_ref());
        if own.is_some_and(|own| own.id == id) {
            value.refuse_key(
                "`home-tenant` is the tenant of the registration's own environment",
                "nothing to say here",
                "take it out: it names the tenant of an application that belongs to another organisation",
            );
            return None;
        }
        Some(id)
    }

    /// The tenant, where there is one only.
    pub(super) fn only_tenant(&self) -> Option<&str> {
        let mut names = self.tenants.keys();
        let first = names.next()?;
        names.next().is_none().then_some(first)
    }
}

fn unbroken<T>(named: Named<T>) -> Option<BTreeMap<String, T>> {
    named
        .into_iter()
        .map(|(name, thing)| thing.map(|thing| (name, thing)))
        .collect()
}

/// The members of a table whose keys are names.
fn names<'t>(root: &Table<'t>, key: &'static str) -> Vec<Value<'t>> {
    root.get(key)
        .and_then(|value| value.table(format!("[{key}]")))
        .map_or_else(Vec::new, |table| table.entries())
}

/// A name that has to be declared.
fn reference<'v, T>(value: &Value<'v>, kind: &str, declared: &Named<T>) -> Option<&'v str> {
    let text = value.text()?;
    if declared.contains_key(text) {
        return Some(text);
    }
    let known = || declared.keys().map(String::as_str);
    let label = meant_or(text, known(), &format!("no such {kind}"));
    let all = listed(known());
    let help = if all.is_empty() {
        format!("declare it: [{kind}s.NAME]")
    } else {
        format!("declared under [{kind}s]: {all}")
    };
    value.sheet().report_absence(
        value.span(),
        format!("no {kind} is called {}", value.quote()),
        &label,
        &help,
    );
    None
}

fn tenant<'t>(value: &Value<'t>, declared: &mut Declared<'t>) -> Option<Tenant> {
    text::name_of_key(value, "tenant");
    let table = value.table(format!("tenant `{}`", value.key()))?;
    let id = table.needed(
        "id",
        "the tenant's GUID: Entra's overview shows it as \"Tenant ID\"",
        |value| text::guid(value, IdOf::Tenant),
    );
    let cloud = table.or("cloud", Cloud::Public, Value::word);
    if let Some(cloud) = cloud {
        declared.clouds.insert(value.key(), cloud);
    }
    let own = table.maybe("auditor", |value| auditor(value, false));
    table.close();
    Some(Tenant {
        id: id?,
        cloud: cloud?,
        auditor: own?,
    })
}

fn environment<'t>(value: &Value<'t>, declared: &mut Declared<'t>) -> Option<Environment> {
    text::name_of_key(value, "environment");
    let whose = format!("environment `{}`", value.key());
    let table = value.table(whose.as_str())?;
    let tenant = table.needed(
        "tenant",
        "the tenant it belongs to, by its name under [tenants]",
        |value| reference(value, "tenant", &declared.tenants),
    );
    let cloud = tenant.and_then(|tenant| declared.clouds.get(tenant).copied());
    let tier = table.needed(
        "tier",
        "write `production`, `test` or `development`",
        |value| {
            let open = (whose.as_str(), "production, test or development");
            text::decided(value, open, Value::word)
        },
    );
    let (dataverse, finops) = (table.get("dataverse"), table.get("finops"));
    declared
        .services
        .insert(value.key(), (dataverse.is_some(), finops.is_some()));
    if dataverse.is_none() && finops.is_none() {
        table.sheet().report_absence(
            table.span(),
            format!("{whose} has neither `dataverse` nor `finops`"),
            "nothing to try a credential on",
            "write dataverse = \"https://NAME.crm*.dynamics.com\"",
        );
    }
    let dataverse = optional(dataverse, |value| {
        host::read(value, Service::Dataverse, cloud, &whose)
    });
    let finops = optional(finops, |value| {
        host::read(value, Service::Finops, cloud, &whose)
    });
    let organization_id = table.maybe("organization-id", |value| {
        text::guid(value, IdOf::Organization)
    });
    let contact = table.maybe("contact", text::address);
    let own = table.maybe("auditor", |value| auditor(value, false));
    table.close();
    Some(Environment {
        tenant: tenant?.to_owned(),
        tier: tier?,
        dataverse: dataverse?,
        finops: finops?,
        organization_id: organization_id?,
        contact: contact?,
        auditor: own?,
    })
}

fn vault(value: &Value<'_>, declared: &Declared<'_>) -> Option<Vault> {
    text::name_of_key(value, "vault");
    let key = value.key();
    let table = value.table(format!("vault `{}`", value.key()))?;
    let environment = table.needed(
        "environment",
        "the environment it serves, by its name under [environments]",
        |value| {
            let whose = format!("vault `{key}`");
            let open = (whose.as_str(), "the environment whose secrets it holds");
            text::decided(value, open, |value| declared.environment(value))
        },
    );
    let tenant = table.maybe("tenant", |value| {
        reference(value, "tenant", &declared.tenants).map(str::to_owned)
    });
    let own = tenant.clone().flatten();
    let of_environment = environment
        .and_then(|name| declared.environments.get(name)?.as_ref())
        .map(|environment| environment.tenant.as_str());
    let cloud = own
        .as_deref()
        .or(of_environment)
        .and_then(|tenant| declared.clouds.get(tenant).copied());
    let whose = match (&own, environment) {
        (Some(tenant), _) => format!("tenant `{tenant}`"),
        (None, Some(name)) => format!("environment `{name}`"),
        (None, None) => String::new(),
    };
    let host = table.needed(
        "url",
        "write url = \"https://NAME.vault.azure.net\"",
        |value| host::read(value, Service::Vault, cloud, &whose),
    );
    table.close();
    Some(Vault {
        environment: environment?.to_owned(),
        host: host?,
        tenant: tenant?,
    })
}
