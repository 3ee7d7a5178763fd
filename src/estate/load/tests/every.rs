//! A file with many mistakes: all of them in one run, in the order of the file.

use crate::source::render;

use super::{problems, told};

const MANY: &str = r#"version = 1
colour = "blue"
[tenants.contoso]
id = "contoso.com"
[environments.prod]
tenant = "contosso"
tier = "live"
dataverse = "http://contoso.crm4.dynamics.com"
[vaults.crm]
environment = "prod"
url = "https://kv.vault.azure.cn/secrets"
[[registrations]]
name = "raia"
enviroment = "prod"
client-id = "raia"
credential = { secret = "crmm/raia" }
[registrations.dataverse]
allow = { read = ["contact"] }
deny = { read = ["contact"] }
[[registrations]]
name = "raia"
environment = "prod"
client-id = "5b7a2f0e-2d35-4a55-8a64-0d3a51c60001"
credential = "hunter2"
owner = 7
"#;

#[test]
fn all_are_told_at_once_in_order() {
    let expected = [
        (2, "the file knows no key `colour`"),
        (4, "`id` is a domain name, and should be a GUID"),
        (6, "no tenant is called `contosso`"),
        (7, "`live` is not a valid `tier`"),
        (
            8,
            "`dataverse` is an http url: a token sent there could be read on the way",
        ),
        (11, "`url` holds a path"),
        (14, "registration `raia` knows no key `enviroment`"),
        (15, "`client-id` is not a GUID"),
        (16, "no vault is called `crmm`"),
        (19, "`contact` is both allowed and denied for read"),
        (
            21,
            "two registrations are called `raia`: on line 13 and on line 21",
        ),
        (
            24,
            "`credential` is plain text: never write a secret into this file",
        ),
        (
            25,
            "`owner` is a whole number, and should be a text in quotes",
        ),
    ];
    let found = told(MANY);
    let found: Vec<(usize, &str)> = found
        .iter()
        .map(|(line, message)| (*line, message.as_str()))
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn the_three_slips_everybody_makes_look_like_this() {
    let text = super::GOOD
        .replacen(
            "name = \"alpha\"\nenvironment",
            "name = \"zeta\"\nenviroment",
            1,
        )
        .replacen("crm-prod/alpha-id", "crm-prd/alpha-id", 1);
    insta::assert_snapshot!(render(&problems(&text), 80, false), @r#"
  × two registrations are called `zeta`: on line 13 and on line 22
    ╭─[estate.toml:22:8]
 22 │ name = "zeta"
    ·        ───┬──
    ·           ╰── first used on line 13
    ╰────
  help: give each a name of its own across all tenants and environments: add
        the environment's or the tenant's name to it

  × registration `zeta` knows no key `enviroment`
    ╭─[estate.toml:23:1]
 23 │ enviroment = "prod"
    · ─────┬────
    ·      ╰── did you mean `environment`?
    ╰────

  × no vault is called `crm-prd`
    ╭─[estate.toml:24:24]
 24 │ client-id = { secret = "crm-prd/alpha-id" }
    ·                        ─────────┬────────
    ·                                 ╰── did you mean `crm-prod`?
    ╰────
  help: declared under [vaults]: `crm-prod`

3 problems in estate.toml
"#);
}

#[test]
fn syntax_errors_are_told_with_the_rest() {
    let text = "version = 1\n[tenants.contoso\nid = \"8f0c4a52-7c1e-4d2b-9a57-3f2f6f6f0001\"\n\
                [environments.prod]\ntier = \"live\"\ntier = = \"test\"\nversion\n";
    insta::assert_snapshot!(render(&problems(text), 80, false), @r#"
  × this is not TOML: unclosed table, expected `]`
   ╭─[estate.toml:2:17]
 2 │ [tenants.contoso
   ·                 ┬
   ·                 ╰── here
   ╰────
  help: the file is TOML: `key = "value"`, one per line, beneath `[table]`
        headers

  × `live` is not a valid `tier`
   ╭─[estate.toml:5:8]
 5 │ tier = "live"
   ·        ───┬──
   ·           ╰── not one of them
   ╰────
  help: use `production`, `test` or `development`

  × this is not TOML: extra `=`
   ╭─[estate.toml:6:8]
 6 │ tier = = "test"
   ·        ┬
   ·        ╰── here
   ╰────
  help: the file is TOML: `key = "value"`, one per line, beneath `[table]`
        headers

  × this is not TOML: key with no value, expected `=`
   ╭─[estate.toml:7:8]
 7 │ version
   ·        ┬
   ·        ╰── here
   ╰────
  help: the file is TOML: `key = "value"`, one per line, beneath `[table]`
        headers

4 problems in estate.toml
"#);
}

#[test]
fn what_may_stand_on_an_unreadable_line_is_not_called_missing() {
    let broken = "version = 1\n[environments.prod]\ntenant = \"contoso\"\n[vaults.crm]\nurl = \"https://x.example\"\n[tenants.contoso\n";
    let lines: Vec<usize> = told(broken).into_iter().map(|(line, _)| line).collect();
    assert_eq!(lines, [5, 6]);
}
