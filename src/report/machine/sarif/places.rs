//! Where SARIF's results stand: lines of the estate file, its name as a URI, and texts that hold no markup.

use crate::model::Resource;
use serde_json::{Value, json};

use crate::model::assessment::EstateFile;
use crate::report::printable::clean;

/// Where an estate stands whose file nobody remembers (a snapshot of an older credaudit): code scanning
/// takes no result without a place.
const SOME_ESTATE: &str = "estate.toml";

/// The registration's entry in the estate file; the file's first line where it is about none.
pub(crate) fn location(
    resource: &Resource,
    registration: Option<&str>,
    estate: Option<&EstateFile>,
) -> Value {
    let mut location = physical(registration, estate);
    location["logicalLocations"] =
        json!([{ "fullyQualifiedName": clean(resource.path()), "kind": "resource" }]);
    location
}

fn physical(registration: Option<&str>, estate: Option<&EstateFile>) -> Value {
    let line = registration
        .and_then(|name| estate?.lines.get(name))
        .copied()
        .unwrap_or(1);
    let uri = uri(estate.map_or(SOME_ESTATE, |estate| &estate.name));
    json!({
        "physicalLocation": {
            "artifactLocation": { "uri": uri },
            "region": { "startLine": line.max(1) },
        },
    })
}

/// The other registrations that a finding is about.
pub(crate) fn related(registrations: &[String], estate: Option<&EstateFile>) -> Vec<Value> {
    registrations
        .iter()
        .enumerate()
        .skip(1)
        .map(|(index, name)| {
            let mut place = physical(Some(name.as_str()), estate);
            place["id"] = json!(index);
            place["message"] =
                json!({ "text": plain(&format!("and registration {}", clean(name))) });
            place
        })
        .collect()
}

/// A path as a URI: relative where it is, `file:` where it is not.
fn uri(path: &str) -> String {
    let windows = path.as_bytes().get(1) == Some(&b':') || path.contains('\\');
    let path = if windows {
        path.replace('\\', "/")
    } else {
        path.to_owned()
    };
    let bare = path.trim_start_matches("./");
    let mut uri = String::new();
    if bare.starts_with('/') {
        uri.push_str("file://");
    } else if windows && bare.as_bytes().get(1) == Some(&b':') {
        uri.push_str("file:///");
    }
    let drive = uri == "file:///";
    for (at, byte) in bare.bytes().enumerate() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(byte));
            }
            b':' if drive && at == 1 => uri.push(':'),
            byte => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

/// A plain text message: in SARIF `[a](b)` would be a link and `{0}` a place to fill.
pub(crate) fn plain(text: &str) -> String {
    text.replace("](", "] (")
        .replace('{', "(")
        .replace('}', ")")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_uris() {
        for (path, wanted) in [
            ("estate.toml", "estate.toml"),
            ("./a b/estate.toml", "a%20b/estate.toml"),
            ("../x.toml", "../x.toml"),
            (
                "/etc/credaudit/estate.toml",
                "file:///etc/credaudit/estate.toml",
            ),
            ("C:\\audit\\estate.toml", "file:///C:/audit/estate.toml"),
            ("audit\\estate.toml", "audit/estate.toml"),
            ("größe:1.toml", "gr%C3%B6%C3%9Fe%3A1.toml"),
        ] {
            assert_eq!(uri(path), wanted, "{path}");
        }
    }

    #[test]
    fn a_message_holds_no_link_and_no_place_to_fill() {
        assert_eq!(
            plain("[x](https://evil.example) {0}"),
            "[x] (https://evil.example) (0)"
        );
    }
}
