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
            "the table `[environments.prod]` is defined twice, on lines 4 and 9",
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
            "the table `[environments.prod]` is defined twice, on lines 4 and 9",
        ),
        (
            GOOD.replace(
                "[registrations.dataverse]",
                "[registrations.dataverse]\nroles = [\"C role\"]\n[registrations.dataverse]",
            ),
            19,
            "the table `[registrations.dataverse]` is defined twice, on lines 17 and 19",
        ),
        (
            GOOD.replace(
                "tier = \"production\"",
                "tier = \"production\"\ntier = \"test\"",
            ),
            7,
            "the key `tier` is defined twice, on lines 6 and 7",
        ),
        (
            format!("{GOOD}\n[mail]\nfrom = \"a@contoso.com\"\n"),
            32,
            "the table `[mail]` is defined twice, on lines 27 and 32",
        ),
    ] {
        assert_eq!(only(&text), (line, message.to_owned()), "{text}");
    }
}

/// What a person wrote instead, where the one problem is, what it says, and what its help says.
#[test]
fn one_slip_is_one_problem_with_the_way_out() {
    for (good, instead, line, message, help) in [
        (
            "[environments.prod]",
            "[environment.prod]",
            4,
            "the file knows no key `environment`",
            "",
        ),
        (
            "[vaults.",
            "[vault.",
            9,
            "the file knows no key `vault`",
            "",
        ),
        (
            "[[registrations]]",
            "[[registration]]",
            12,
            "the file knows no key `registration`",
            "",
        ),
        (
            "tenant = \"contoso\"",
            "tenant = “contoso”",
            5,
            "these are typographic quotes, and TOML takes straight ones",
            "straight quotes: \"…\"",
        ),
        (
            "[registrations.dataverse]\nroles",
            "[dataverse]\nroles",
            17,
            "`[dataverse]` is at the top level, and belongs to a registration",
            "write `[registrations.dataverse]`",
        ),
        (
            "tier = \"production\"",
            "tier = \"uat\"",
            6,
            "`uat` is not a valid `tier`",
            "use `production`, `test` or `development`",
        ),
        (
            "{ secret = \"crm-prod/zeta-secret\" }",
            "\"crm-prod/zeta-secret\"",
            16,
            "`credential` names a vault entry, and not whether it is a secret or a certificate",
            "write { secret = \"crm-prod/zeta-secret\" }",
        ),
        (
            "crm-prod/zeta-secret",
            "kv-contoso/zeta-secret",
            16,
            "no vault is called `kv-contoso`",
            "write crm-prod in place of kv-contoso",
        ),
        (
            "\"crm-prod/zeta-secret\"",
            "\"Abc8Q~9sdfkjSDFKJsdfkjsdf98sdfSDFdfs\"",
            16,
            "`secret` does not read like vault/name",
            "if this was a real secret, replace it",
        ),
    ] {
        let text = GOOD.replace(good, instead);
        assert_ne!(text, GOOD, "{good}");
        assert_eq!(told(&text), [(line, message.to_owned())], "{instead}");
        let said = problems(&text)[0].help.clone().unwrap_or_default();
        assert!(said.contains(help), "{instead}: {said}");
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
        ("tier = production", "this text has no quotes"),
        ("tier = production # ours", "this text has no quotes"),
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
