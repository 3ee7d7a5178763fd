//! The application permissions that the auditor's own Graph token shows.

use azure_core::credentials::AccessToken;
use serde_json::Value;

use crate::collect::entra::claims;
use crate::evidence::AuditorIdentity;
use crate::model::{Gap, GapKind, Observed};

/// The `roles` claim, sorted (Entra "access token claims reference"). An application's own token without it
/// holds none; a person's has scopes in its place, which say nothing of what the person may do.
pub(super) fn held(
    token: Option<Result<AccessToken, Gap>>,
    identity: Option<&AuditorIdentity>,
) -> Observed<Vec<String>> {
    match token {
        None => Observed::not_reached("Graph was not asked as this identity"),
        Some(Err(gap)) => Observed::Unknown(gap),
        Some(Ok(token)) => read(
            claims::payload(token.token.secret()).as_ref(),
            identity.and_then(|identity| identity.user.known().copied()),
        ),
    }
}

/// `user` is whether the identity is a person, where that is known.
fn read(claims: Option<&Value>, user: Option<bool>) -> Observed<Vec<String>> {
    let unrecognised = |why: &str| Observed::Unknown(Gap::new(GapKind::Unrecognised, why));
    let Some(claims) = claims else {
        return unrecognised("its Graph token is opaque: its claims cannot be read");
    };
    // The token's own word first: it is the one that is read here.
    let user = claims::is_user(claims).or(user);
    if user == Some(true) {
        return Observed::not_reached(
            "signed in as a person: the token shows no application permissions",
        );
    }
    let roles = match claims.get("roles") {
        Some(Value::Array(roles)) => roles.iter().map(|role| role.as_str().map(str::to_owned)),
        None if user == Some(false) => return Observed::Known(Vec::new()),
        None => {
            return unrecognised(
                "its Graph token has no roles, and does not say whether it is a person's",
            );
        }
        Some(_) => {
            return Observed::Unknown(Gap::new(
                GapKind::Malformed,
                "the roles of its Graph token are not a list",
            ));
        }
    };
    let Some(mut roles) = roles.collect::<Option<Vec<String>>>() else {
        return Observed::Unknown(Gap::new(
            GapKind::Malformed,
            "the roles of its Graph token are not a list of names",
        ));
    };
    roles.sort();
    roles.dedup();
    Observed::Known(roles)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const ID: &str = "5b7a2f0e-2d35-4a55-8a64-0d3a51c60001";

    fn kind(read: &Observed<Vec<String>>) -> Option<GapKind> {
        read.gap().map(|gap| gap.kind)
    }

    #[test]
    fn an_application_s_roles_are_what_its_token_says() {
        let roles = json!({"idtyp": "app", "roles": ["Application.Read.All", "AuditLog.Read.All",
            "Application.Read.All"]});
        let names = ["Application.Read.All", "AuditLog.Read.All"].map(String::from);
        assert_eq!(read(Some(&roles), None), Observed::Known(names.into()));
        let none = json!({"idtyp": "app"});
        assert_eq!(read(Some(&none), None), Observed::Known(Vec::new()));
        let untold = json!({"oid": ID, "sub": "else"});
        assert_eq!(
            read(Some(&untold), Some(false)),
            Observed::Known(Vec::new())
        );
    }

    #[test]
    fn what_a_token_does_not_say_is_not_taken_for_none() {
        assert_eq!(kind(&read(None, Some(false))), Some(GapKind::Unrecognised));
        let untold = json!({"oid": ID, "sub": "else"});
        assert_eq!(
            kind(&read(Some(&untold), None)),
            Some(GapKind::Unrecognised)
        );
        for odd in [json!("Application.Read.All"), json!([1]), json!(null)] {
            let claims = json!({"idtyp": "app", "roles": odd});
            assert_eq!(
                kind(&read(Some(&claims), None)),
                Some(GapKind::Malformed),
                "{claims}"
            );
        }
        let person = json!({"scp": "Directory.Read.All", "upn": "a@contoso.example"});
        let read = read(Some(&person), None);
        let gap = read.gap().expect("a person");
        assert!(gap.seen.contains("signed in as a person"), "{gap}");
        assert_eq!(kind(&held(None, None)), Some(GapKind::NotReached));
    }
}
