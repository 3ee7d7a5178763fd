//! A draft as an estate file: plain where it is certain, a comment where it is not.

use toml_edit::{Key, Value};

use super::draft::{
    Draft, DraftCredential, DraftDataverse, DraftEnvironment, DraftFinops, DraftRegistration,
    DraftVault, Told, Unplaced,
};
use super::names::harmless;
use crate::estate::{CredentialForm, UNDECIDED};
use crate::model::Operation;
use crate::reference::cloud::Cloud;

/// The tenant's name in the estate.
pub(super) const TENANT: &str = "main";

/// How a question goes on on its next line, and no comment of a person begins.
pub(super) const FURTHER: &str = "#   ";

/// Where comment lines are broken.
const WIDTH: usize = 110;

/// The whole file.
pub(crate) fn file(draft: &Draft) -> String {
    let mut out = head(draft);
    out.push_str("version = 1\n\n");
    out.push_str(&auditor(draft));
    out.push_str(&tenant(draft));
    for environment in &draft.environments {
        out.push_str(&self::environment(environment, TENANT));
    }
    for vault in &draft.vaults {
        out.push_str(&self::vault(vault));
    }
    for registration in &draft.registrations {
        out.push_str(&self::registration(registration));
    }
    out.push_str(&unplaced(&draft.unplaced));
    out
}

fn head(draft: &Draft) -> String {
    let mut out = String::from("#:schema ./estate.schema.json\n");
    out.push_str(&comment(&format!(
        "The estate of tenant {}, as `credaudit init` found it as {}.",
        draft.tenant, draft.signed_in
    )));
    out.push_str("#\n");
    out.push_str(&comment(
        "Plain lines were read. \"guessed\" says why a value is likely: look at it. \"decide\" is left to you: \
         an audit refuses this file while there is a \"?\" in it, and lists each with its line.",
    ));
    out.push_str(&unlisted(draft));
    out.push('\n');
    out
}

/// What could not be listed, as it stands in the file's head.
pub(super) fn unlisted(draft: &Draft) -> String {
    if draft.unlisted.is_empty() {
        return String::new();
    }
    let mut out = String::from("#\n");
    out.push_str(&comment(
        "NOT COMPLETE: these lists were not read to their end, so that things may be missing here.",
    ));
    for one in &draft.unlisted {
        out.push_str(&item(&format!("{}: {}", one.what, one.gap.seen)));
        if let Some(remedy) = &one.gap.remedy {
            out.push_str(&indented(&format!("to do: {remedy}")));
        }
    }
    out
}

fn auditor(draft: &Draft) -> String {
    let mut out = format!(
        "[auditor]\nidentity = {}\n",
        quoted(draft.auditor.identity.as_str())
    );
    if let Some(id) = &draft.auditor.client_id {
        out.push_str(&format!("client-id = {}\n", quoted(id)));
    }
    out.push('\n');
    out
}

fn tenant(draft: &Draft) -> String {
    let mut out = format!("[tenants.{TENANT}]\nid = {}\n", quoted(&draft.tenant));
    if draft.cloud != Cloud::Public {
        out.push_str(&format!("cloud = {}\n", quoted(draft.cloud.as_str())));
    }
    out.push('\n');
    out
}

/// `[environments.NAME]` and what stands beneath it, in the tenant of this name.
pub(super) fn environment(draft: &DraftEnvironment, tenant: &str) -> String {
    let mut out = format!("[environments.{}]\n", key(&draft.key));
    if let Some(title) = &draft.title {
        out.push_str(&comment(&format!("in Power Platform: {title}")));
    }
    out.push_str(&format!("tenant = {}\n", quoted(tenant)));
    let hint = match &draft.kind {
        Some(kind) => format!(" (Power Platform calls it {})", harmless(kind)),
        None => String::new(),
    };
    out.push_str(&format!(
        "tier = {}  # decide: production, test or development{hint}\n",
        quoted(UNDECIDED)
    ));
    if let Some(host) = &draft.dataverse {
        out.push_str(&format!("dataverse = {}\n", url(host)));
    }
    if let Some(host) = &draft.finops {
        let why = draft.finops_guess.as_deref().map(guessed);
        out.push_str(&format!(
            "finops = {}{}\n",
            url(host),
            why.unwrap_or_default()
        ));
    }
    if let Some(id) = &draft.organization_id {
        out.push_str(&format!("organization-id = {}\n", quoted(id)));
    }
    out.push('\n');
    out
}

/// `[vaults.NAME]` and what stands beneath it.
pub(super) fn vault(draft: &DraftVault) -> String {
    format!(
        "[vaults.{}]\n{}url = {}\n\n",
        key(&draft.key),
        vault_environment(draft),
        url(&draft.host)
    )
}

/// The line of a vault's environment, and the questions above it.
pub(super) fn vault_environment(draft: &DraftVault) -> String {
    match &draft.environment {
        Told::Certain(name) => format!("environment = {}\n", quoted(name)),
        Told::Guessed(name, why) => format!("environment = {}{}\n", quoted(name), guessed(why)),
        Told::Open(seen) => format!(
            "{}environment = {}  # decide: the environment whose secrets it holds\n",
            questions(seen),
            quoted(UNDECIDED)
        ),
    }
}

/// `[[registrations]]` and what stands beneath it.
pub(super) fn registration(draft: &DraftRegistration) -> String {
    let mut out = String::from("[[registrations]]\n");
    if let Some(title) = draft.title.as_ref().filter(|title| **title != draft.name) {
        out.push_str(&comment(&format!("in Entra: {title}")));
    }
    for note in &draft.notes {
        out.push_str(&comment(note));
    }
    out.push_str(&format!("name = {}\n", quoted(&draft.name)));
    out.push_str(&format!("environment = {}\n", quoted(&draft.environment)));
    out.push_str(&format!("client-id = {}\n", quoted(&draft.client_id)));
    if let Some(tenant) = &draft.home_tenant {
        out.push_str(&format!("home-tenant = {}\n", quoted(tenant)));
    }
    match &draft.owner {
        Some(Told::Certain(owner)) => out.push_str(&format!("owner = {}\n", quoted(owner))),
        Some(Told::Guessed(owner, why)) => {
            out.push_str(&format!("owner = {}{}\n", quoted(owner), guessed(why)));
        }
        Some(Told::Open(seen)) => seen.iter().for_each(|seen| out.push_str(&comment(seen))),
        None => {}
    }
    out.push_str(&credential(&draft.credential));
    if !draft.permissions.is_empty() {
        out.push_str(&comment(
            "proposed: exactly what Entra shows as granted today",
        ));
        out.push_str(&format!("permissions = {}\n", list(&draft.permissions)));
    }
    out.push('\n');
    if let Some(dataverse) = &draft.dataverse {
        out.push_str(&self::dataverse(dataverse));
    }
    if let Some(finops) = &draft.finops {
        out.push_str(&self::finops(finops));
    }
    out
}

/// The line of the credential, and the questions above it.
pub(super) fn credential(told: &Told<DraftCredential>) -> String {
    let mut above = String::new();
    let (credential, why) = match told {
        Told::Certain(credential) => (credential, String::new()),
        Told::Guessed(credential, why) => (credential, guessed(why)),
        Told::Open(seen) => {
            return format!(
                "{}credential = {}  # decide: where its credential is stored, or \"none\", or \"federated\"\n",
                questions(seen),
                quoted(UNDECIDED)
            );
        }
    };
    let line = match credential {
        DraftCredential::Unstored(word) => quoted(word.as_str()),
        DraftCredential::Stored {
            form,
            vault,
            entry,
            field,
        } => {
            let word = match form {
                CredentialForm::Secret => "secret",
                CredentialForm::Certificate => "certificate",
            };
            let place = quoted(&format!("{vault}/{entry}"));
            let field = match field {
                None => String::new(),
                Some(Told::Certain(field)) => format!(", field = {}", quoted(field)),
                Some(Told::Guessed(field, why)) => {
                    above.push_str(&comment(&format!("the field is guessed: {why}")));
                    format!(", field = {}", quoted(field))
                }
                Some(Told::Open(seen)) => {
                    above.push_str(&questions(seen));
                    format!(", field = {}", quoted(UNDECIDED))
                }
            };
            format!("{{ {word} = {place}{field} }}")
        }
    };
    format!("{above}credential = {line}{why}\n")
}

const PROPOSED: &str =
    "proposed from what it may do today, which need not be what it should: correct it";

fn dataverse(draft: &DraftDataverse) -> String {
    let mut out = comment(PROPOSED);
    out.push_str("[registrations.dataverse]\n");
    if let Some(unit) = &draft.business_unit {
        out.push_str(&format!("business-unit = {}\n", quoted(unit)));
    }
    if let Some(roles) = &draft.roles {
        out.push_str(&format!("roles = {}\n", list(roles)));
    }
    if draft.read_only {
        out.push_str("read-only = true\n");
    }
    for (word, side) in [("allow", &draft.allow), ("deny", &draft.deny)] {
        if !side.is_empty() {
            out.push_str(&format!("{word} = {}\n", expectations(side)));
        }
    }
    out.push('\n');
    out
}

fn finops(draft: &DraftFinops) -> String {
    let mut out = comment(PROPOSED);
    out.push_str("[registrations.finops]\n");
    if let Some(user) = &draft.user {
        out.push_str(&format!("user = {}\n", quoted(user)));
    }
    out.push('\n');
    out
}

fn expectations(side: &[(Operation, Vec<String>)]) -> String {
    let all: Vec<String> = side
        .iter()
        .map(|(operation, names)| format!("{} = {}", operation.as_str(), list(names)))
        .collect();
    format!("{{ {} }}", all.join(", "))
}

/// Applications that stand in no environment, as comments at the file's end.
pub(super) fn unplaced(all: &[Unplaced]) -> String {
    if all.is_empty() {
        return String::new();
    }
    let mut out = comment(
        "NOT PLACED: these applications ask for permissions of Dynamics or hold some, and no environment above \
         knows them. Is one of them used in an environment that is not listed? Add that with --environment URL.",
    );
    for one in all {
        let name = one.title.as_deref().unwrap_or("without a name");
        out.push_str(&item(&format!(
            "{name} ({}): {}",
            one.client_id,
            one.permissions.join(", ")
        )));
    }
    out
}

fn questions(seen: &[String]) -> String {
    seen.iter()
        .map(|seen| broken(&format!("unclear: {seen}"), "# ", FURTHER))
        .collect()
}

/// Behind a value.
fn guessed(why: &str) -> String {
    format!("  # guessed: {}", harmless(why))
}

fn comment(text: &str) -> String {
    broken(text, "# ", "# ")
}

fn item(text: &str) -> String {
    broken(text, "# - ", "#   ")
}

fn indented(text: &str) -> String {
    broken(text, "#   ", "#   ")
}

/// Comment lines, broken between words.
fn broken(text: &str, first: &str, further: &str) -> String {
    let mut out = String::new();
    let mut line = first.to_owned();
    let mut is_empty = true;
    for word in harmless(text).split(' ').filter(|word| !word.is_empty()) {
        if !is_empty && line.chars().count() + 1 + word.chars().count() > WIDTH {
            out.push_str(&line);
            out.push('\n');
            further.clone_into(&mut line);
            is_empty = true;
        }
        if !is_empty {
            line.push(' ');
        }
        line.push_str(word);
        is_empty = false;
    }
    out.push_str(line.trim_end());
    out.push('\n');
    out
}

fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

fn url(host: &str) -> String {
    quoted(&format!("https://{host}"))
}

fn key(name: &str) -> String {
    Key::new(name).to_string()
}

fn list(names: &[String]) -> String {
    let all: Vec<String> = names.iter().map(|name| quoted(name)).collect();
    format!("[{}]", all.join(", "))
}

#[cfg(test)]
pub(crate) mod tests;
