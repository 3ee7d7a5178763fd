//! Telling the estate's webhooks of an audit.

use super::error::Failure;
use super::mail_way::{own_server, secret};
use super::screen::Screen;
use crate::collect::Options;
use crate::deliver::{Hook, post};
use crate::estate::{Estate, SecretRef, Webhook, WebhookKind};
use crate::model::{Assessment, GapKind};
use crate::report::machine::webhook;

/// Tells each webhook that wants to know. One that cannot be told keeps no other from it.
///
/// # Errors
/// Where one of them was not told.
pub(crate) async fn tell(
    estate: &Estate,
    options: &Options,
    assessment: &Assessment,
    screen: &Screen,
) -> Result<(), Failure> {
    if estate.webhooks.is_empty() {
        return Ok(());
    }
    if assessment.run.as_of_given {
        screen.note("webhooks are sent nothing about another day than today (--as-of)");
        return Ok(());
    }
    let loud = is_news(assessment);
    let mut failed = 0;
    for hook in estate.webhooks.iter().filter(|hook| hook.always || loud) {
        let payload = match hook.kind {
            WebhookKind::Teams => webhook::teams(assessment),
            WebhookKind::Slack => webhook::slack(assessment),
            WebhookKind::Json => webhook::json(assessment),
        };
        let told = posted(hook, &payload, estate, options).await;
        match told {
            Ok(()) => screen.note(&format!("notified the {} webhook", hook.kind.as_str())),
            Err(failure) => {
                failed += 1;
                screen.failure(&failure);
            }
        }
    }
    if failed == 0 {
        Ok(())
    } else {
        Err(Failure::Tool(
            "not every webhook could be notified".to_owned(),
        ))
    }
}

/// Posts to one webhook, its address read from where it stands.
async fn posted(
    hook: &Webhook,
    payload: &[u8],
    estate: &Estate,
    options: &Options,
) -> Result<(), Failure> {
    let place = match &hook.url {
        SecretRef::Env(name) => format!("the environment variable {name}"),
        SecretRef::Secret(entry) => format!("the vault entry {entry}"),
    };
    let url = secret(&hook.url, "the address of a webhook", estate, options).await?;
    let kind = hook.kind.as_str();
    let hook = Hook { kind, place, url };
    post(&hook, payload, own_server(options).as_ref())
        .await
        .map_err(Failure::from)
}

/// Sends a message without news to every webhook, to see whether it arrives.
///
/// # Errors
/// Where one of them did not take it.
pub(crate) async fn test(
    estate: &Estate,
    options: &Options,
    text: &str,
    screen: &Screen,
) -> Result<(), Failure> {
    let mut failed = 0;
    for hook in &estate.webhooks {
        let payload = match hook.kind {
            WebhookKind::Teams => webhook::teams_test(text),
            WebhookKind::Slack => webhook::slack_test(text),
            WebhookKind::Json => webhook::json_test(text),
        };
        match posted(hook, &payload, estate, options).await {
            Ok(()) => screen.note(&format!(
                "the {} webhook took a test message",
                hook.kind.as_str()
            )),
            Err(failure) => {
                failed += 1;
                screen.failure(&failure);
            }
        }
    }
    match failed {
        0 => Ok(()),
        _ => Err(Failure::Tool(
            "not every webhook took the test message".to_owned(),
        )),
    }
}

/// Whether something is wrong, or unread: also what the policy only reports, but for what the tenant has no
/// licence to be told, which is the same with every audit.
fn is_news(assessment: &Assessment) -> bool {
    let mut unread = assessment.unknowns.iter();
    !assessment.findings.is_empty()
        || unread.any(|one| one.counts || one.kind != GapKind::NotLicensed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::{assess, plan};
    use crate::facts::testing::tidy::{as_of, gap, raia, tidy};
    use crate::policy;

    #[test]
    fn what_is_unread_is_told_even_where_the_policy_only_reports_it() {
        let mut snapshot = tidy();
        raia(&mut snapshot).application = gap();
        let plan = plan(&policy::baseline()).unwrap();
        let mut assessment = assess(&plan, &snapshot, Some(as_of()));
        assessment.findings.clear();
        assessment.verdict.incomplete = false;
        for one in &mut assessment.unknowns {
            one.counts = false;
        }
        assert!(is_news(&assessment));
        // What no licence opens is the same every week; only a policy that counts it makes it news.
        for one in &mut assessment.unknowns {
            one.kind = GapKind::NotLicensed;
        }
        assert!(!is_news(&assessment));
        assessment.unknowns[0].counts = true;
        assert!(is_news(&assessment));
        assessment.unknowns.clear();
        assert!(!is_news(&assessment));
    }
}
