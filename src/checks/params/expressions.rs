//! Expressions of flexible federated credentials: which workloads one lets in.
//!
//! Language version 1: `claims['NAME'] matches 'PATTERN'` or `eq 'TEXT'`, joined by `and`; in a pattern `*`
//! stands for any characters, `?` for one (Microsoft Learn "Flexible federated identity credentials", read
//! November 2026).

use super::patterns::too_wide;
use crate::model::Severity;

/// One condition on a claim of the token.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Condition<'a> {
    claim: &'a str,
    pattern: bool,
    value: &'a str,
}

impl Condition<'_> {
    /// Whether it fits one text only.
    fn is_one(&self) -> bool {
        !self.pattern || !self.value.contains(['*', '?'])
    }
}

/// What is too wide about an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wide {
    pub why: String,
    /// Where strangers stay out, less than the check's own.
    pub severity: Option<Severity>,
}

/// Why an expression lets in more than one workload; an empty list where it does not, `None` where it
/// cannot be read. `subjects` are the policy's own, compared by `listed`.
pub(crate) fn judge(
    issuer: &str,
    expression: &str,
    listed: Option<&dyn Fn(&str) -> bool>,
) -> Option<Vec<Wide>> {
    let conditions = parse(expression)?;
    let wide = |why: String| {
        vec![Wide {
            why,
            severity: None,
        }]
    };
    let Some(subject) = conditions.iter().find(|one| one.claim == "sub") else {
        return Some(wide("its expression does not look at the subject".into()));
    };
    let value = subject.value;
    if let Some(listed) = listed {
        return Some(if listed(value) {
            Vec::new()
        } else {
            wide(format!("its subject {value} is none that the policy lists"))
        });
    }
    if subject.is_one() {
        let why = too_wide(issuer, value);
        return Some(why.map_or_else(Vec::new, |why| wide(why.to_owned())));
    }
    if value.contains(['(', ')', '|', '[', ']', '^', '$', '+', '\\']) {
        return None;
    }
    if !issuer.starts_with("https://token.actions.githubusercontent.com") {
        return Some(wide(format!(
            "its expression accepts every subject like {value}"
        )));
    }
    Some(github(value, &conditions))
}

/// Subjects of GitHub are `repo:ORG/REPO:…`; a wildcard may stand for `:` and `/`, too.
fn github(pattern: &str, conditions: &[Condition<'_>]) -> Vec<Wide> {
    let plain = pattern.split(['*', '?']).next().unwrap_or_default();
    let rest = plain.strip_prefix("repo:").unwrap_or_default();
    let organisation = rest.split_once('/').map(|(name, _)| name);
    let owned = organisation.is_some_and(|name| !name.is_empty());
    let workflow = conditions
        .iter()
        .any(|one| one.claim == "job_workflow_ref" && one.is_one() && one.value.contains('@'));
    if owned && workflow {
        // One workflow at one version, whichever repository of the organisation calls it.
        return Vec::new();
    }
    let of_repository = rest.split_once(':').filter(|(name, _)| {
        let parts: Vec<&str> = name.split('/').collect();
        matches!(parts.as_slice(), [owner, name] if !owner.is_empty() && !name.is_empty())
    });
    let Some((repository, place)) = of_repository else {
        return vec![Wide {
            why: format!("its expression accepts every repository like {pattern}"),
            severity: None,
        }];
    };
    let known = ["environment:", "ref:refs/heads/", "ref:refs/tags/"];
    if !known.iter().any(|start| place.starts_with(start)) {
        return vec![Wide {
            why: format!(
                "its expression accepts every subject like {pattern}, pull requests of strangers among them"
            ),
            severity: None,
        }];
    }
    vec![Wide {
        why: format!(
            "its expression accepts every subject like {pattern}: whoever may push to {repository} signs in as the \
             application"
        ),
        severity: Some(Severity::Medium),
    }]
}

/// The conditions, all of which must hold; `None` where this is not the language that is known.
fn parse(expression: &str) -> Option<Vec<Condition<'_>>> {
    let mut conditions = Vec::new();
    let mut rest = expression.trim();
    loop {
        let (claim, after) = rest.strip_prefix("claims['")?.split_once("']")?;
        let after = after.trim_start();
        let (pattern, after) = match after.strip_prefix("matches ") {
            Some(after) => (true, after),
            None => (false, after.strip_prefix("eq ")?),
        };
        let (value, after) = after.trim_start().strip_prefix('\'')?.split_once('\'')?;
        if claim.is_empty() || value.is_empty() {
            return None;
        }
        conditions.push(Condition {
            claim,
            pattern,
            value,
        });
        rest = after.trim_start();
        if rest.is_empty() {
            return Some(conditions);
        }
        rest = rest.strip_prefix("and ")?.trim_start();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GITHUB: &str = "https://token.actions.githubusercontent.com";

    fn told(expression: &str) -> &'static str {
        match judge(GITHUB, expression, None).as_deref() {
            None => "unread",
            Some([]) => "fine",
            Some([one, ..]) if one.severity == Some(Severity::Medium) => "pushers",
            Some(_) => "wide",
        }
    }

    #[test]
    fn an_expression_lets_in_one_workload_those_who_may_push_or_strangers() {
        for (expression, expected) in [
            (
                "claims['sub'] eq 'repo:contoso/erp:environment:production'",
                "fine",
            ),
            (
                "claims['sub'] matches 'repo:contoso/erp:ref:refs/heads/main'",
                "fine",
            ),
            (
                "  claims['sub']  eq  'repo:contoso/erp:environment:production'  ",
                "fine",
            ),
            (
                "claims['sub'] matches 'repo:contoso/*' and claims['job_workflow_ref'] eq 'contoso/flows/.github/workflows/deploy.yml@refs/heads/main'",
                "fine",
            ),
            (
                "claims['sub'] matches 'repo:contoso/erp:ref:refs/heads/*'",
                "pushers",
            ),
            (
                "claims['sub'] matches 'repo:contoso/erp:environment:prod-?'",
                "pushers",
            ),
            (
                "claims['sub'] matches 'repo:contoso/erp:ref:refs/tags/v*'",
                "pushers",
            ),
            ("claims['sub'] matches 'repo:contoso/erp:*'", "wide"),
            ("claims['sub'] matches 'repo:contoso/erp:ref:*'", "wide"),
            ("claims['sub'] matches 'repo:contoso/erp*'", "wide"),
            (
                "claims['sub'] matches 'repo:contoso/*:ref:refs/heads/main'",
                "wide",
            ),
            ("claims['sub'] matches 'repo:*'", "wide"),
            ("claims['sub'] matches '*'", "wide"),
            ("claims['sub'] matches '*:ref:refs/heads/main'", "wide"),
            (
                "claims['sub'] matches 'repo:contoso?erp:ref:refs/heads/main'",
                "wide",
            ),
            ("claims['sub'] eq 'repo:contoso/erp:pull_request'", "wide"),
            ("claims['job_workflow_ref'] matches 'contoso/*'", "wide"),
            (
                "claims['sub'] matches 'repo:*' and claims['job_workflow_ref'] eq 'contoso/f/.github/workflows/d.yml@refs/heads/main'",
                "wide",
            ),
            ("claims['sub'] matches 'repo:(a|b)/x*'", "unread"),
            ("claims['sub'] startsWith 'repo:contoso/'", "unread"),
            ("claims['sub'] eq 'a' or claims['sub'] eq 'b'", "unread"),
            ("claims.sub eq 'a'", "unread"),
            ("claims['sub'] eq ''", "unread"),
            ("", "unread"),
        ] {
            assert_eq!(told(expression), expected, "{expression}");
        }
    }

    #[test]
    fn the_policys_own_subjects_count_instead() {
        let listed = |subject: &str| subject == "repo:contoso/erp:ref:refs/heads/*";
        let judged = |value: &str| {
            let expression = format!("claims['sub'] matches '{value}'");
            judge(GITHUB, &expression, Some(&listed)).map(|wide| wide.len())
        };
        assert_eq!(judged("repo:contoso/erp:ref:refs/heads/*"), Some(0));
        assert_eq!(judged("repo:contoso/erp:ref:refs/heads/main"), Some(1));
    }
}
