//! What services say around a code: names and statuses that only a reader meets, never the collector.

use super::{Class, Code, Source};

pub(crate) const CODES: &[Code] = &[
    Code {
        code: "Forbidden",
        class: Class::Unclear,
        source: Source::Documented,
        cause: "the service refused, and this word alone does not say why: the inner code beside it does",
        step: "not to be told from this word; in Key Vault it stands around ForbiddenByRbac, AccessDenied, ForbiddenByFirewall, ForbiddenByConnection and SecretDisabled",
        fix: "look for `innererror` in the same answer, and explain the code that stands there",
        who: "depends on the inner code",
    },
    Code {
        code: "Unauthorized",
        class: Class::Unclear,
        source: Source::Documented,
        cause: "the service did not accept the token, and this word alone does not say why",
        step: "no token was sent, or it is expired, or meant for another resource or tenant; Key Vault's message names an AKV code",
        fix: "look for an AKV code in the same answer, and explain that one",
        who: "depends on the code in the message",
    },
    Code {
        code: "dataverse-401",
        class: Class::Unclear,
        source: Source::Recalled,
        cause: "Dataverse did not accept the token at all; it says so without a code",
        step: "the token is expired, or was made for another environment's url, or by another tenant",
        fix: "compare the environment's url and tenant in the estate with the Power Platform admin centre, and run again",
        who: "whoever maintains the estate file",
    },
    Code {
        code: "BadAuthTicket",
        class: Class::Unclear,
        source: Source::Documented,
        cause: "Dataverse could not read the token (status 401)",
        step: "the token was made for something else than this environment",
        fix: "ask for a token whose scope is the environment's own url followed by /.default",
        who: "the integration's developer",
    },
    Code {
        code: "ExpiredAuthTicket",
        class: Class::Unclear,
        source: Source::Documented,
        cause: "the token is past its end (status 401)",
        step: "the integration keeps a token longer than the hour or so that it lasts",
        fix: "ask for a new token before the old one ends",
        who: "the integration's developer",
    },
    Code {
        code: "InvalidUserAuth",
        class: Class::Unclear,
        source: Source::Documented,
        cause: "Dataverse could not authenticate the caller (status 401)",
        step: "the token names no user that Dataverse could look up",
        fix: "compare the token's tenant and client id with the environment's application users",
        who: "a System Administrator of the environment",
    },
    Code {
        code: "UnauthorizedAccess",
        class: Class::Unclear,
        source: Source::Documented,
        cause: "Dataverse did not let the caller in (status 401)",
        step: "the token was not accepted; no privilege was looked at",
        fix: "compare the token's audience and tenant with the environment's url and tenant",
        who: "a System Administrator of the environment",
    },
    Code {
        code: "CrmSecurityError",
        class: Class::Unclear,
        source: Source::Documented,
        cause: "Dataverse refused for a security reason that this name does not tell (status 403)",
        step: "not to be told from this name",
        fix: "look for the hexadecimal code in the same answer, and explain that one",
        who: "a System Administrator of the environment",
    },
    Code {
        code: "AttributePermission",
        class: Class::Unclear,
        source: Source::Documented,
        cause: "a column is protected by column-level security and the user's profile does not allow this (status 403; the family of names that begin so)",
        step: "the column security profile that covers the column does not name the application user",
        fix: "add the application user, or its team, to the column security profile, if it should see the column",
        who: "a System Administrator of the environment",
    },
];

/// Names that Microsoft's documentation gives to codes of the tables.
pub(crate) const ALIASES: &[(&str, &str)] = &[
    ("PrivilegeDenied", "0x80040220"),
    ("PrincipalPrivilegeDenied", "0x80040231"),
    ("UserNotAssignedRoles", "0x80042f09"),
    ("AccessDenied", "0x80048405"),
];

/// Names of which only the beginning is known to be fixed.
pub(crate) const FAMILIES: &[&str] = &["AttributePermission"];
