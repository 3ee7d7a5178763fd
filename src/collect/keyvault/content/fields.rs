//! The names in a structured value, and what may be said of them: names that read like names, and the
//! identifiers beside a credential that the estate knows as well.

use url::Url;

use crate::model::guid;

/// How many names are listed.
const MOST: usize = 20;

/// The longest name that is listed.
const LONGEST: usize = 64;

/// Names of fields.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Names {
    pub(super) listed: Vec<String>,
    pub(super) others: u32,
}

impl Names {
    /// What does not read like a name may be a secret itself, and is counted only.
    pub(super) fn push(&mut self, name: &str) {
        if self.listed.len() < MOST && reads_like_a_name(name) {
            self.listed.push(name.to_owned());
        } else {
            self.others = self.others.saturating_add(1);
        }
    }
}

fn reads_like_a_name(name: &str) -> bool {
    name.len() <= LONGEST && name.split('.').all(is_word)
}

/// Letters, digits, spaces, `_`, `-`, `:` and brackets; not long and made of everything, as secrets are.
fn is_word(part: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b" _-:[]".contains(&byte);
    let has = |test: fn(&u8) -> bool| part.bytes().any(|byte| test(&byte));
    let random = part.len() > 16
        && has(u8::is_ascii_digit)
        && has(u8::is_ascii_uppercase)
        && has(u8::is_ascii_lowercase);
    !part.is_empty() && part.bytes().all(fits) && !random && !guid::is_guid(part)
}

/// Letters and digits in lower case: `Client Secret`, `client_secret` and `ClientSecret` are one name.
pub(super) fn folded(name: &str) -> String {
    name.chars()
        .filter(|letter| letter.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// Whether a field of this name holds a client secret.
pub(super) fn names_a_secret(name: &str) -> bool {
    let name = folded(name);
    name == "secret" || name.ends_with("clientsecret") || name.ends_with("appsecret")
}

/// Whether a field of this name holds a client id.
pub(super) fn names_a_client_id(name: &str) -> bool {
    let name = folded(name);
    ["clientid", "appid", "applicationid"]
        .iter()
        .any(|known| name.ends_with(known))
}

fn names_a_tenant(name: &str) -> bool {
    let name = folded(name);
    name == "tenant" || name.ends_with("tenantid") || name.ends_with("directoryid")
}

fn names_an_address(name: &str) -> bool {
    let name = folded(name);
    [
        "server",
        "serviceuri",
        "resource",
        "environment",
        "instance",
    ]
    .contains(&name.as_str())
        || name.ends_with("url")
}

/// Identifiers that stand beside a credential.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Beside {
    /// GUIDs, lower case.
    pub(super) client_ids: Vec<String>,
    /// GUIDs, lower case.
    pub(super) tenants: Vec<String>,
    /// Hosts of Dynamics 365, lower case.
    pub(super) hosts: Vec<String>,
}

impl Beside {
    pub(super) fn look_at(&mut self, name: &str, value: &str) {
        let value = value.trim();
        if guid::is_guid(value) {
            let id = value.to_ascii_lowercase();
            if names_a_client_id(name) {
                self.client_ids.push(id);
            } else if names_a_tenant(name) {
                self.tenants.push(id);
            }
        } else if names_an_address(name) {
            self.hosts.extend(dynamics_host(value));
        }
    }
}

/// The host of an address, without the `.api` that Dataverse's second name has; `None` where it is not one
/// of Dynamics 365, for other services stand beside a credential as well.
fn dynamics_host(address: &str) -> Option<String> {
    let url = Url::parse(address)
        .ok()
        .filter(Url::has_host)
        .or_else(|| Url::parse(&format!("https://{address}")).ok())?;
    let host = url.host_str()?.to_ascii_lowercase();
    ["dynamics", "appsplatform"]
        .iter()
        .any(|word| host.contains(word))
        .then(|| host.replace(".api.crm", ".crm"))
}
