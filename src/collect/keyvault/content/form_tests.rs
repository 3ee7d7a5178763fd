//! Wrappers around a credential, and what stands in its place: each is recognised, opened only where the
//! estate names it, and never sent as it is. The files in `fixtures` are made up; they open nothing.

use proptest::prelude::*;
use secrecy::{ExposeSecret, SecretString};

use super::tests::{attributes, reference};
use super::{Content, Home, client_id, content};
use crate::collect::credential::StoredCredential;
use crate::estate::CredentialForm;
use crate::evidence::{EntryProblem as Problem, PathSegment, Wrapper, WrapperForm as Form};

macro_rules! fixture {
    ($name:literal) => {
        include_str!(concat!("fixtures/", $name))
    };
}

const SECRET: &str = "aB38Q~exampleexampleexampleexample0.xyz";
const CLIENT: &str = "5b7a2f0e-2d35-4a55-8a64-0d3a51c60001";

fn look(value: &str, field: Option<&str>) -> Content {
    content(
        &SecretString::from(value),
        &attributes(None, false),
        &reference(CredentialForm::Secret, field),
        None,
    )
}

fn sent(content: &Content) -> Option<&str> {
    plain(content.credential.as_ref())
}

fn plain(credential: Option<&StoredCredential>) -> Option<&str> {
    match credential? {
        StoredCredential::Secret(value) => Some(value.expose_secret()),
        StoredCredential::Certificate(_) => None,
    }
}

fn wrapper(content: &Content) -> Wrapper {
    content.evidence().wrapper.expect("a wrapper")
}

fn path(content: &Content) -> Vec<String> {
    let inside = wrapper(content).inside.expect("opened");
    let segments = inside.path.into_iter().map(|segment| match segment {
        PathSegment::Name(name) => name,
        PathSegment::Index(place) => format!("[{place}]"),
    });
    segments.collect()
}

#[test]
fn a_connection_string_gives_its_secret_with_or_without_a_field() {
    let text = fixture!("connection-string.txt");
    for field in [
        None,
        Some("ClientSecret"),
        Some("clientsecret"),
        Some("Client Secret"),
    ] {
        let found = look(text, field);
        assert_eq!(
            (sent(&found), &*found.problems),
            (Some(SECRET), &[][..]),
            "{field:?}"
        );
        assert_eq!(path(&found), ["ClientSecret"]);
        assert!(
            wrapper(&found)
                .inside
                .is_some_and(|inside| inside.replaceable)
        );
    }
    assert_eq!(
        client_id(&SecretString::from(text), None).as_deref(),
        Some(CLIENT)
    );
    assert_eq!(
        client_id(&SecretString::from(text), Some("ClientId")).as_deref(),
        Some(CLIENT)
    );
}

#[test]
fn every_spelling_of_a_connection_string_is_read_as_dot_net_does() {
    for (text, expected) in [
        (
            format!(
                "authtype = ClientSecret; Url=https://x.crm.dynamics.com; AppId={CLIENT}; secret={SECRET}"
            ),
            SECRET,
        ),
        (
            format!("ApplicationId={CLIENT};ClientSecret=\"{SECRET}\";"),
            SECRET,
        ),
        (format!("ClientId={CLIENT};ClientSecret='a;b'"), "a;b"),
        (format!("ClientId={CLIENT};ClientSecret=\"a\"\"b\""), "a\"b"),
        (
            format!("ClientId={CLIENT};ClientSecret=first;ClientSecret={SECRET}"),
            SECRET,
        ),
        (
            format!(
                "\r\nAuthType=ClientSecret;\r\nClientId={CLIENT};\r\nClientSecret={SECRET};\r\n"
            ),
            SECRET,
        ),
        (
            format!("Service Uri=https://x.crm.dynamics.com;Client Id={CLIENT};Client Secret=ab=="),
            "ab==",
        ),
    ] {
        let found = look(&text, None);
        assert_eq!(sent(&found), Some(expected), "{text}");
        assert_eq!(found.problems, []);
        let replaceable = wrapper(&found)
            .inside
            .is_some_and(|inside| inside.replaceable);
        let plain = !text.contains(['"', '\'', '\n']) && text.matches("ClientSecret=").count() < 2;
        assert_eq!(replaceable, plain, "{text}");
    }
}

#[test]
fn other_connection_strings_stay_closed_and_name_their_fields() {
    for text in [
        "AuthType=OAuth;Username=a@b.c;Password=canary;AppId=5b7a2f0e-2d35-4a55-8a64-0d3a51c60001;ClientSecret=canary",
        "Server=tcp:x.database.windows.net;User ID=u;Password=canary;",
        "DefaultEndpointsProtocol=https;AccountName=x;AccountKey=canary==;EndpointSuffix=core.windows.net",
        "AuthType=Certificate;ClientId=5b7a2f0e-2d35-4a55-8a64-0d3a51c60001;Thumbprint=canary",
    ] {
        let found = look(text, None);
        assert_eq!(
            (sent(&found), &*found.problems),
            (None, &[Problem::Wrapped][..]),
            "{text}"
        );
        assert_eq!(wrapper(&found).forms, [Form::ConnectionString]);
        assert!(!format!("{:?}", found.evidence()).contains("canary"));
    }
    let sql = look("Server=x;User ID=u;Password=canary", Some("password"));
    assert_eq!(sent(&sql), Some("canary"));
}

#[test]
fn json_names_its_fields_and_opens_by_a_path() {
    let one = look(fixture!("json-one-level.json"), None);
    assert_eq!(
        (sent(&one), &*one.problems),
        (None, &[Problem::Wrapped][..])
    );
    assert_eq!(wrapper(&one).forms, [Form::Json]);
    assert_eq!(
        wrapper(&one).fields,
        ["clientId", "clientSecret", "tenantId"]
    );
    let nested = fixture!("json-nested.json");
    let found = look(nested, Some("dataverse.clientSecret"));
    assert_eq!((sent(&found), &*found.problems), (Some(SECRET), &[][..]));
    assert_eq!(path(&found), ["dataverse", "clientSecret"]);
    assert_eq!(
        client_id(&SecretString::from(nested), Some("dataverse.clientId")).as_deref(),
        Some(CLIENT)
    );
    let missing = look(nested, Some("clientSecret"));
    assert_eq!(missing.problems, [Problem::FieldMissing]);
    assert_eq!(
        wrapper(&missing).fields,
        ["dataverse.clientId", "dataverse.clientSecret"]
    );
    let odd =
        r#"{"a.b": {"c": "dots"}, "a": {"b.c": "deeper", "d": [{"e": "list"}]}, "n": 1, "o": {}}"#;
    for (field, expected) in [
        ("a.b.c", Some("dots")),
        ("a.d.0.e", Some("list")),
        ("a.d[0].e", Some("list")),
        ("a.d", None),
        ("n", None),
        ("a.d.1.e", None),
        ("..", None),
        ("", None),
    ] {
        assert_eq!(sent(&look(odd, Some(field))), expected, "{field}");
    }
    let marked = look(&format!("\u{feff}{nested}"), Some("dataverse.clientSecret"));
    assert_eq!(sent(&marked), Some(SECRET));
    assert!(
        wrapper(&marked)
            .inside
            .is_some_and(|inside| !inside.replaceable)
    );
}

#[test]
fn variables_open_by_their_name() {
    let text = format!("# app\nexport TENANT_ID=x\nCLIENT_SECRET=\"{SECRET}\"\nURL='https://x'\n");
    assert_eq!(sent(&look(&text, Some("CLIENT_SECRET"))), Some(SECRET));
    let closed = look(&text, None);
    assert_eq!(wrapper(&closed).forms, [Form::Variables]);
    assert_eq!(
        wrapper(&closed).fields,
        ["TENANT_ID", "CLIENT_SECRET", "URL"]
    );
    let one = look(&format!("CLIENT_SECRET={SECRET}"), None);
    assert_eq!(
        (sent(&one), &*one.problems),
        (None, &[Problem::Wrapped][..])
    );
    assert_eq!(
        sent(&look(
            &format!("CLIENT_SECRET={SECRET}"),
            Some("client_secret")
        )),
        Some(SECRET)
    );
}

#[test]
fn what_stands_around_a_secret_comes_off_and_is_not_sent() {
    use base64::Engine;
    use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
    let utf16: Vec<u8> = SECRET.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (value, forms) in [
        (
            fixture!("secret-quoted.txt").to_owned(),
            &[Form::Quotes][..],
        ),
        (
            fixture!("secret-bom.txt").to_owned(),
            &[Form::ByteOrderMark],
        ),
        (format!("'{SECRET}'\n"), &[Form::Quotes]),
        (format!("\u{201c}{SECRET}\u{201d}"), &[Form::Quotes]),
        (format!("\u{2018}{SECRET}\u{2019}"), &[Form::Quotes]),
        (format!("\\\"{SECRET}\\\""), &[Form::Quotes]),
        (format!("`{SECRET}`"), &[Form::Quotes]),
        (format!("\"{SECRET}"), &[Form::Quotes]),
        (format!("{SECRET}'"), &[Form::Quotes]),
        (
            format!("\u{ef}\u{bb}\u{bf}{SECRET}"),
            &[Form::ByteOrderMark],
        ),
        (
            format!("\u{feff}\"{SECRET}\"\r\n"),
            &[Form::ByteOrderMark, Form::Quotes],
        ),
        (format!("{SECRET}\u{200b}"), &[Form::StrayCharacters]),
        (format!("\u{a0}{SECRET}"), &[Form::StrayCharacters]),
        (SECRET.replace("Q~", "Q~\n"), &[Form::StrayCharacters]),
        (format!("{SECRET}\\n"), &[Form::EscapedLineBreak]),
        (format!("{SECRET}\\r\\n"), &[Form::EscapedLineBreak]),
        (
            SECRET.chars().flat_map(|one| [one, '\0']).collect(),
            &[Form::Utf16],
        ),
        (STANDARD.encode(SECRET), &[Form::Base64]),
        (
            URL_SAFE_NO_PAD.encode(format!("{SECRET}\n")),
            &[Form::Base64],
        ),
        (STANDARD.encode(&utf16), &[Form::Base64]),
        (SECRET.replace('~', "%7E"), &[Form::PercentEncoding]),
        (
            STANDARD.encode(format!("\"{SECRET}\"")),
            &[Form::Base64, Form::Quotes],
        ),
    ] {
        let found = look(&value, None);
        assert_eq!(
            (sent(&found), &*found.problems),
            (None, &[Problem::Wrapped][..]),
            "{value:?}"
        );
        assert_eq!(wrapper(&found).forms, forms, "{value:?}");
        assert!(wrapper(&found).comes_off());
        assert_eq!(plain(found.bare.as_ref()), Some(SECRET), "{value:?}");
        assert!(!format!("{:?}", found.evidence()).contains("example"));
    }
    let json = serde_json::json!({ "secret": format!("\"{SECRET}\"") }).to_string();
    let found = look(&json, Some("secret"));
    assert_eq!(plain(found.bare.as_ref()), Some(SECRET));
    assert!(sent(&found).is_none() && wrapper(&found).comes_off());
}

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
        (json.clone(), vec![Form::Json]),
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
