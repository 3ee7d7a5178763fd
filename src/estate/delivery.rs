//! Where reports and reminders go: the mail, the routing of what belongs to somebody, webhooks.

use crate::model::word::words;
use serde::{Deserialize, Serialize};

use super::EntryRef;

/// Where reports are mailed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Mail {
    pub from: String,
    /// Who gets the whole report.
    pub to: Vec<String>,
    pub by: MailBy,
    /// Key into `tenants`: whose identity gets a token for Graph or Exchange Online.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenant: Option<String>,
}

/// How a mail leaves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum MailBy {
    Smtp(Smtp),
    /// Microsoft Graph `users/{sender}/sendMail`, with the audit's own identity.
    Graph {
        /// The mailbox it is sent from: an address or an object id.
        sender: String,
    },
    /// One `.eml` file a mail, in this folder; relative to the folder of the estate file.
    Folder(String),
}

/// The mail server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Smtp {
    pub host: String,
    pub port: u16,
    pub tls: SmtpTls,
    pub auth: SmtpAuth,
    /// A file of certificates (PEM) trusted as well as the machine's own; relative to the folder of the estate file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ca: Option<String>,
}

words! {
    /// How the connection to the mail server is protected. There is no way to switch it off.
    pub enum SmtpTls {
        Starttls = "starttls",
        Implicit = "implicit",
    }
}

/// How the audit signs in to the mail server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SmtpAuth {
    /// The server takes mail from this machine as it is.
    None,
    /// PLAIN or LOGIN.
    Password { user: String, password: SecretRef },
    /// XOAUTH2 with a token of the audit's own identity, for the mailbox `user` (Exchange Online).
    Xoauth2 { user: String },
}

/// Where a secret is stored: never in the file itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SecretRef {
    /// The name of an environment variable.
    Env(String),
    Secret(EntryRef),
}

/// Who is notified, of what, and how often.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Routing {
    /// Gets what nobody else does. `None`: such things are listed as orphans, and nobody is mailed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fallback: Option<String>,
    /// Days before a credential's end on which its owner is notified, falling, each once; 0 is the day itself.
    pub days: Vec<u32>,
    /// How often the audit is planned to run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cadence: Option<Cadence>,
    /// Days in one band without a change after which the environment's contact is notified, too; 0: never.
    pub escalate_after_days: u32,
    /// A message a month, even where there is nothing to say.
    pub alive: bool,
}

impl Default for Routing {
    fn default() -> Self {
        Self {
            fallback: None,
            days: vec![60, 30, 14, 7, 1, 0],
            cadence: None,
            escalate_after_days: 14,
            alive: true,
        }
    }
}

words! {
    /// How often the audit is planned to run.
    pub enum Cadence {
        Daily = "daily",
        Weekly = "weekly",
        Monthly = "monthly",
    }
}

impl Cadence {
    /// The longest time between two runs, in days.
    pub const fn days(self) -> u32 {
        match self {
            Self::Daily => 1,
            Self::Weekly => 7,
            Self::Monthly => 31,
        }
    }
}

/// Something that is notified of every audit by a POST.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Webhook {
    pub kind: WebhookKind,
    /// Where its https address is stored: whoever knows a webhook's address can write to it.
    pub url: SecretRef,
    /// Whether it is notified of audits in which nothing is wrong, too.
    pub always: bool,
}

words! {
    /// What a webhook understands.
    pub enum WebhookKind {
        /// A message with an Adaptive Card (Workflows in Microsoft Teams).
        Teams = "teams",
        /// A message with blocks.
        Slack = "slack",
        /// `credaudit.webhook/1`.
        Json = "json",
    }
}
