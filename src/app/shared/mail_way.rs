//! The way that mails leave by, its secrets read from where they stand.
#![expect(
    clippy::disallowed_methods,
    reason = "secrets may stand in environment variables that the estate names, and a CA in a file"
)]

use std::path::{Path, PathBuf};

use secrecy::SecretString;

use super::error::Failure;
use crate::collect::{Options, mail_token, read_secret};
use crate::deliver::{
    self, DeliverError, GraphMailbox, MailServer, Outgoing, OwnServer, Sent, SignIn, Tls,
};
use crate::estate::{Estate, Mail, MailBy, SecretRef, Smtp, SmtpAuth, SmtpTls};
use crate::reference::cloud::Cloud;

/// Exchange Online, for XOAUTH2 by an application.
const EXCHANGE: &str = "https://outlook.office365.com/.default";

/// Why a sign-in by token is refused in another cloud.
pub(crate) const NO_XOAUTH2_HERE: &str =
    "auth = \"xoauth2\" is known for the public cloud only; use graph = { sender = ... } there";

/// How mails leave.
#[derive(Debug)]
pub(crate) enum Way {
    Server {
        server: MailServer,
        /// PEM.
        ca: Option<String>,
    },
    Graph {
        mailbox: GraphMailbox,
        own: Option<OwnServer>,
    },
    Folder(PathBuf),
}

impl Way {
    /// Reads what it needs: the password, a token, the CA.
    /// Files and folders count from the folder of `config`, the estate file.
    pub(crate) async fn of(
        mail: &Mail,
        estate: &Estate,
        config: &Path,
        options: &Options,
    ) -> Result<Self, Failure> {
        match &mail.by {
            MailBy::Folder(path) => Ok(Self::Folder(beside(config, path))),
            MailBy::Graph { sender } => {
                let host = cloud(mail, estate).hosts().graph;
                let token =
                    token(mail, estate, options, &format!("https://{host}/.default")).await?;
                Ok(Self::Graph {
                    mailbox: GraphMailbox {
                        host,
                        sender: sender.clone(),
                        token,
                    },
                    own: own_server(options),
                })
            }
            MailBy::Smtp(smtp) => {
                let (sign_in, user, password) = match &smtp.auth {
                    SmtpAuth::None => (SignIn::Password, None, None),
                    SmtpAuth::Password { user, password } => {
                        let what = "the mail password";
                        let password = secret(password, what, estate, options).await?;
                        (SignIn::Password, Some(user.clone()), Some(password))
                    }
                    SmtpAuth::Xoauth2 { user } => {
                        if cloud(mail, estate) != Cloud::Public {
                            return Err(Failure::Usage(NO_XOAUTH2_HERE.to_owned()));
                        }
                        let token = token(mail, estate, options, EXCHANGE).await?;
                        (SignIn::Token, Some(user.clone()), Some(token))
                    }
                };
                Ok(Self::Server {
                    server: MailServer {
                        host: smtp.host.clone(),
                        port: smtp.port,
                        tls: match smtp.tls {
                            SmtpTls::Starttls => Tls::StartTls,
                            SmtpTls::Implicit => Tls::Implicit,
                        },
                        sign_in,
                        user,
                        password,
                    },
                    ca: authorities(smtp, config)?,
                })
            }
        }
    }

    pub(crate) async fn send(&self, mail: &Outgoing) -> Result<Sent, DeliverError> {
        match self {
            Self::Server { server, ca } => deliver::send(server, mail, ca.as_deref()).await,
            Self::Graph { mailbox, own } => {
                deliver::send_by_graph(mailbox, mail, own.as_ref()).await
            }
            Self::Folder(folder) => {
                deliver::write_new(folder, &file_name(mail), "eml", &deliver::eml(mail)?)?;
                Ok(Sent {
                    accepted: mail.to.len(),
                    refused: Vec::new(),
                })
            }
        }
    }
}

/// Bytes of each half of a mail's file name: a file system takes 255 in all.
const LONGEST: usize = 100;

/// The name of a mail's file without its ending: `ann@contoso.com - 2 findings, 1 critical`.
pub(crate) fn file_name(mail: &Outgoing) -> String {
    let whom = match mail.to.as_slice() {
        [] => "nobody".to_owned(),
        [one] => one.clone(),
        [one, others @ ..] => format!("{one} and {} more", others.len()),
    };
    let name = format!("{} - {}", harmless(&whom), harmless(&mail.subject));
    name.trim_end_matches(['.', ' ']).to_owned()
}

/// What is left of a text in a file name on any system: letters, digits, and marks that mean nothing to one.
fn harmless(text: &str) -> String {
    let plain = |one: char| one.is_alphanumeric() || " -._@,;()+='".contains(one);
    let kept: String = text
        .chars()
        .filter(|one| plain(*one) || one.is_whitespace())
        .collect();
    let mut kept = kept.split_whitespace().collect::<Vec<_>>().join(" ");
    kept.truncate(kept.floor_char_boundary(LONGEST));
    kept.trim_matches(['.', ' ', '-']).to_owned()
}

/// The pretend tenant, where the run is one of it.
pub(crate) fn own_server(options: &Options) -> Option<OwnServer> {
    options.trust.as_ref().map(|trust| OwnServer {
        ca_pem: trust.ca_pem.clone(),
        connect: trust.connect,
    })
}

pub(crate) fn cloud(mail: &Mail, estate: &Estate) -> Cloud {
    let tenant = mail
        .tenant
        .as_ref()
        .and_then(|name| estate.tenants.get(name));
    tenant.map_or(Cloud::Public, |tenant| tenant.cloud)
}

async fn token(
    mail: &Mail,
    estate: &Estate,
    options: &Options,
    scope: &str,
) -> Result<SecretString, Failure> {
    let tenant = mail.tenant.as_deref().unwrap_or_default();
    mail_token(estate, options, tenant, scope)
        .await
        .map_err(|gap| {
            Failure::Tool(format!(
                "could not get a token to send the mail with: {gap}"
            ))
        })
}

/// A path of the estate file.
pub(crate) fn beside(config: &Path, path: &str) -> PathBuf {
    config
        .parent()
        .map_or_else(|| PathBuf::from(path), |folder| folder.join(path))
}

pub(crate) fn authorities(smtp: &Smtp, config: &Path) -> Result<Option<String>, Failure> {
    let Some(path) = &smtp.ca else {
        return Ok(None);
    };
    let path = beside(config, path);
    let read = std::fs::read_to_string(&path).map_err(|error| error.to_string());
    let holds_one = |pem: &String| pem.contains("-----BEGIN CERTIFICATE-----");
    match read {
        Ok(pem) if holds_one(&pem) => Ok(Some(pem)),
        other => {
            let seen = other.err().unwrap_or_else(|| {
                "it holds none; the file should hold PEM: -----BEGIN CERTIFICATE-----".to_owned()
            });
            Err(Failure::Usage(
                DeliverError::Authorities { path, seen }.to_string(),
            ))
        }
    }
}

/// The value of an environment variable that the estate names.
pub(crate) fn variable(name: &str, what: &str) -> Result<SecretString, Failure> {
    std::env::var(name)
        .ok()
        .filter(|value| !value.is_empty())
        .map(SecretString::from)
        .ok_or_else(|| {
            Failure::Usage(format!(
                "{what} should be in the environment variable {name}, and it is not set"
            ))
        })
}

/// A secret from where the estate says it stands. `what` is how messages name it.
pub(crate) async fn secret(
    from: &SecretRef,
    what: &str,
    estate: &Estate,
    options: &Options,
) -> Result<SecretString, Failure> {
    match from {
        SecretRef::Env(name) => variable(name, what),
        SecretRef::Secret(entry) => read_secret(estate, options, entry)
            .await
            .map_err(|gap| Failure::Tool(format!("could not read {what} {entry}: {gap}"))),
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    fn named(to: &[&str], subject: &str) -> String {
        file_name(&Outgoing {
            from: "credaudit@contoso.com".to_owned(),
            to: to.iter().map(|one| (*one).to_owned()).collect(),
            subject: subject.to_owned(),
            text: String::new(),
            html: None,
            attachments: Vec::new(),
            message_id: "run@contoso.com".to_owned(),
            date: DateTime::UNIX_EPOCH,
        })
    }

    #[test]
    fn a_mails_file_says_whom_it_is_for_and_what_it_is_about() {
        let name = named(&["ann@contoso.com"], "credaudit: 2 findings, 1 critical");
        assert_eq!(name, "ann@contoso.com - credaudit 2 findings, 1 critical");
        let name = named(&["ann@contoso.com", "bob@contoso.com"], "All is well.");
        assert_eq!(name, "ann@contoso.com and 1 more - All is well");
    }

    #[test]
    fn no_name_leaves_its_folder_or_is_refused_by_a_system() {
        let hostile = "../..\\CON: *?\"<>|\u{202e}\r\n\u{0}x";
        for (to, subject) in [
            (hostile, hostile),
            ("", ""),
            (&*"\u{e9}".repeat(999), "..."),
        ] {
            let name = named(&[to], subject);
            assert!(name.len() <= 210, "{name}");
            assert!(
                !name.starts_with('.') && !name.ends_with(['.', ' ']),
                "{name}"
            );
            let taken = |one: char| one.is_control() || "/\\:*?\"<>|\u{202e}".contains(one);
            assert!(!name.contains(taken), "{name}");
        }
    }
}
