//! What a verdict is about: a registration, something that belongs to one, a vault entry, an environment.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What a verdict is about. Its path, `registration/raia/table/contact`, is made here and read here, and
/// nothing else looks at its shape; with a check's id it makes a finding's fingerprint, and waivers name it,
/// so a path never changes.
#[derive(Clone, Debug)]
pub struct Resource {
    /// The path: resources are compared and ordered by it.
    path: String,
    root: Root,
    parts: Vec<Part>,
}

/// What stands by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Root {
    Registration(String),
    VaultEntry {
        vault: String,
        entry: String,
    },
    Vault(String),
    Environment(String),
    Tenant(String),
    /// By the scope it signs in for.
    Auditor(String),
    /// An application that the estate does not name, by client id.
    Application(String),
    /// Of a check, for what the waiver names.
    Waiver {
        check: String,
        resource: String,
    },
    /// A path that a waiver or a kept file names and that is none of these.
    Other(String),
}

/// What belongs to something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    ServicePrincipal,
    /// By key id.
    Credential(String),
    Table(String),
    Collection(String),
    Environment(String),
    Dataverse,
    FinOps,
    FinOpsUser,
    Metadata,
    OptionSet(String),
    Role(String),
    /// `resource/role`.
    Permission(String),
    Redirect(String),
    Federated(String),
    ApplicationUser(String),
    /// A word of a path that a waiver names and no check makes.
    Other(String),
}

impl Part {
    /// The word of the path, and the name behind it.
    fn words(&self) -> (&str, Option<&str>) {
        match self {
            Self::ServicePrincipal => ("service-principal", None),
            Self::Credential(id) => ("credential", Some(id)),
            Self::Table(name) => ("table", Some(name)),
            Self::Collection(name) => ("collection", Some(name)),
            Self::Environment(name) => ("environment", Some(name)),
            Self::Dataverse => ("dataverse", None),
            Self::FinOps => ("finops", None),
            Self::FinOpsUser => ("finops-user", None),
            Self::Metadata => ("metadata", None),
            Self::OptionSet(name) => ("option-set", Some(name)),
            Self::Role(name) => ("role", Some(name)),
            Self::Permission(name) => ("permission", Some(name)),
            Self::Redirect(uri) => ("redirect", Some(uri)),
            Self::Federated(name) => ("federated", Some(name)),
            Self::ApplicationUser(id) => ("application-user", Some(id)),
            Self::Other(word) => (word, None),
        }
    }
}

impl Resource {
    fn new(root: Root, parts: Vec<Part>) -> Self {
        let mut path = root.to_string();
        for part in &parts {
            let (word, name) = part.words();
            path.push('/');
            path.push_str(word);
            if let Some(name) = name {
                path.push('/');
                path.push_str(name);
            }
        }
        Self { path, root, parts }
    }

    /// A registration itself, by its name in the estate.
    pub fn registration(name: &str) -> Self {
        Self::new(Root::Registration(name.to_owned()), Vec::new())
    }

    /// A secret or certificate of a vault that the estate names.
    pub fn vault_entry(vault: &str, entry: &str) -> Self {
        let (vault, entry) = (vault.to_owned(), entry.to_owned());
        Self::new(Root::VaultEntry { vault, entry }, Vec::new())
    }

    pub fn vault(name: &str) -> Self {
        Self::new(Root::Vault(name.to_owned()), Vec::new())
    }

    pub fn environment(name: &str) -> Self {
        Self::new(Root::Environment(name.to_owned()), Vec::new())
    }

    pub fn tenant(name: &str) -> Self {
        Self::new(Root::Tenant(name.to_owned()), Vec::new())
    }

    /// The auditor where it signs in for this scope.
    pub fn auditor(scope: &str) -> Self {
        Self::new(Root::Auditor(scope.to_owned()), Vec::new())
    }

    /// An application that no registration of the estate names.
    pub fn application(client_id: &str) -> Self {
        Self::new(Root::Application(client_id.to_owned()), Vec::new())
    }

    /// A waiver of the policy, by its check and the resource it names.
    pub fn waiver(check: &str, resource: &str) -> Self {
        let (check, resource) = (check.to_owned(), resource.to_owned());
        Self::new(Root::Waiver { check, resource }, Vec::new())
    }

    /// Something that belongs to it.
    pub fn part(mut self, part: Part) -> Self {
        self.parts.push(part);
        Self::new(self.root, self.parts)
    }

    /// Its path, to be laid out; nothing decides by what stands in it.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What it is or belongs to, as the first word of its path says, and that one's name.
    pub fn kind(&self) -> (&'static str, &str) {
        match &self.root {
            Root::Registration(name) => ("registration", name),
            Root::VaultEntry { vault, .. } => ("vault-entry", vault),
            Root::Vault(name) => ("vault", name),
            Root::Environment(name) => ("environment", name),
            Root::Tenant(name) => ("tenant", name),
            Root::Auditor(scope) => ("auditor", scope),
            Root::Application(id) => ("application", id),
            Root::Waiver { check, .. } => ("waiver", check),
            Root::Other(path) => ("resource", path),
        }
    }

    /// What a sentence calls it: `environment prod`, `auditor of contoso`.
    pub fn called(&self) -> String {
        match (&self.root, self.parts.as_slice()) {
            (Root::Registration(name), _) => name.clone(),
            (Root::VaultEntry { vault, entry }, _) => format!("vault entry {vault}/{entry}"),
            (Root::Vault(name), _) => format!("vault {name}"),
            (Root::Environment(name), [Part::Environment(other)]) => {
                format!("environments {name} and {other}")
            }
            (Root::Environment(name), _) => format!("environment {name}"),
            (Root::Tenant(name), _) => format!("tenant {name}"),
            (Root::Auditor(scope), _) => match Self::parse(scope) {
                environment @ Self {
                    root: Root::Environment(_),
                    ..
                } => format!("auditor of {}", environment.called()),
                _ => format!("auditor of {scope}"),
            },
            (Root::Application(id), _) => format!("application {id}"),
            (Root::Waiver { check, resource }, _) => {
                format!("waiver of {check} for {}", Self::parse(resource).called())
            }
            (Root::Other(path), _) => path.clone(),
        }
    }

    /// Whether a finding is about it rather than about the registrations that it concerns: a vault or an
    /// environment.
    pub const fn is_shared(&self) -> bool {
        matches!(self.root, Root::Vault(_) | Root::Environment(_))
    }

    /// The registration that it is or belongs to.
    pub fn registration_name(&self) -> Option<&str> {
        match &self.root {
            Root::Registration(name) => Some(name),
            _ => None,
        }
    }

    /// The vault and the entry's name, where it is or belongs to one.
    pub fn vault_entry_name(&self) -> Option<(&str, &str)> {
        match &self.root {
            Root::VaultEntry { vault, entry } => Some((vault, entry)),
            _ => None,
        }
    }

    /// The client id, where it is an application that the estate does not name.
    pub fn application_id(&self) -> Option<&str> {
        match &self.root {
            Root::Application(id) => Some(id),
            _ => None,
        }
    }

    /// The key id, where it is one credential.
    pub fn credential(&self) -> Option<&str> {
        match self.parts.last() {
            Some(Part::Credential(id)) => Some(id),
            _ => None,
        }
    }

    /// Whether what is said of this says something of the other: it is the same, or the other belongs to
    /// it. What stands in a tenant's lists belongs to the tenant.
    pub fn holds(&self, other: &Self) -> bool {
        match (&self.root, &other.root) {
            (Root::Tenant(_), Root::Application(_)) => self.parts.is_empty(),
            (root, others) => root == others && other.parts.starts_with(&self.parts),
        }
    }

    /// The resource that a path names, as waivers and kept files write it.
    pub fn parse(path: &str) -> Self {
        let (root, rest) = root(path);
        Self {
            path: path.to_owned(),
            root,
            parts: parse_parts(rest),
        }
    }
}

/// The root of a path, and what follows.
fn root(path: &str) -> (Root, Option<&str>) {
    let cut = |text: &str| match text.split_once('/') {
        Some((name, rest)) => (name.to_owned(), Some(rest.len())),
        None => (text.to_owned(), None),
    };
    let rest = |length: Option<usize>| length.map(|length| &path[path.len() - length..]);
    let Some((word, names)) = path.split_once('/') else {
        return (Root::Other(path.to_owned()), None);
    };
    let make: fn(String) -> Root = match word {
        "registration" => Root::Registration,
        "vault" => Root::Vault,
        "environment" => Root::Environment,
        "tenant" => Root::Tenant,
        "application" => Root::Application,
        // Scopes hold slashes: `environment/prod`.
        "auditor" => return (Root::Auditor(names.to_owned()), None),
        "waiver" => {
            let (check, resource) = names.split_once('/').unwrap_or((names, ""));
            let (check, resource) = (check.to_owned(), resource.to_owned());
            return (Root::Waiver { check, resource }, None);
        }
        "vault-entry" => {
            let (vault, after) = names.split_once('/').unwrap_or((names, ""));
            let (entry, left) = cut(after);
            let vault = vault.to_owned();
            return (Root::VaultEntry { vault, entry }, rest(left));
        }
        _ => return (Root::Other(path.to_owned()), None),
    };
    let (name, left) = cut(names);
    (make(name), rest(left))
}

/// A part of this sort, by its name.
type MakePart = fn(String) -> Part;

/// The parts that the rest of a path names. Addresses and permissions hold slashes: they come last.
fn parse_parts(mut rest: Option<&str>) -> Vec<Part> {
    let mut parts = Vec::new();
    while let Some(text) = rest {
        let (word, after) = match text.split_once('/') {
            Some((word, after)) => (word, Some(after)),
            None => (text, None),
        };
        let named: Option<(MakePart, bool)> = match word {
            "credential" => Some((Part::Credential, false)),
            "table" => Some((Part::Table, false)),
            "collection" => Some((Part::Collection, false)),
            "environment" => Some((Part::Environment, false)),
            "option-set" => Some((Part::OptionSet, false)),
            "application-user" => Some((Part::ApplicationUser, false)),
            "role" => Some((Part::Role, true)),
            "permission" => Some((Part::Permission, true)),
            "redirect" => Some((Part::Redirect, true)),
            "federated" => Some((Part::Federated, true)),
            _ => None,
        };
        match (named, after) {
            (Some((make, false)), Some(after)) => {
                let (name, left) = match after.split_once('/') {
                    Some((name, left)) => (name, Some(left)),
                    None => (after, None),
                };
                parts.push(make(name.to_owned()));
                rest = left;
            }
            (Some((make, true)), Some(after)) => {
                parts.push(make(after.to_owned()));
                rest = None;
            }
            _ => {
                parts.push(match word {
                    "service-principal" => Part::ServicePrincipal,
                    "dataverse" => Part::Dataverse,
                    "finops" => Part::FinOps,
                    "finops-user" => Part::FinOpsUser,
                    "metadata" => Part::Metadata,
                    _ => Part::Other(word.to_owned()),
                });
                rest = after;
            }
        }
    }
    parts
}

impl fmt::Display for Root {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Registration(name) => write!(out, "registration/{name}"),
            Self::VaultEntry { vault, entry } => write!(out, "vault-entry/{vault}/{entry}"),
            Self::Vault(name) => write!(out, "vault/{name}"),
            Self::Environment(name) => write!(out, "environment/{name}"),
            Self::Tenant(name) => write!(out, "tenant/{name}"),
            Self::Auditor(scope) => write!(out, "auditor/{scope}"),
            Self::Application(id) => write!(out, "application/{id}"),
            Self::Waiver { check, resource } => write!(out, "waiver/{check}/{resource}"),
            Self::Other(path) => out.write_str(path),
        }
    }
}

impl fmt::Display for Resource {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(&self.path)
    }
}

impl PartialEq for Resource {
    fn eq(&self, other: &Self) -> bool {
        self.path == other.path
    }
}

impl Eq for Resource {}

impl From<&str> for Resource {
    fn from(path: &str) -> Self {
        Self::parse(path)
    }
}

/// Tests compare with paths; nothing else may.
#[cfg(test)]
impl PartialEq<&str> for Resource {
    fn eq(&self, other: &&str) -> bool {
        self.path == *other
    }
}

impl PartialOrd for Resource {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Resource {
    fn cmp(&self, other: &Self) -> Ordering {
        self.path.cmp(&other.path)
    }
}

impl Hash for Resource {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.path.hash(state);
    }
}

impl Serialize for Resource {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.path)
    }
}

impl<'de> Deserialize<'de> for Resource {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|path| Self::parse(&path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> Vec<Resource> {
        let raia = || Resource::registration("raia");
        vec![
            raia(),
            raia().part(Part::ServicePrincipal),
            raia().part(Part::Credential("k-1".into())),
            raia()
                .part(Part::ServicePrincipal)
                .part(Part::Credential("k-1".into())),
            raia().part(Part::Table("contact".into())),
            raia()
                .part(Part::Environment("prod".into()))
                .part(Part::Dataverse),
            raia()
                .part(Part::Environment("prod".into()))
                .part(Part::FinOps),
            raia().part(Part::FinOpsUser),
            raia().part(Part::Metadata),
            raia().part(Part::OptionSet("budgetstatus".into())),
            raia().part(Part::Permission("Microsoft Graph/Mail.Send".into())),
            raia().part(Part::Redirect("http://contoso.com/a/b".into())),
            raia().part(Part::Federated("git/hub".into())),
            Resource::vault_entry("prod", "raia-secret"),
            Resource::vault("prod"),
            Resource::environment("dev").part(Part::Environment("prod".into())),
            Resource::environment("dev").part(Part::ApplicationUser("u-1".into())),
            Resource::tenant("contoso"),
            Resource::auditor("environment/prod"),
            Resource::application("client-9"),
            Resource::waiver("secret-shared", "vault-entry/prod/raia-secret"),
        ]
    }

    #[test]
    fn a_path_says_all_of_it() {
        for resource in all() {
            let again = Resource::parse(&resource.to_string());
            assert_eq!(
                (&again.root, &again.parts),
                (&resource.root, &resource.parts)
            );
            assert_eq!(
                again.path,
                Resource::new(again.root.clone(), again.parts.clone()).path
            );
        }
    }

    #[test]
    fn any_path_is_kept_as_it_is() {
        for path in [
            "",
            "/",
            "registration",
            "registration/",
            "vault-entry/a",
            "x/y",
            "registration/a//b",
        ] {
            assert_eq!(Resource::parse(path).to_string(), path);
        }
    }

    #[test]
    fn what_belongs_to_it_is_held_and_a_longer_name_is_not() {
        let raia = Resource::registration("raia");
        for part in all()
            .iter()
            .filter(|one| one.registration_name() == Some("raia"))
        {
            assert!(raia.holds(part), "{part}");
        }
        assert!(!raia.holds(&Resource::registration("raia-dev")));
        assert!(!all()[4].holds(&raia));
        assert!(Resource::tenant("contoso").holds(&Resource::application("client-9")));
    }
}
