//! Small changes laid over a scenario (or an estate) file, so that a variant says only what differs.

use toml::{Table, Value};

use super::{ScenarioError, line_at};

/// What tells the elements of an array of tables apart, in the order they are looked for.
const KEYS: [&str; 4] = ["name", "label", "application", "person"];

/// Removes: a whole element (`true`), or keys of a table (their names).
const ABSENT: &str = "absent";

/// Lays `changes` over `base`, both TOML, and gives the merged text.
///
/// Tables merge. Elements of an array of tables are found by their `name`, `label`, `application` or
/// `person`, and new ones are added. Anything else is replaced. `absent = true` takes an element out,
/// `absent = ["expires-in-days"]` takes keys out of a table.
pub fn overlay(base: &str, changes: &str) -> Result<String, ScenarioError> {
    let mut merged = read(base)?;
    merge(&mut merged, read(changes)?);
    Ok(merged.to_string())
}

fn read(text: &str) -> Result<Table, ScenarioError> {
    text.parse()
        .map_err(|error: toml::de::Error| ScenarioError {
            line: error.span().map(|span| line_at(text, span.start)),
            message: error.message().to_owned(),
        })
}

fn merge(table: &mut Table, changes: Table) {
    for (key, change) in changes {
        match (table.get_mut(&key), change) {
            (_, Value::Array(names)) if key == ABSENT => {
                for name in names.iter().filter_map(Value::as_str) {
                    table.remove(name);
                }
            }
            (Some(Value::Table(own)), Value::Table(change)) => merge(own, change),
            (Some(Value::Array(own)), Value::Array(change)) if keyed(&change) => {
                merge_elements(own, change);
            }
            (_, change) => {
                table.insert(key, change);
            }
        }
    }
}

fn merge_elements(own: &mut Vec<Value>, changes: Vec<Value>) {
    for change in changes {
        let place = own
            .iter()
            .position(|element| identity(element) == identity(&change));
        let gone = change.get(ABSENT).and_then(Value::as_bool) == Some(true);
        match (place, change) {
            (Some(place), _) if gone => {
                own.remove(place);
            }
            (Some(place), Value::Table(change)) => {
                if let Some(Value::Table(element)) = own.get_mut(place) {
                    merge(element, change);
                }
            }
            (_, change) => own.push(change),
        }
    }
}

fn keyed(elements: &[Value]) -> bool {
    !elements.is_empty() && elements.iter().all(|element| identity(element).is_some())
}

fn identity(element: &Value) -> Option<(&'static str, &str)> {
    KEYS.iter()
        .find_map(|key| Some((*key, element.get(key)?.as_str()?)))
}

#[cfg(test)]
mod tests {
    use super::overlay;
    use crate::sim::Scenario;

    fn tidy(changes: &str) -> Scenario {
        let text = overlay(Scenario::text("tidy").expect("built in"), changes).expect("TOML");
        Scenario::parse(&text).unwrap_or_else(|error| panic!("{error}\n{text}"))
    }

    #[test]
    fn elements_are_found_by_what_names_them() {
        let before = tidy("");
        let after = tidy(
            "[[applications]]\nname = \"erp-bridge\"\nowners = []\nsecrets = [{ label = \"erp-bridge\", ends-in-days = -3 }]\n",
        );
        let application = after.application("erp-bridge").expect("still there");
        assert!(application.owners.is_empty());
        assert_eq!(application.secrets.len(), 1);
        assert_eq!(application.secrets[0].ends_in_days, Some(-3));
        assert_eq!(application.secrets[0].started_days_ago, 60);
        assert_eq!(after.applications.len(), before.applications.len());
    }

    #[test]
    fn elements_and_keys_can_be_taken_out_and_added() {
        let after = tidy(
            "[vaults.kv-contoso-crm-prod]
secrets = [
    { name = \"erp-bridge-secret\", absent = [\"expires-in-days\"] },
    { name = \"marketing-events-secret\", absent = true },
    { name = \"extra\", text = \"x\" },
]
[environments.prod]
users = [{ application = \"erp-bridge\", disabled = true }]
",
        );
        let secrets = &after.vaults["kv-contoso-crm-prod"].secrets;
        let named = |name: &str| secrets.iter().find(|secret| secret.name == name);
        assert!(named("erp-bridge-secret").is_some_and(|secret| secret.expires_in_days.is_none()));
        assert!(named("marketing-events-secret").is_none());
        assert!(named("extra").is_some());
        let users = &after.environments["prod"].users;
        let user = users
            .iter()
            .find(|user| user.application.as_deref() == Some("erp-bridge"));
        assert!(user.is_some_and(|user| user.disabled && user.roles == ["ERP Bridge"]));
    }

    #[test]
    fn a_mistake_in_the_changes_is_shown_on_its_line() {
        let error = overlay("", "a = 1\nb = ").expect_err("no TOML");
        assert_eq!(error.line, Some(2));
    }
}
