//! Files of another form: one problem each, that names what it is.

use super::{GOOD, problems, told};

/// Line and message of the only problem.
fn only(text: &str) -> (usize, String) {
    let all = told(text);
    assert_eq!(all.len(), 1, "{all:#?}");
    all.into_iter().next().unwrap_or_default()
}

#[test]
fn another_format_is_named_once() {
    let json =
        "{\n  \"version\": 1,\n  \"tenants\": {\n    \"contoso\": { \"id\": \"x\" }\n  }\n}\n";
    for (text, line, name) in [
        (json, 1, "JSON"),
        ("\n# a comment\n[\n  { \"name\": \"a\" }\n]\n", 3, "JSON"),
        ("[{\"name\": \"a\"}]", 1, "JSON"),
        ("[\"a\", \"b\"]", 1, "JSON"),
        ("// why\n{\n}\n", 1, "JSON with comments, or a program"),
        (
            "---\nversion: 1\ntenants:\n  contoso:\n    id: x\n",
            1,
            "YAML",
        ),
        ("version: 1\ntenants:\n  contoso:\n    id: x\n", 1, "YAML"),
        ("- name: a\n- name: b\n", 1, "YAML"),
        ("registrations:\n- name: a\n", 1, "YAML"),
        ("<?xml version=\"1.0\"?>\n<estate/>\n", 1, "XML or HTML"),
    ] {
        let (at, message) = only(text);
        assert_eq!(
            (at, message),
            (
                line,
                format!("this file is {name}, and credaudit reads TOML")
            ),
            "{text}"
        );
    }
}

#[test]
fn a_line_of_another_format_within_toml_is_a_slip() {
    let text = GOOD.replace("tier = \"production\"", "tier: production");
    let (line, message) = only(&text);
    assert_eq!(line, 6);
    assert!(message.starts_with("this is not TOML: "), "{message}");
}

#[test]
fn what_stands_twice_is_told_once_with_both_lines() {
    let environment = "[environments.prod]\ntenant = \"contoso\"\ntier = \"test\"\ndataverse = \"https://b.crm4.dynamics.com\"\n";
    for (text, line, message) in [
        (
            GOOD.replace(
                "[vaults.crm-prod]",
                &format!("{environment}[vaults.crm-prod]"),
            ),
            9,
            "the table `[environments.prod]` stands twice: on line 4 and on line 9",
        ),
        (
            GOOD.replace(
                "[vaults.crm-prod]",
                &format!(
                    "{}[vaults.crm-prod]",
                    environment
                        .replace("[environments.prod]", "[ environments . \"prod\" ] # again")
                ),
            ),
            9,
            "the table `[environments.prod]` stands twice: on line 4 and on line 9",
        ),
        (
            GOOD.replace(
                "[registrations.dataverse]",
                "[registrations.dataverse]\nroles = [\"C role\"]\n[registrations.dataverse]",
            ),
            19,
            "the table `[registrations.dataverse]` stands twice: on line 17 and on line 19",
        ),
        (
            GOOD.replace(
                "tier = \"production\"",
                "tier = \"production\"\ntier = \"test\"",
            ),
            7,
            "the key `tier` stands twice: on line 6 and on line 7",
        ),
        (
            format!("{GOOD}\n[mail]\nfrom = \"a@contoso.com\"\n"),
            32,
            "the table `[mail]` stands twice: on line 27 and on line 32",
        ),
    ] {
        assert_eq!(only(&text), (line, message.to_owned()), "{text}");
    }
}

#[test]
fn a_list_written_as_a_table_says_so() {
    let one = "name = \"zeta\"\n";
    for (header, seen, help) in [
        (
            "[registrations.zeta]",
            "[registrations.zeta]",
            "write `[[registrations]]` and beneath it `name = \"zeta\"`, once for each of them",
        ),
        (
            "[registrations]",
            "[registrations]",
            "write `[[registrations]]` and beneath it its keys, once for each of them",
        ),
    ] {
        let begin = GOOD.find("[[registrations]]").expect("it is there");
        let (head, _) = GOOD.split_at(begin);
        let text = format!("{head}{header}\n{one}environment = \"prod\"\n");
        let all = problems(&text);
        assert_eq!(all.len(), 1, "{all:#?}");
        assert_eq!(
            all[0].message,
            format!("`{seen}` makes a table, and `registrations` is a list")
        );
        assert_eq!(all[0].help.as_deref(), Some(help));
    }
}

#[test]
fn a_table_written_as_a_list_says_so() {
    let text = "version = 1\n[[environments]]\nname = \"prod\"\n";
    assert_eq!(
        only(text),
        (
            2,
            "`[[environments]]` makes a list, and `environments` is a table".to_owned()
        )
    );
}

#[test]
fn a_word_without_quotes_and_a_date_in_another_order_are_named() {
    for (bad, message) in [
        ("tier = production", "this text stands without quotes"),
        (
            "tier = production # ours",
            "this text stands without quotes",
        ),
        ("tier = 30.06.2027", "this is not a date as TOML writes it"),
        ("tier = 30/06/2027", "this is not a date as TOML writes it"),
        ("tier = 2027/06/30", "this is not a date as TOML writes it"),
        ("tier = 2027-6-30", "this is not a date as TOML writes it"),
        ("tier = 2027-02-30", "this is not a date as TOML writes it"),
        (
            "tier = 30 June 2027",
            "this is not a date as TOML writes it",
        ),
        (
            "tier = June 30, 2027",
            "this is not a date as TOML writes it",
        ),
    ] {
        let text = GOOD.replace("tier = \"production\"", bad);
        assert_eq!(only(&text), (6, message.to_owned()), "{bad}");
    }
}
