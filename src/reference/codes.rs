//! The codes services answer with: what each means, the setup step it maps to, the fix, who can do it.
//! One table (`codes.toml`, with its sources) serves the collector (what is a refusal, what proves nothing),
//! findings and `explain`.

#[cfg(test)]
mod advice_tests;
mod lookup;
mod table;

use serde::Deserialize;

pub(crate) use lookup::look_up;

use table::TABLE;

/// What a code says about the thing that was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Class {
    /// The credential itself is wrong or unknown.
    CredentialWrong,
    /// The credential is past its end.
    CredentialExpired,
    /// No such application in the tenant.
    RegistrationMissing,
    /// The application or its service principal is disabled.
    RegistrationDisabled,
    /// The application has no service principal in the tenant.
    ServicePrincipalMissing,
    /// Tenant not found, or the wrong cloud.
    WrongTenant,
    /// The resource asked for is missing, disabled or needs an assignment or consent.
    Resource,
    /// The request was not formed as the service wants it: a mistake in the estate or in credaudit.
    Request,
    /// The caller is not a user of the environment.
    NotAMember,
    /// The caller's user is disabled.
    UserDisabled,
    /// The caller's user has no security role.
    NoRoles,
    /// The caller lacks a privilege: the one 403 that counts as a refusal.
    PrivilegeDenied,
    /// The auditor's own access is refused by a role or policy.
    AccessDenied,
    /// The tenant lacks the licence that this needs: no right of the caller's would help.
    NotLicensed,
    /// A network rule refused the caller's address: proves nothing about the credential.
    Network,
    /// Conditional Access or risk: "not from here"; proves nothing about the credential.
    ConditionalAccess,
    /// Throttled.
    Throttled,
    /// A passing fault of the service.
    Transient,
    /// The thing asked for does not exist.
    NotFound,
    /// The thing exists and is switched off.
    Disabled,
    /// Neither secret nor assertion was sent.
    CredentialMissing,
    /// The assertion itself is not formed as Entra wants it: whoever made it is asked.
    Assertion,
    /// The client was refused by OAuth's own word, and no code says why.
    Refused,
    /// A person's or a pipeline's login is over: whoever signed in has to do so again.
    SessionEnded,
    /// The sign-in is a person's, and asks for what a program cannot give.
    PersonNeeded,
    /// The clock of whoever signed the assertion is wrong: proves nothing about the credential.
    Clock,
    /// Says nothing by itself. The collector never sees these: [`find`] passes over them.
    Unclear,
}

/// How well a code's meaning is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Source {
    /// Read in Microsoft's documentation.
    Documented,
    /// Seen in public captures of real answers.
    Captured,
    /// No published source was found.
    Recalled,
}

impl Source {
    /// What `explain` says of it.
    pub(crate) const fn words(self) -> &'static str {
        match self {
            Self::Documented => "read in Microsoft's documentation",
            Self::Captured => {
                "seen in public captures of real answers, not in the documentation read"
            }
            Self::Recalled => "no published source was found: take it as a hint",
        }
    }
}

/// What a client proves itself with at the token endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Sent {
    Secret,
    /// Signed with a certificate, or made by another issuer.
    Assertion,
}

/// One code: cause, missed setup step, fix and who can do it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Code {
    /// As people type it: `AADSTS7000222`, `0x80040220`, `ForbiddenByRbac`.
    pub code: &'static str,
    /// The name that Microsoft's documentation gives it.
    alias: Option<&'static str>,
    /// Whether only the beginning of the name is known to be fixed.
    #[serde(default)]
    family: bool,
    pub class: Class,
    pub source: Source,
    /// The sort of proof that only this code's refusals are about, where another that was sent disagrees;
    /// `None` where they may be about any.
    pub about: Option<Sent>,
    /// What it means, one sentence without a full stop.
    pub cause: &'static str,
    /// The setup step that was missed or undone.
    pub step: &'static str,
    /// What to do, an imperative sentence without a full stop.
    pub fix: &'static str,
    /// Who can do it.
    pub who: &'static str,
}

/// Every code known, in the order of their tables.
pub(crate) fn all() -> impl Iterator<Item = &'static Code> {
    TABLE.all()
}

/// The entry of one code as a service answers it, in any case; `7000222` alone is read as
/// `AADSTS7000222`. Names that say nothing by themselves are none.
pub(crate) fn find(code: &str) -> Option<&'static Code> {
    let code = code.trim();
    let mut telling = all().filter(|entry| entry.class != Class::Unclear);
    telling.find(|entry| {
        entry.code.eq_ignore_ascii_case(code)
            || entry
                .code
                .strip_prefix("AADSTS")
                .is_some_and(|number| number == code)
    })
}

/// The entry of a word of OAuth, letter by letter.
pub(crate) fn oauth(word: &str) -> Option<&'static Code> {
    TABLE.oauth.iter().find(|entry| entry.code == word)
}

/// The entry of an AADSTS number.
pub(crate) fn aadsts(number: u64) -> Option<&'static Code> {
    find(&format!("AADSTS{number}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_said_in_words() {
        let mut seen = std::collections::BTreeSet::new();
        for code in all() {
            assert!(
                seen.insert(code.code.to_ascii_lowercase()),
                "{} is defined twice",
                code.code
            );
            for text in [code.cause, code.step, code.fix, code.who] {
                assert!(!text.is_empty(), "{} leaves something out", code.code);
                assert!(!text.ends_with('.'), "{}: {text}", code.code);
            }
        }
    }

    #[test]
    fn a_code_is_found_as_people_type_it() {
        for text in ["AADSTS7000222", "aadsts7000222", "7000222", " 7000222 "] {
            assert_eq!(
                find(text).map(|code| code.class),
                Some(Class::CredentialExpired),
                "{text}"
            );
        }
        assert!(find("AADSTS1").is_none());
        assert!(find("Forbidden").is_none());
        assert_eq!(
            find("0X80040220").map(|code| code.class),
            Some(Class::PrivilegeDenied)
        );
    }

    /// Only these two are the refusal that counts against a privilege.
    #[test]
    fn the_codes_that_deny_a_privilege_are_two() {
        let of = |class: Class| -> Vec<&str> {
            let those = all().filter(|code| code.class == class);
            those.map(|code| code.code).collect()
        };
        assert_eq!(of(Class::PrivilegeDenied), ["0x80040220", "0x80040231"]);
        assert_eq!(of(Class::NoRoles), ["0x80042f09"]);
        assert_eq!(of(Class::CredentialExpired), ["AADSTS7000222"]);
    }
}
