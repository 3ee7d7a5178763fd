//! What a run will need after its last request, looked at before its first: mail, webhooks, the outbox and
//! the history. An audit that takes minutes must not end with "the password is not set".
#![expect(
    clippy::disallowed_methods,
    reason = "environment variables, files and folders that the estate names are looked at here"
)]

use std::path::Path;

use secrecy::ExposeSecret;

use super::error::Failure;
use super::mail_way::{self, beside};
use super::memory;
use crate::estate::{Estate, Mail, MailBy, SecretRef, SmtpAuth};
use crate::history::Store;
use crate::reference::cloud::Cloud;

/// What the run is going to do besides its report.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Intent {
    pub mail: bool,
    pub webhooks: bool,
    /// Whether runs are read or kept.
    pub history: History,
}

/// How much depends on the history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum History {
    Unused,
    /// Kept where it can be. Only a place that the estate names has to work.
    Kept,
    /// The command cannot do without.
    Needed,
}

/// Refuses what cannot work.
///
/// # Errors
/// Everything that is wrong, in one message: a setting that cannot work, a variable that is not set, a
/// folder that cannot be written to.
pub(crate) async fn check(estate: &Estate, config: &Path, intent: Intent) -> Result<(), Failure> {
    let mut wrong = Vec::new();
    if intent.mail
        && let Some(mail) = &estate.mail
    {
        wrong.extend(of_mail(mail, estate, config));
    }
    if intent.webhooks {
        wrong.extend(estate.webhooks.iter().filter_map(|hook| of_hook(&hook.url)));
    }
    if let Some(words) = of_history(estate, config, intent.history).await {
        wrong.push(words);
    }
    match wrong.as_slice() {
        [] => Ok(()),
        [one] => Err(Failure::Usage(format!("{one}; nothing was asked"))),
        many => Err(Failure::Usage(format!(
            "nothing was asked, since this cannot work:\n  {}",
            many.join("\n  ")
        ))),
    }
}

fn of_mail(mail: &Mail, estate: &Estate, config: &Path) -> Vec<String> {
    match &mail.by {
        MailBy::Folder(path) => of_folder(&beside(config, path)).into_iter().collect(),
        MailBy::Graph { .. } => Vec::new(),
        MailBy::Smtp(smtp) => {
            let sign_in = match &smtp.auth {
                SmtpAuth::None => None,
                SmtpAuth::Password { password, .. } => unset(password, "the mail password"),
                SmtpAuth::Xoauth2 { .. } => (mail_way::cloud(mail, estate) != Cloud::Public)
                    .then(|| mail_way::NO_XOAUTH2_HERE.to_owned()),
            };
            let authorities = mail_way::authorities(smtp, config)
                .err()
                .map(|failure| failure.to_string());
            sign_in.into_iter().chain(authorities).collect()
        }
    }
}

/// A secret that should stand in an environment variable and does not. What stands in a vault is asked for
/// when it is needed.
fn unset(from: &SecretRef, what: &str) -> Option<String> {
    match from {
        SecretRef::Env(name) => mail_way::variable(name, what)
            .err()
            .map(|failure| failure.to_string()),
        SecretRef::Secret(_) => None,
    }
}

fn of_hook(url: &SecretRef) -> Option<String> {
    let SecretRef::Env(name) = url else {
        return None;
    };
    match mail_way::variable(name, "the address of a webhook") {
        Err(failure) => Some(failure.to_string()),
        Ok(address) => {
            let address = url::Url::parse(address.expose_secret().trim());
            let https = address.is_ok_and(|url| url.scheme() == "https" && url.has_host());
            (!https).then(|| {
                format!("the environment variable {name} should hold the https address of a webhook, and does not")
            })
        }
    }
}

/// A folder that mails are written to, tried by writing.
fn of_folder(folder: &Path) -> Option<String> {
    let shown = folder.display();
    let wrong = |seen: String| {
        Some(format!(
            "mails cannot be written to the folder {shown}: {seen}"
        ))
    };
    if !folder.exists() {
        return wrong("it does not exist; create it first".to_owned());
    }
    if !folder.is_dir() {
        return wrong("it is not a folder".to_owned());
    }
    let trial = folder.join(format!(".credaudit-{}", uuid::Uuid::new_v4()));
    match std::fs::write(&trial, b"") {
        Ok(()) => {
            // What cannot be removed again is an empty file, and no reason to refuse the run.
            let _ = std::fs::remove_file(&trial);
            None
        }
        Err(error) => wrong(error.to_string()),
    }
}

async fn of_history(estate: &Estate, config: &Path, history: History) -> Option<String> {
    let named = estate.history.path.is_some();
    if history == History::Unused || (history == History::Kept && !named) {
        return None;
    }
    if !estate.history.enabled {
        return Some(memory::switched_off(config));
    }
    let opened = match memory::file(estate, config) {
        Ok(path) => Store::open(&path).await,
        Err(error) => Err(error),
    };
    match opened {
        Ok(store) => {
            store.close().await;
            None
        }
        Err(error) => Some(format!("the history cannot be used: {error}")),
    }
}
