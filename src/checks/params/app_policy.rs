//! Whether an app management policy limits credentials as tightly as asked.

use chrono::{DateTime, Utc};

use super::max_days::MaxDays;
use crate::evidence::{AppPolicy, AppRestriction};
use crate::model::time::day;
use crate::model::{Gap, GapKind};

/// An application that a policy is to bind, and when it was made.
#[derive(Debug)]
pub(crate) struct Dated<'a> {
    pub name: &'a str,
    /// `Ok(None)`: the application was read, and does not tell.
    pub created: Result<Option<DateTime<Utc>>, Gap>,
}

/// How a policy compares.
#[derive(Debug)]
pub(crate) enum Bound {
    Fine,
    /// What it lacks, as the rest of a sentence about it.
    Lax(String),
    Unknown(Gap),
}

/// Whether the policy keeps these applications' credentials within the limits.
pub(crate) fn bound(
    limits: &MaxDays,
    policy: &AppPolicy,
    applications: &[Dated<'_>],
    as_of: DateTime<Utc>,
) -> Bound {
    if !policy.enabled {
        return Bound::Lax("is switched off".to_owned());
    }
    let secrets = Limit {
        what: "secret",
        days: limits.secret,
        lifetime: "passwordLifetime",
        // Where none may be added at all, none lasts too long.
        ban: Some("passwordAddition"),
    };
    let certificates = Limit {
        what: "certificate",
        days: limits.certificate,
        lifetime: "asymmetricKeyLifetime",
        ban: None,
    };
    let (mut lax, mut unknown) = (Vec::new(), None);
    for limit in [secrets, certificates] {
        match limit.kept(policy, applications, as_of) {
            Bound::Fine => {}
            Bound::Lax(how) => lax.push(how),
            Bound::Unknown(gap) => unknown = Some(gap),
        }
    }
    match (lax.is_empty(), unknown) {
        (false, _) => Bound::Lax(lax.join(" and ")),
        (true, Some(gap)) => Bound::Unknown(gap),
        (true, None) => Bound::Fine,
    }
}

struct Limit {
    what: &'static str,
    days: u32,
    lifetime: &'static str,
    ban: Option<&'static str>,
}

impl Limit {
    fn kept(&self, policy: &AppPolicy, applications: &[Dated<'_>], as_of: DateTime<Utc>) -> Bound {
        let what = self.what;
        let mut worst: Option<Bound> = None;
        for rule in &policy.restrictions {
            let judged = if rule.kind == self.lifetime {
                match rule.max_days {
                    Some(days) if days <= self.days => self.binds(rule, applications, as_of),
                    Some(days) => Bound::Lax(format!("lets a {what} last {days} days")),
                    None => Bound::Unknown(Gap::new(
                        GapKind::Malformed,
                        format!(
                            "the app management policy's rule {} gives no length",
                            rule.kind
                        ),
                    )),
                }
            } else if self.ban == Some(rule.kind.as_str()) {
                self.binds(rule, applications, as_of)
            } else {
                continue;
            };
            match (judged, &worst) {
                (Bound::Fine, _) => return Bound::Fine,
                (_, Some(Bound::Unknown(_))) => {}
                (judged, _) => worst = Some(judged),
            }
        }
        worst.unwrap_or_else(|| Bound::Lax(format!("does not limit how long a {what} lasts")))
    }

    /// Whether the rule counts for all of these: some count for applications made after a date only.
    fn binds(
        &self,
        rule: &AppRestriction,
        applications: &[Dated<'_>],
        as_of: DateTime<Utc>,
    ) -> Bound {
        let Some(after) = rule.created_after else {
            return Bound::Fine;
        };
        let what = self.what;
        if after > as_of {
            return Bound::Lax(format!(
                "limits a {what} of applications made after {} only",
                day(after)
            ));
        }
        let (mut older, mut unread) = (Vec::new(), None);
        for application in applications {
            match &application.created {
                Ok(Some(created)) if *created > after => {}
                Ok(Some(_)) => older.push(application.name),
                Ok(None) => {
                    unread = Some(Gap::new(
                        GapKind::Malformed,
                        format!(
                            "Graph does not say when {} was made, and the app management policy binds applications \
                             made after {} only",
                            application.name,
                            day(after)
                        ),
                    ));
                }
                Err(gap) => unread = Some(gap.clone()),
            }
        }
        if !older.is_empty() {
            return Bound::Lax(format!(
                "limits a {what} of applications made after {} only, which {} {} not",
                day(after),
                older.join(", "),
                if older.len() == 1 { "is" } else { "are" }
            ));
        }
        unread.map_or(Bound::Fine, Bound::Unknown)
    }
}
