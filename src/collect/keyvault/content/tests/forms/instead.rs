//! What stands in the place of a secret or beside it, and what is a secret all the same.

use super::*;

#[test]
fn what_stands_in_the_place_of_a_secret_is_named_and_not_sent() {
    let token = format!("eyJhbGciOiJub25lIn0.{0}.{0}", "abcdefgh");
    for (form, values) in [
        (
            Form::Placeholder,
            &[
                fixture!("secret-unsubstituted.txt"),
                "${CLIENT_SECRET}",
                "${{ secrets.CLIENT_SECRET }}",
                "#{ClientSecret}#",
                "{{client_secret}}",
                "%CLIENT_SECRET%",
                "<client secret>",
                "__ClientSecret__",
                "$(a)\n",
                "$env:SECRET",
                "$CLIENT_SECRET",
                "@{variables('secret')}",
                "[parameters('secret')]",
                "YOUR_CLIENT_SECRET",
                "change-me",
                "((secret))",
            ][..],
        ),
        (
            Form::SecureString,
            &[
                "System.Security.SecureString",
                "01000000d08c9ddf0115d1118c7a00c04fc297eb0100000054",
            ],
        ),
        (
            Form::NoValue,
            &[
                "null",
                "undefined",
                "None",
                "[object Object]",
                "System.Object[]",
                "System.Collections.Hashtable",
                "{}",
                "Microsoft.Azure.Commands.KeyVault.Models.PSKeyVaultSecret",
            ],
        ),
        (
            Form::Mask,
            &[
                "***",
                "aB3********************",
                "\u{2022}\u{2022}\u{2022}\u{2022}",
                "xxxx",
            ],
        ),
        (
            Form::VaultReference,
            &[
                "@Microsoft.KeyVault(SecretUri=https://kv.vault.azure.net/secrets/a)",
                "https://kv.vault.azure.net/secrets/a/0",
                "/subscriptions/0/resourceGroups/r/providers/Microsoft.KeyVault/vaults/v",
            ],
        ),
        (Form::Address, &["https://contoso.crm4.dynamics.com"]),
        (Form::Token, &[&token]),
        (Form::Html, &["<!DOCTYPE html><html></html>"]),
        (
            Form::Xml,
            &[
                "<add key=\"a\" value=\"b\" />",
                "<?xml version=\"1.0\"?><a>b</a>",
            ],
        ),
        (
            Form::PrintedObject,
            &[
                "@{clientId=a; clientSecret=b}",
                "clientId : a\nclientSecret : b",
                "client_secret: b",
            ],
        ),
    ] {
        for value in values {
            let found = look(value, None);
            assert_eq!(
                (sent(&found), &*found.problems),
                (None, &[Problem::Wrapped][..]),
                "{value:?}"
            );
            assert_eq!(wrapper(&found).forms, [form], "{value:?}");
            assert!(found.bare.is_none() && !wrapper(&found).comes_off());
        }
    }
    let quoted = look("\"$(Secret)\"", None);
    assert_eq!(wrapper(&quoted).forms, [Form::Quotes, Form::Placeholder]);
    assert!(!wrapper(&quoted).comes_off());
}

#[test]
fn a_bare_secret_of_any_age_is_sent_as_it_is() {
    for value in [
        SECRET,
        "abc~Q",
        "kB?dZ=x@yz[1]:/w.-_*+",
        "n0vKsbXW0X9dQ2mUqk7mHn8tqLRkH6sYzEw4oY2m4cE=",
        "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVoxMjM0NTY3ODkw",
        "it's a \"good\" one",
        "pa$$word",
        "100%",
        "a=b",
        "System",
        "5 < 6",
        "{abc}",
        "[abc",
    ] {
        let found = look(value, None);
        assert_eq!(
            (sent(&found), &*found.problems),
            (Some(value), &[][..]),
            "{value}"
        );
        assert_eq!(found.evidence().wrapper, None);
    }
}

#[test]
fn what_is_longer_than_any_secret_is_named_for_what_it_is() {
    let long = "x".repeat(300);
    let json = serde_json::json!({ "a": long }).to_string();
    for (value, forms) in [
        (json, vec![Form::Json]),
        (format!("A={long};B=c"), vec![Form::ConnectionString]),
        (format!("<html>{long}</html>"), vec![Form::Html]),
        (format!("eyJ{long}.{long}.{long}"), vec![Form::Token]),
    ] {
        let found = look(&value, None);
        assert_eq!(found.problems, [Problem::Wrapped]);
        assert_eq!(wrapper(&found).forms, forms);
    }
    assert_eq!(look(&long, None).problems, [Problem::TooLong]);
    assert_eq!(look(&"xy".repeat(200), None).problems, [Problem::TooLong]);
}

#[test]
fn what_stands_beside_is_compared_with_the_estate() {
    let home = |client_id, tenant, host| Home {
        client_id: Some(client_id),
        tenant: Some(tenant),
        hosts: [Some(host), None],
    };
    let (tenant, host) = (
        "8f0c4a52-7c1e-4d2b-9a57-3f2f6f6f0001",
        "contoso.crm4.dynamics.com",
    );
    let compared = |text: &str, field, home: &Home<'_>| {
        let mut found = look(text, field);
        found.compare(home);
        (found.problems.clone(), found.credential.is_some())
    };
    let string = fixture!("connection-string.txt");
    let json = fixture!("json-one-level.json");
    let own = home(CLIENT, tenant, host);
    assert_eq!(compared(string, None, &own), (vec![], true));
    assert_eq!(compared(json, Some("clientSecret"), &own), (vec![], true));
    let upper = CLIENT.to_uppercase();
    assert_eq!(
        compared(string, None, &home(&upper, tenant, host)),
        (vec![], true)
    );
    let api = string.replace(".crm4.", ".api.crm4.");
    assert_eq!(compared(&api, None, &own), (vec![], true));
    let other = home(
        "5b7a2f0e-2d35-4a55-8a64-0d3a51c69999",
        tenant,
        "fabrikam.crm4.dynamics.com",
    );
    assert_eq!(
        compared(string, None, &other),
        (
            vec![Problem::OtherClientId, Problem::OtherEnvironment],
            false
        ),
        "a secret of another application is not sent as this one's"
    );
    let elsewhere = home(CLIENT, "8f0c4a52-7c1e-4d2b-9a57-3f2f6f6f9999", host);
    assert_eq!(
        compared(json, Some("clientSecret"), &elsewhere),
        (vec![Problem::OtherTenant], true)
    );
    let unknown = Home {
        client_id: None,
        tenant: None,
        hosts: [None, None],
    };
    assert_eq!(compared(string, None, &unknown), (vec![], true));
}

#[test]
fn a_name_that_may_be_a_secret_is_counted_and_not_listed() {
    let json = format!(
        "{{\"{SECRET}\": 1, \"x9Kd83mfQWE81mfk4jJ2\": 2, \"{CLIENT}\": 3, \"ok\": \"canary\"}}"
    );
    let wrapper = wrapper(&look(&json, None));
    assert_eq!(
        (wrapper.fields, wrapper.other_fields),
        (vec!["ok".to_owned()], 3)
    );
}

fn pieces() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(SECRET.to_owned()),
        "[-=;:{}\\[\\]\"'`%$<>@#. \n\r\\\\,]{1,3}",
        "(ClientSecret|clientId|secret|AuthType|a)",
        "\\PC{0,4}",
        Just("\u{feff}".to_owned()),
        Just("\0".to_owned()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    /// However it is wrapped, no part of a value comes out in what is kept.
    #[test]
    fn no_value_ends_the_audit_or_leaves_it(
        parts in proptest::collection::vec(pieces(), 0..14),
        field in prop::option::of("(secret|ClientSecret|a\\.b|a\\[0\\]|\\PC{0,6})"),
        certificate in any::<bool>(),
    ) {
        let value = parts.concat();
        let kind = if certificate { CredentialForm::Certificate } else { CredentialForm::Secret };
        let found = content(
            &SecretString::from(value.as_str()),
            &attributes(None, false),
            &reference(kind, field.as_deref()),
            None,
        );
        let kept = format!("{:?} {}", found.evidence(), found.why_unusable("crm/raia", false));
        prop_assert!(!kept.contains("example"), "{kept}");
        let unusable = found.problems.iter().any(|problem| problem.is_unusable());
        prop_assert!(!unusable || found.credential.is_none());
        let _ = client_id(&SecretString::from(value.as_str()), field.as_deref());
    }
}
