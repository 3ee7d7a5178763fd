//! The tenant's rules for credentials of applications (Graph v1.0 `tenantAppManagementPolicy` and
//! `appManagementPolicy`).

use futures::future::join_all;
use serde_json::Value;

use super::batch::{Asker, get_all};
use super::batch_answers::{One, object};
use super::{duration, lists, paths};
use crate::collect::fields::Fields;
use crate::collect::http::Answer;
use crate::collect::remedy::Remedy;
use crate::evidence::{AppManagement, AppPolicy, AppRestriction, CustomAppPolicy};
use crate::model::{Gap, GapKind, Listing, Observed, Presence};

/// Asks for the default policy and the ones for single applications. `asker` names the grant of the
/// policies, `applies_to` that of whom they are for.
pub(super) async fn app_management(
    asker: Asker<'_>,
    applies_to: &Remedy,
) -> Observed<AppManagement> {
    let asked = [
        paths::DEFAULT_POLICY.to_owned(),
        paths::CUSTOM_POLICIES.to_owned(),
    ];
    let mut answers = get_all(asker, &asked).await.into_iter();
    let mut next = || {
        let left_out = || Gap::new(GapKind::Malformed, "a Graph batch left a part out");
        answers.next().unwrap_or_else(|| Err(left_out()))
    };
    let default = match default_policy(asker, next()) {
        Ok(default) => default,
        Err(gap) => return Observed::Unknown(gap),
    };
    let what = "the app management policies of single applications";
    let listing = lists::hanging(asker, (what, &paths::POLICIES), "there are none", next()).await;
    let mut custom = lists::rows(what, listing, |fields| {
        // By the order of names; what an unreadable policy says is a gap of the whole list.
        let name = fields.text("displayName")?;
        Ok(Row(
            name,
            fields.guid("id")?,
            policy(fields, "restrictions")?,
        ))
    });
    let targets = targets(
        Asker {
            grant: applies_to,
            ..asker
        },
        &custom.items,
    )
    .await;
    let items = custom.items.drain(..).zip(targets);
    Observed::Known(AppManagement {
        default,
        custom: Listing {
            items: items
                .map(|(Row(name, id, policy), applies_to)| CustomAppPolicy {
                    id,
                    name,
                    policy,
                    applies_to,
                })
                .collect(),
            gap: custom.gap,
        },
    })
}

/// The rules for every application that has none of its own.
fn default_policy(asker: Asker<'_>, answer: Result<Answer, Gap>) -> Result<AppPolicy, Gap> {
    let what = "the tenant's app management policy";
    let one = One {
        set: &paths::POLICY,
        key: None,
    };
    match object(asker, what, one, answer) {
        Observed::Unknown(gap) => Err(gap),
        Observed::Known(Presence::Absent) => Err(Gap::new(
            GapKind::Unrecognised,
            "Graph says that the tenant has no default app management policy",
        )),
        Observed::Known(Presence::Present(value)) => {
            policy(Fields::new(&value, what), "applicationRestrictions")
        }
    }
}

/// One policy for single applications: name, id, rules.
#[derive(PartialEq, Eq)]
struct Row(String, String, AppPolicy);

impl Ord for Row {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (&self.0, &self.1).cmp(&(&other.0, &other.1))
    }
}

impl PartialOrd for Row {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

/// Whom each policy is for.
async fn targets(asker: Asker<'_>, policies: &[Row]) -> Vec<Listing<String>> {
    let paths: Vec<String> = policies
        .iter()
        .map(|row| paths::applies_to(&row.1))
        .collect();
    let answers = get_all(asker, &paths).await;
    join_all(
        policies
            .iter()
            .zip(answers)
            .map(|(row, answer)| async move {
                let what = format!("whom the app management policy {} is for", row.0);
                let listing = lists::hanging(
                    asker,
                    (&what, &paths::TARGETS),
                    "the policy is gone",
                    answer,
                )
                .await;
                lists::rows(&what, listing, |fields| fields.text("id"))
            }),
    )
    .await
}

/// `isEnabled`, and the rules in force: those whose `state` is not `disabled`. Older answers have no
/// state, and then every rule is in force.
pub(super) fn policy(fields: Fields<'_>, rules: &str) -> Result<AppPolicy, Gap> {
    let enabled = fields.flag("isEnabled")?;
    let mut restrictions = Vec::new();
    match fields.value.get(rules) {
        // A policy in force has rules, though their lists may be empty.
        Some(Value::Null) if !enabled => {}
        Some(value) => {
            let what = format!("{}, {rules}", fields.what);
            let configuration = Fields::new(value, &what);
            for list in ["passwordCredentials", "keyCredentials"] {
                for rule in configuration.list(list)? {
                    let what = format!("{what}, one of its {list}");
                    restrictions.extend(restriction(Fields::new(rule, &what))?);
                }
            }
        }
        None => return Err(fields.odd(rules)),
    }
    restrictions.sort();
    Ok(AppPolicy {
        enabled,
        restrictions,
    })
}

fn restriction(fields: Fields<'_>) -> Result<Option<AppRestriction>, Gap> {
    let set = |field| !matches!(fields.value.get(field), None | Some(Value::Null));
    let kind = fields.text("restrictionType")?;
    if set("state") {
        match fields.text("state")?.as_str() {
            "enabled" => {}
            "disabled" => return Ok(None),
            _ => return Err(fields.odd("state")),
        }
    }
    let max_days = if set("maxLifetime") {
        let days = duration::days(&fields.text("maxLifetime")?);
        Some(days.ok_or_else(|| fields.odd("maxLifetime"))?)
    } else if kind.ends_with("Lifetime") {
        return Err(fields.odd("maxLifetime"));
    } else {
        None
    };
    let created_after = set("restrictForAppsCreatedAfterDateTime")
        .then(|| fields.date("restrictForAppsCreatedAfterDateTime"))
        .transpose()?;
    Ok(Some(AppRestriction {
        kind,
        max_days,
        created_after,
    }))
}
