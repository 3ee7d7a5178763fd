//! The form that OData promises of an answer. A 200 without it may be anybody's, and proves nothing.
//!
//! Source: OData JSON Format 4.01, "Control Information: context" and "Context URL"; the services send it
//! by default (`odata.metadata=minimal`).

use serde_json::Value;

use super::http::Answer;
use crate::model::Gap;

/// One page of a list.
pub(crate) struct Page {
    pub(crate) rows: Vec<Value>,
    pub(crate) next: Option<String>,
    /// `@odata.count`: how many rows all pages have, where it was asked for.
    pub(crate) count: Option<u64>,
}

/// A page of a list of `set`: the names by which a context may call what was asked for.
///
/// # Errors
/// Malformed, in whichever part it differs.
pub(crate) fn page(call: &str, answer: &Answer, set: &[&str]) -> Result<Page, Gap> {
    let mut body = json(call, answer)?;
    if !context(&body).is_some_and(|context| is_of(context, set)) {
        return Err(answer.malformed(
            call,
            "whose @odata.context does not name what was asked for",
        ));
    }
    rows(call, answer, &mut body)
}

/// The list of an OData service's sets: its context names none.
///
/// # Errors
/// Malformed, in whichever part it differs.
pub(crate) fn service(call: &str, answer: &Answer) -> Result<Page, Gap> {
    let mut body = json(call, answer)?;
    if !context(&body).is_some_and(|context| context.ends_with("$metadata")) {
        return Err(answer.malformed(
            call,
            "whose @odata.context is not that of a service document",
        ));
    }
    rows(call, answer, &mut body)
}

/// One object. A context may be left out, as the fields decide; it may not name another set.
///
/// # Errors
/// Malformed, in whichever part it differs.
pub(crate) fn object(call: &str, answer: &Answer, set: &[&str]) -> Result<Value, Gap> {
    let body = json(call, answer)?;
    if !body.is_object() {
        return Err(answer.malformed(call, "which is not an object"));
    }
    let other = match body.get("@odata.context") {
        None => false,
        Some(context) => !context.as_str().is_some_and(|context| is_of(context, set)),
    };
    if other {
        return Err(answer.malformed(
            call,
            "whose @odata.context does not name what was asked for",
        ));
    }
    if is_continued(&body) {
        return Err(answer.malformed(
            call,
            "which goes on at another place, where one object was asked for",
        ));
    }
    Ok(body)
}

fn json(call: &str, answer: &Answer) -> Result<Value, Gap> {
    let body = answer.json(call)?;
    if answer.is_json() {
        return Ok(body);
    }
    Err(answer.malformed(call, "which is not the service's own form"))
}

fn context(body: &Value) -> Option<&str> {
    body.get("@odata.context")?.as_str()
}

fn rows(call: &str, answer: &Answer, body: &mut Value) -> Result<Page, Gap> {
    let next = match body.get("@odata.nextLink") {
        None | Some(Value::Null) => None,
        Some(Value::String(next)) => Some(next.clone()),
        Some(_) => return Err(answer.malformed(call, "whose next link is not text")),
    };
    let count = match body.get("@odata.count") {
        None | Some(Value::Null) => None,
        Some(count) => Some(
            count
                .as_u64()
                .ok_or_else(|| answer.malformed(call, "whose count is not a number"))?,
        ),
    };
    match body.get_mut("value").map(Value::take) {
        Some(Value::Array(rows)) if rows.iter().any(is_continued) => {
            Err(answer.malformed(call, "a row of which goes on at another place"))
        }
        Some(Value::Array(rows)) => Ok(Page { rows, next, count }),
        _ => Err(answer.malformed(call, "which holds no list named value")),
    }
}

/// Whether only a part of it came: `@odata.nextLink`, or `appRoles@odata.nextLink` of one of its lists.
fn is_continued(object: &Value) -> bool {
    object.as_object().is_some_and(|fields| {
        fields
            .iter()
            .any(|(name, value)| name.ends_with("@odata.nextLink") && !value.is_null())
    })
}

/// Whether the context names the set, whatever fields were selected of it and however its path begins:
/// `…$metadata#contacts(contactid)`, `#systemusers(…)/$entity`, `#Collection(microsoft.graph.user)`,
/// `#servicePrincipals('…')/appRoleAssignments`.
fn is_of(context: &str, set: &[&str]) -> bool {
    let Some((_, fragment)) = context.split_once("$metadata#") else {
        return false;
    };
    let inner = fragment
        .strip_prefix("Collection(")
        .and_then(|rest| rest.strip_suffix(')'));
    let path = without_parentheses(inner.unwrap_or(fragment));
    let mut segments: Vec<&str> = path.split('/').filter(|part| *part != "$entity").collect();
    // A type behind a set says of which kind its rows are.
    while let [_, .., last] = segments.as_slice()
        && last.contains('.')
    {
        segments.pop();
    }
    let last = segments.last().copied().unwrap_or_default();
    let name = last.rsplit('.').next().unwrap_or_default();
    set.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// Without keys and the fields that were selected.
fn without_parentheses(path: &str) -> String {
    let mut depth = 0_usize;
    let mut quoted = false;
    path.chars()
        .filter(|one| {
            match one {
                '\'' => quoted = !quoted,
                '(' if !quoted => depth += 1,
                ')' if !quoted => {
                    depth = depth.saturating_sub(1);
                    return false;
                }
                _ => {}
            }
            depth == 0
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::collect::tests::spoiled;
    use crate::model::GapKind;

    #[test]
    fn a_context_names_its_set_in_every_form_that_services_write() {
        let base = "https://contoso.crm4.dynamics.com/api/data/v9.2/$metadata#";
        for (fragment, set) in [
            ("contacts", "contacts"),
            ("contacts(contactid)", "contacts"),
            ("contacts(contactid)/$entity", "contacts"),
            ("contacts/$entity", "contacts"),
            (
                "systemusers(systemuserid,businessunitid(name,_x_value))",
                "systemusers",
            ),
            ("roles(roleid,name,_roletemplateid_value)", "roles"),
            ("Microsoft.Dynamics.CRM.WhoAmIResponse", "WhoAmIResponse"),
            (
                "GlobalOptionSetDefinitions(Name)/Microsoft.Dynamics.CRM.OptionSetMetadata/$entity",
                "GlobalOptionSetDefinitions",
            ),
            (
                "servicePrincipals('a(b')/appRoleAssignments",
                "appRoleAssignments",
            ),
            (
                "Collection(microsoft.graph.oAuth2PermissionGrant)",
                "oAuth2PermissionGrant",
            ),
            ("Collection(appRoleAssignment)", "appRoleAssignment"),
            ("oauth2permissiongrants", "oauth2PermissionGrants"),
            ("directoryObjects(id,mail)", "directoryObjects"),
            ("policies/appManagementPolicies", "appManagementPolicies"),
            (
                "reports/appCredentialSignInActivities",
                "appCredentialSignInActivities",
            ),
        ] {
            assert!(is_of(&format!("{base}{fragment}"), &[set]), "{fragment}");
            assert!(
                is_of(&format!("$metadata#{fragment}"), &[set]),
                "{fragment}"
            );
            assert!(
                !is_of(&format!("{base}{fragment}"), &["others"]),
                "{fragment}"
            );
        }
        for other in [
            "",
            "contacts",
            "$metadata",
            "$metadata#",
            "#contacts",
            "$metadata#contacts2",
        ] {
            assert!(!is_of(other, &["contacts"]), "{other}");
        }
    }

    #[test]
    fn only_a_page_of_the_set_is_a_page() {
        let right = json!({"@odata.context": "https://x/$metadata#contacts(contactid)",
            "value": [{"contactid": "1"}]});
        let read = |answer: &Answer| page("a read", answer, &["contacts"]);
        assert!(read(&spoiled::answer(200, right.to_string())).is_ok());
        for (what, answer) in spoiled::lists(&right) {
            // Whether rows are what they should be is for those who know them.
            if what.starts_with("rows") || what.contains("[[]]") {
                continue;
            }
            let gap = read(&answer).map(|page| page.rows).expect_err(&what);
            assert_eq!(gap.kind, GapKind::Malformed, "{what}");
        }
    }

    #[test]
    fn what_goes_on_elsewhere_is_not_whole() {
        let page = |body: &Value| {
            let answer = spoiled::answer(200, body.to_string());
            super::page("a read", &answer, &["contacts"])
        };
        let context = "https://x/$metadata#contacts";
        let next =
            json!({"@odata.context": context, "value": [], "@odata.nextLink": "https://x/2"});
        assert_eq!(
            page(&next).ok().and_then(|page| page.next).as_deref(),
            Some("https://x/2")
        );
        let inside = json!({"@odata.context": context,
            "value": [{"roles": [], "roles@odata.nextLink": "https://x/2"}]});
        assert!(page(&inside).is_err());
        for field in ["@odata.nextLink", "roles@odata.nextLink"] {
            let body = json!({"id": "1", field: "https://x/2"});
            let answer = spoiled::answer(200, body.to_string());
            assert!(object("a read", &answer, &["contacts"]).is_err(), "{field}");
        }
    }
}
