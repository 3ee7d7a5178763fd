//! What the machine does to requests before they leave: the proxy that its variables name, and who can read the files
//! that the audit signs in with.
#![expect(
    clippy::disallowed_methods,
    reason = "the proxy's variables are read from the process environment, once"
)]

use std::path::Path;

use url::Url;

use super::options::AuditorVariables;
use crate::model::diagnosis::Proxy;

/// What stands around a run.
#[derive(Clone, Debug, Default)]
pub(crate) struct Surroundings {
    pub(crate) proxy: Option<Proxy>,
}

/// The variables that name a proxy of https, the one that counts first (as reqwest reads them).
const VARIABLES: [&str; 4] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];

impl Surroundings {
    pub(crate) fn from_env() -> Self {
        let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let mut named = VARIABLES.iter();
        let proxy = named.find_map(|name| Some((*name, set(name)?)));
        let except = set("NO_PROXY").or_else(|| set("no_proxy"));
        Self {
            proxy: proxy.map(|(variable, address)| Proxy {
                variable,
                address: without_user(&address),
                except,
            }),
        }
    }
}

/// An address without the name and password that may stand in it.
fn without_user(address: &str) -> String {
    let whole = match address.contains("://") {
        true => address.to_owned(),
        false => format!("http://{address}"),
    };
    let Ok(mut url) = whole.parse::<Url>() else {
        return "an address that is not a URL".to_owned();
    };
    // Neither can fail on an address with a host, and one without has neither.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.to_string().trim_end_matches('/').to_owned()
}

/// What is wrong with the files that the variables name.
pub(crate) fn files(variables: &AuditorVariables) -> Vec<String> {
    let certificate = variables.certificate_path.as_deref();
    let certificate =
        certificate.and_then(|path| of_file(path, "AZURE_CLIENT_CERTIFICATE_PATH", true));
    let token = variables.federated_token_file.as_deref();
    let token = token.and_then(|path| of_file(path, "AZURE_FEDERATED_TOKEN_FILE", false));
    certificate.into_iter().chain(token).collect()
}

fn of_file(path: &Path, variable: &str, private: bool) -> Option<String> {
    let shown = path.display();
    match path.metadata() {
        Err(error) => Some(format!(
            "{variable} names {shown}, which cannot be read: {error}"
        )),
        Ok(about) if private && is_open(&about) => Some(format!(
            "{shown} holds a private key, and other users of this machine can read it: `chmod 600` it"
        )),
        Ok(_) => None,
    }
}

#[cfg(unix)]
fn is_open(about: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    about.permissions().mode() & 0o077 != 0
}

/// Who can read a file is not told by its attributes here.
#[cfg(not(unix))]
fn is_open(_: &std::fs::Metadata) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_is_named_without_its_password() {
        for (address, shown) in [
            (
                "http://ann:canary@proxy.contoso.com:8080/",
                "http://proxy.contoso.com:8080",
            ),
            ("ann:canary@proxy:3128", "http://proxy:3128"),
            ("proxy.contoso.com:8080", "http://proxy.contoso.com:8080"),
            ("http://[canary", "an address that is not a URL"),
        ] {
            assert_eq!(without_user(address), shown);
        }
    }

    #[test]
    #[cfg(unix)]
    fn a_key_that_others_can_read_is_named_with_what_to_do() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("key.pem");
        std::fs::write(&path, "key").expect("written");
        let named = |mode: u32| {
            let mode = std::fs::Permissions::from_mode(mode);
            std::fs::set_permissions(&path, mode).expect("set");
            files(&AuditorVariables {
                certificate_path: Some(path.clone()),
                ..AuditorVariables::default()
            })
        };
        assert_eq!(named(0o600), [] as [&str; 0]);
        assert!(named(0o644)[0].contains("chmod 600"), "{:?}", named(0o644));
        let gone = AuditorVariables {
            federated_token_file: Some("/nowhere/token".into()),
            ..AuditorVariables::default()
        };
        assert!(files(&gone)[0].starts_with("AZURE_FEDERATED_TOKEN_FILE names"));
    }
}
