//! Finding codes in what people type or paste: any case, decimal, with the message around it.

use super::{Class, Code, all, oauth};

/// Every code that `text` names, in the order of the tables; none where none is known.
///
/// `AADSTS7000222`, `7000222`, `0x80040220`, `80040220`, `-2147220960` and `PrivilegeDenied` are found,
/// and so is the code inside a pasted message. What says nothing by itself (`Forbidden`) is left out
/// where a better code stands beside it.
pub(crate) fn look_up(text: &str) -> Vec<&'static Code> {
    let whole = named(text.trim());
    if !whole.is_empty() {
        return whole;
    }
    let words: Vec<&str> = text
        .split(|letter: char| !(letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-')))
        .filter(|word| !word.is_empty())
        .collect();
    let mut found: Vec<&Code> = all()
        .filter(|code| {
            words.iter().any(|word| {
                is_code_like(word) && named(word).iter().any(|other| other.code == code.code)
            })
        })
        .collect();
    // The most telling stand alone: a number before OAuth's word, that before a word that says nothing.
    if let Some(most) = found.iter().map(|code| telling(code)).max() {
        found.retain(|code| telling(code) == most);
    }
    found
}

/// How much a code says by itself.
fn telling(code: &Code) -> u8 {
    match code.class {
        Class::Unclear => 0,
        _ if oauth(code.code).is_some() => 1,
        _ => 2,
    }
}

/// Whether a word of a message may be a code: plain words of a sentence (`throttled`) are not.
fn is_code_like(word: &str) -> bool {
    word.bytes().any(|byte| byte.is_ascii_digit())
        || word.bytes().skip(1).any(|byte| byte.is_ascii_uppercase())
        || word.contains('_')
        || all().any(|code| code.code == word)
}

/// The codes that one word names.
fn named(word: &str) -> Vec<&'static Code> {
    let hex = as_hex(word);
    let is = |other: &str| other.eq_ignore_ascii_case(word) || hex.as_deref() == Some(other);
    let found: Vec<&Code> = all()
        .filter(|code| {
            let alias = (code.alias).is_some_and(|alias| alias.eq_ignore_ascii_case(word));
            let family = code.family
                && word
                    .get(..code.code.len())
                    .is_some_and(|start| start.eq_ignore_ascii_case(code.code));
            let number = code.code.strip_prefix("AADSTS") == Some(word);
            let any_case = hex
                .as_deref()
                .is_some_and(|hex| code.code.eq_ignore_ascii_case(hex));
            is(code.code) || alias || family || number || any_case
        })
        .collect();
    // A bare number is an AADSTS number first; only then may it be a code of Dataverse.
    if word.bytes().all(|byte| byte.is_ascii_digit())
        && found.iter().any(|code| code.code.starts_with("AADSTS"))
    {
        return found
            .into_iter()
            .filter(|code| code.code.starts_with("AADSTS"))
            .collect();
    }
    found
}

/// A Dataverse code as its tables write it, from the decimal or bare hexadecimal form.
fn as_hex(word: &str) -> Option<String> {
    if let Ok(number) = word.parse::<i64>()
        && let Ok(code) =
            u32::try_from(number).or_else(|_| i32::try_from(number).map(i32::cast_unsigned))
        && code >= 0x8000_0000
    {
        return Some(format!("0x{code:08x}"));
    }
    let bare = word.len() == 8 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    bare.then(|| format!("0x{}", word.to_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::look_up;

    fn codes(text: &str) -> Vec<&'static str> {
        look_up(text).iter().map(|code| code.code).collect()
    }

    /// Every code that the protocol sheet names for sign-in, Key Vault, Dataverse and F&O.
    const NAMED: &str = "7000215 7000222 700016 7000229 7000112 70001 700011 700027 700024 50027 70002 50012 \
        7000216 7000218 700025 700030 70021 700211 700213 7002137 7002138 700229 90002 900023 90038 900432 \
        900382 50049 500011 50001 500014 501051 65001 650052 650056 650057 70011 700022 53003 53011 530032 \
        90033 90006 90012 90024 90090 50033 90013 90055 50196 900144 \
        1000502 7000214 70025 700212 9002313 7000113 530034 700082 70043 1002012 1002016 AKV10046 AKV10022 \
        invalid_client unauthorized_client invalid_grant temporarily_unavailable slow_down \
        SecretNotFound Forbidden SecretDisabled ForbiddenByRbac AccessDenied ForbiddenByFirewall \
        ForbiddenByConnection AKV10032 Throttled VaultRequestTypeLimitReached \
        0x80072560 0x80040225 0x80041d1f 0x80042f09 UserNotAssignedRoles 0x80040220 PrivilegeDenied \
        0x80048306 0x80040231 PrincipalPrivilegeDenied 0x80048405 0x80044507 0x8004A113 0x80040217 \
        AttributePermission CrmSecurityError BadAuthTicket ExpiredAuthTicket InvalidUserAuth \
        UnauthorizedAccess dataverse-401 0x80072322 -2147015902 0x80072321 -2147015903 0x80072326 \
        -2147015898 0x80095ffe finops-401 finops-403 finops-404 finops-429";

    #[test]
    fn every_code_of_the_protocol_is_known_in_any_case() {
        for code in NAMED.split_whitespace() {
            let number = code.bytes().all(|byte| byte.is_ascii_digit());
            let code = if number {
                format!("AADSTS{code}")
            } else {
                code.to_owned()
            };
            for form in [code.clone(), code.to_lowercase(), code.to_uppercase()] {
                assert!(!look_up(&form).is_empty(), "{form}");
            }
        }
    }

    #[test]
    fn decimal_and_bare_forms_are_the_same_code() {
        for form in ["0x80040220", "80040220", "-2147220960", "2147746336"] {
            assert_eq!(codes(form), ["0x80040220"], "{form}");
        }
        assert_eq!(codes("-2147015902"), ["0x80072322"]);
        assert_eq!(codes("8004a113"), ["0x8004A113"]);
    }

    #[test]
    fn a_code_is_found_inside_a_pasted_message() {
        let text = "AADSTS7000222: The provided client secret keys for app 'x' are expired.";
        assert_eq!(codes(text), ["AADSTS7000222"]);
        assert_eq!(
            codes("error_codes\":[70002,50012]"),
            ["AADSTS50012", "AADSTS70002"]
        );
        assert_eq!(
            codes("{\"code\":\"Forbidden\",\"innererror\":{\"code\":\"ForbiddenByRbac\"}}"),
            ["ForbiddenByRbac"]
        );
        let pasted =
            r#"{"error":"invalid_client","error_description":"AADSTS1000502: The provided"}"#;
        assert_eq!(codes(pasted), ["AADSTS1000502"]);
        assert_eq!(codes(r#"{"error":"invalid_grant"}"#), ["invalid_grant"]);
        assert_eq!(
            codes("AttributePermissionReadIsMissing"),
            ["AttributePermission"]
        );
        assert_eq!(codes("AccessDenied"), ["AccessDenied", "0x80048405"]);
        assert_eq!(codes("[AKV10032: Invalid issuer]"), ["AKV10032"]);
    }

    #[test]
    fn what_is_not_known_stays_unknown() {
        for text in [
            "AADSTS1",
            "0x80040221",
            "",
            "401",
            "the calls were throttled",
            "\u{1f600}",
        ] {
            assert_eq!(codes(text), [""; 0], "{text}");
        }
    }
}
