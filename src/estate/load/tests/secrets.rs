//! A secret pasted into the file is refused, and shown nowhere.

use crate::source::render;

use super::{GOOD, problems};

const CANARY: &str = "Xq38Q~canary.Value_Zz9-kkPqLm41vTr7";

/// Draws the problems of the good file with one line added or replaced.
fn drawn(from: &str, to: &str) -> String {
    assert!(GOOD.contains(from), "{from}");
    let problems = problems(&GOOD.replacen(from, to, 1));
    let debug = format!("{problems:?}");
    let drawn = render(&problems, 80, false);
    format!("{drawn}\n{debug}")
}

#[test]
fn wherever_it_is_pasted_it_stays_hidden() {
    let credential = "{ secret = \"crm-prod/zeta-secret\" }";
    let password = "{ env = \"SMTP_PASSWORD\" }";
    let client_id = "\"5B7A2F0E-2d35-4a55-8a64-0d3a51c60001\"";
    for value in [CANARY, "hunter2", "Ab1/Cd2+Ef3Gh4Ij5Kl6Mn7Op8Qr9St0="] {
        let places = [
            (credential, format!("\"{value}\"")),
            (credential, format!("'{value}'")),
            (credential, format!("\"\"\"{value}\"\"\"")),
            (credential, format!("{{ secret = \"{value}\" }}")),
            (credential, format!("{{ sceret = \"{value}\" }}")),
            (credential, format!("{{ value = \"{value}\" }}")),
            (credential, format!("[\"{value}\"]")),
            (credential, format!("\"{value}")),
            (credential, value.to_owned()),
            (credential, format!("{{ secret = \"{value} }}")),
            (password, format!("\"{value}\"")),
            (password, format!("{{ env = \"{value}!\" }}")),
            (password, format!("{{ plain = \"{value}\" }}")),
            (password, format!("\"{value}\", hots = 1")),
        ];
        for (from, to) in places {
            let shown = drawn(from, &to);
            assert!(!shown.contains(value), "{to}:\n{shown}");
        }
        let misspelt = drawn("prove = \"never\"", &format!("pasword = \"{value}\""));
        assert!(!misspelt.contains(value), "{misspelt}");
    }
    for to in [
        format!("\"{CANARY}\""),
        format!("{{ secret = \"{CANARY}\" }}"),
    ] {
        let shown = drawn(client_id, &to);
        assert!(!shown.contains(CANARY), "{shown}");
    }
    for line in [
        format!("\"{CANARY}\" = 1"),
        CANARY.to_owned(),
        format!("# {CANARY}\ncolour = 1"),
    ] {
        let shown = drawn("prove = \"never\"", &line);
        assert!(!shown.contains(CANARY), "{shown}");
    }
    for line in [
        "[[webhooks]]\nkind = \"slack\"\nurl = \"https://hooks.slack.com/services/T/B/hunter2\"",
        "[[webhooks]]\nkind = \"slack\"\nurl = { env = \"https://hooks.slack.com/services/T/B/hunter2\" }",
        "[[webhooks]]\nkind = \"slack\"\nadress = \"https://hooks.slack.com/services/T/B/hunter2\"",
        "[[webhooks]]\nkind = \"teams\"\nurl = https://contoso.webhook.office.com/hunter2",
    ] {
        let problems = problems(&format!("{GOOD}\n{line}\n"));
        let shown = render(&problems, 80, false);
        assert!(!shown.contains("hunter2"), "{shown}");
        assert!(!shown.contains("SMTP"), "{shown}");
    }
    let vault = drawn(
        "https://KV-contoso.vault.azure.net/",
        "https://KV-contoso.vault.azure.net/x",
    );
    assert!(vault.contains("KV-contoso.vault.azure.net/x"), "{vault}");
    let url = drawn("https://Contoso.api", "https://user:hunter2@contoso.api");
    assert!(!url.contains("hunter2"), "{url}");
}

#[test]
fn a_plain_credential_is_drawn_without_its_value() {
    let shown = problems(&GOOD.replacen(
        "{ secret = \"crm-prod/zeta-secret\" }",
        &format!("\"{CANARY}\" # from the portal"),
        1,
    ));
    insta::assert_snapshot!(render(&shown, 80, false), @r#"
  × `credential` is plain text: never write a secret into this file
    ╭─[estate.toml:16:14]
 16 │ credential = *** # from the portal
    ·              ─┬─
    ·               ╰── write where it is stored, not what it is
    ╰────
  help: store it in Key Vault and write { secret = "vault/name" } or
        { certificate = "vault/name" }, or "none" (a managed identity) or
        "federated" where nothing is stored; if this was a real secret,
        replace it, for the file may have been copied

1 problem in estate.toml
"#);
}
