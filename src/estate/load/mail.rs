//! Where reports are mailed, and through which server.

use crate::estate::{Mail, MailBy, Smtp, SmtpAuth};
use crate::source::{Table, Value};

use super::declared::Declared;
use super::{smtp, text};

pub(super) fn read(value: &Value<'_>, declared: &Declared<'_>) -> Option<Mail> {
    let table = value.table("[mail]")?;
    let from = table.needed("from", "the address reports come from", text::address);
    let to = table.needed("to", "write to = [\"security@example.com\"]", recipients);
    let by = by(&table, declared);
    let needs_tenant = matches!(
        by,
        Some(
            MailBy::Graph { .. }
                | MailBy::Smtp(Smtp {
                    auth: SmtpAuth::Xoauth2 { .. },
                    ..
                })
        )
    );
    let tenant = match (table.get("tenant"), declared.only_tenant()) {
        (Some(value), _) => declared.tenant(&value).map(|name| Some(name.to_owned())),
        (None, Some(only)) => Some(Some(only.to_owned())),
        (None, None) if needs_tenant => {
            table.need(
                "tenant",
                "the tenant of the mailbox, by its name under [tenants]",
            );
            None
        }
        (None, None) => Some(None),
    };
    table.close();
    Some(Mail {
        from: from?,
        to: to?,
        by: by?,
        tenant: tenant?.filter(|_| needs_tenant),
    })
}

/// Exactly one way out.
fn by(table: &Table<'_>, declared: &Declared<'_>) -> Option<MailBy> {
    let ways = ["smtp", "graph", "folder"].map(|key| table.get(key));
    let mut named = ways.iter().flatten();
    let (first, second) = (named.next(), named.next());
    if let (Some(first), Some(second)) = (first, second) {
        second.refuse_key(
            format!("[mail] says both `{}` and `{}`", first.key(), second.key()),
            "one way too many",
            "keep one: mails leave once",
        );
    }
    match ways {
        [Some(value), _, _] => smtp::read(&value, declared).map(MailBy::Smtp),
        [None, Some(value), _] => graph(&value),
        [None, None, Some(value)] => value.filled().map(|path| MailBy::Folder(path.to_owned())),
        [None, None, None] => {
            let help = "write smtp = { host = \"smtp.example.com\", tls = \"starttls\" }; or \
                        graph = { sender = \"credaudit@example.com\" }, or folder = \"outbox\"";
            table.need("smtp", help);
            None
        }
    }
}

fn graph(value: &Value<'_>) -> Option<MailBy> {
    let table = value.table("`graph`")?;
    let sender = table.needed(
        "sender",
        "the mailbox that mails are sent from",
        text::address,
    );
    table.close();
    Some(MailBy::Graph { sender: sender? })
}

fn recipients(value: &Value<'_>) -> Option<Vec<String>> {
    let all = text::each(value, text::address)?;
    if all.is_empty() {
        return value.reject("`to` is empty", "empty", "name at least one address");
    }
    Some(all)
}
