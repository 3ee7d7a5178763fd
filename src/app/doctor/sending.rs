//! A test mail, and a test message to each webhook: sent only where it is asked for.

use std::path::Path;

use crate::app::shared::{
    Failure, Screen,
    mail::domain,
    mail_way::Way,
    now,
    preflight::{self, History, Intent},
    webhooks,
};
use crate::cli::Doctor;
use crate::collect::Options;
use crate::deliver::Outgoing;
use crate::estate::{Estate, Mail};

const SUBJECT: &str = "credaudit: test mail";
const TEXT: &str = "This is a test by `credaudit doctor`. It says nothing about any credential.";

/// Refuses what cannot be sent, before anything is asked.
pub(super) async fn check(
    command: &Doctor,
    estate: &Estate,
    config: Option<&Path>,
) -> Result<(), Failure> {
    let (mail, webhooks) = (command.mail.is_some(), command.webhook);
    let Some(config) = config.filter(|_| mail || webhooks) else {
        return match mail || webhooks {
            true => Err(Failure::Usage(
                "--mail and --webhook send by the settings of an estate, and there is no estate.toml here; name one with -c".to_owned(),
            )),
            false => Ok(()),
        };
    };
    let lacks = |flag: &str, table: &str| {
        let shown = config.display();
        Err(Failure::Usage(format!(
            "{flag} needs a {table} table in {shown}"
        )))
    };
    if mail && estate.mail.is_none() {
        return lacks("--mail", "[mail]");
    }
    if webhooks && estate.webhooks.is_empty() {
        return lacks("--webhook", "[[webhooks]]");
    }
    if let Some(address) = command
        .mail
        .as_deref()
        .filter(|address| !is_address(address))
    {
        return Err(Failure::Usage(format!(
            "--mail takes an address like ann@contoso.com, not `{address}`"
        )));
    }
    let intent = Intent {
        mail,
        webhooks,
        history: History::Unused,
    };
    preflight::check(estate, config, intent).await
}

fn is_address(text: &str) -> bool {
    let plain = |part: &str| {
        let odd = |one: char| one.is_whitespace() || one.is_control() || "<>,;\"@".contains(one);
        !part.is_empty() && !part.contains(odd)
    };
    text.split_once('@')
        .is_some_and(|(name, domain)| plain(name) && plain(domain))
}

/// Sends what is asked for; one that fails keeps the other from nothing.
pub(super) async fn send(
    command: &Doctor,
    estate: &Estate,
    config: &Path,
    options: &Options,
    screen: &Screen,
) -> Result<(), Failure> {
    let mailed = match (&command.mail, &estate.mail) {
        (Some(address), Some(settings)) => {
            mail(address, settings, estate, config, options, screen).await
        }
        _ => Ok(()),
    };
    let posted = match command.webhook {
        true => {
            let text = format!("{SUBJECT}: {TEXT}").replacen("test mail", "test message", 1);
            webhooks::test(estate, options, &text, screen).await
        }
        false => Ok(()),
    };
    match (mailed, posted) {
        (Err(mail), Err(webhook)) => {
            screen.failure(&mail);
            Err(webhook)
        }
        (mailed, posted) => mailed.and(posted),
    }
}

async fn mail(
    address: &str,
    settings: &Mail,
    estate: &Estate,
    config: &Path,
    options: &Options,
    screen: &Screen,
) -> Result<(), Failure> {
    let way = Way::of(settings, estate, config, options).await?;
    let outgoing = Outgoing {
        from: settings.from.clone(),
        to: vec![address.to_owned()],
        subject: SUBJECT.to_owned(),
        text: format!("{TEXT}\n"),
        html: None,
        attachments: Vec::new(),
        message_id: format!("{}.test@{}", options.run, domain(&settings.from)),
        date: now(),
    };
    let sent = way.send(&outgoing).await?;
    if let Some(refused) = sent.refused.first() {
        return Err(Failure::Tool(format!(
            "the mail server refused {}: {}",
            refused.address, refused.seen
        )));
    }
    screen.note(&format!("a test mail to {address} is on its way"));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::is_address;

    #[test]
    fn what_is_no_address_is_seen_before_anything_is_sent() {
        assert!(is_address("ann@contoso.com"));
        for bad in [
            "ann",
            "@contoso.com",
            "ann@",
            "ann@x@y",
            "a b@c",
            "ann@c\r\nBcc: x",
            "<ann@c>",
        ] {
            assert!(!is_address(bad), "{bad}");
        }
    }
}
