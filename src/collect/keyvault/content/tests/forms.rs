//! Wrappers around a credential, and what stands in its place: each is recognised, opened only where the
//! estate names it, and never sent as it is. The files in `fixtures` are made up; they open nothing.

use proptest::prelude::*;
use secrecy::{ExposeSecret, SecretString};

use super::super::{Content, Home, client_id, content};
use super::{attributes, reference};
use crate::collect::credential::StoredCredential;
use crate::estate::CredentialForm;
use crate::evidence::{EntryProblem as Problem, PathSegment, Wrapper, WrapperForm as Form};

macro_rules! fixture {
    ($name:literal) => {
        include_str!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/src/collect/keyvault/content/fixtures/",
            $name
        ))
    };
}

mod instead;

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
