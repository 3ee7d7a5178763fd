//! What a registration may do: declared permissions, read-only, and `default = "deny"`.

use crate::model::Operation;

use super::{GOOD, good, told};

fn with(line: &str) -> String {
    GOOD.replacen(
        "roles = [\"B role\", \"A role\"]",
        &format!("roles = [\"B role\", \"A role\"]\n{line}"),
        1,
    )
}

#[test]
fn deny_by_default_names_every_table_of_the_environment() {
    let other =
        "\n[registrations.dataverse]\nallow = { read = [\"task\"], write = [\"lead\"] }\n[mail]";
    let text = with("default = \"deny\"").replacen("\n[mail]", other, 1);
    let estate = good(&text);
    let zeta = estate.registration("zeta").unwrap().dataverse.as_ref();
    let deny = &zeta.unwrap().deny;
    assert_eq!(deny.read, ["account", "task"]);
    for operation in [Operation::Create, Operation::Write, Operation::Delete] {
        let all = ["account", "contact", "lead", "task"];
        assert_eq!(deny.of(operation), all, "{operation}");
    }
    assert_eq!(deny.append_to, ["contact", "lead", "task"]);
    let alpha = estate.registration("alpha").unwrap().dataverse.as_ref();
    assert_eq!(alpha.unwrap().deny.names().count(), 0);
}

#[test]
fn permissions_are_named_by_api_and_role() {
    let text = GOOD.replacen(
        "prove = \"never\"",
        "permissions = [\"Microsoft Graph/User.Read.All\", \"Dynamics ERP / Connector.FullAccess\"]",
        1,
    );
    let estate = good(&text);
    let declared = estate.registration("alpha").unwrap().permissions.as_ref();
    let words: Vec<String> = declared.unwrap().iter().map(ToString::to_string).collect();
    assert_eq!(
        words,
        [
            "Dynamics ERP/Connector.FullAccess",
            "Microsoft Graph/User.Read.All"
        ]
    );
    assert_eq!(estate.registration("zeta").unwrap().permissions, None);
    let bare = GOOD.replacen("prove = \"never\"", "permissions = [\"User.Read.All\"]", 1);
    let expected = "`User.Read.All` names no application permission";
    assert_eq!(told(&bare), [(26, expected.to_owned())]);
}

#[test]
fn read_only_beside_an_allowed_change_is_a_contradiction() {
    let allowed = with("read-only = true").replacen("append-to =", "write =", 1);
    let expected = "the registration is read-only, yet `allow` lets it write `account`";
    assert_eq!(told(&allowed), [(19, expected.to_owned())]);
    let estate = good(&with("read-only = true"));
    let zeta = estate.registration("zeta").unwrap().dataverse.as_ref();
    assert!(zeta.unwrap().read_only);
}

/// What nobody can judge is refused where it is stated, rather than passed over in every report.
#[test]
fn only_reads_of_collections_can_be_stated() {
    let with = |line: &str| {
        let finops = format!("\n[registrations.finops]\n{line}\n[mail]");
        GOOD.replacen("\n[mail]", &finops, 1)
    };
    for side in ["allow", "deny"] {
        for operation in ["create", "write", "delete", "append", "append-to"] {
            let text = with(&format!("{side} = {{ {operation} = [\"CustomersV3\"] }}"));
            let problems = told(&text);
            let says = format!("`{side}.{operation}` of Finance & Operations cannot be checked");
            assert!(
                problems.iter().any(|(_, words)| words.starts_with(&says)),
                "{problems:?}"
            );
        }
        let text = with(&format!("{side} = {{ read = [\"CustomersV3\"] }}"));
        let problems = told(&text);
        assert!(
            !problems.iter().any(|(_, words)| words.contains("judged")),
            "{problems:?}"
        );
    }
}
