//! Does a registration have more valid credentials than a rotation needs?

use crate::checks::prelude::*;

pub(crate) struct TooManyLiveCredentials;

impl Check for TooManyLiveCredentials {
    const META: CheckMeta = CheckMeta {
        id: "too-many-live-credentials",
        title: "More credentials are valid than a rotation needs",
        severity: Severity::Low,
        family: super::FAMILY,
        rationale: "Each valid credential is another key to the same door. Two are enough to replace one with the other; who holds the third is rarely known.",
        remediation: "Find out who uses each of them (the last sign-in helps), and delete those that nobody needs by their key id.",
        controls: controls::CREDENTIAL_LIFETIME,
        evidence: &["Graph application", "Graph service principal"],
        explains: &["unused-credential"],
    };

    const PAGE: Option<Page> = Some(Page::Credentials);

    type Params = Params;

    fn judge(params: &Params, context: &Context<'_>) -> Vec<Verdict> {
        context
            .cases()
            .map(|case| {
                let (live, open) = live(&case);
                let surplus = surplus(&case, &live);
                case.whole(judged(params, &case, &live, open))
                    .of_credentials(surplus.iter().map(|held| held.resource(case.name())))
            })
            .collect()
    }
}

/// The credentials that are known to live, and why others may.
fn live<'a>(case: &Case<'a>) -> (Vec<Held<'a>>, Option<Stop>) {
    let (mut live, mut unread, mut unlisted) = (Vec::new(), None, None);
    for list in case.lists() {
        match list {
            Ok(held) => {
                for one in held.iter().filter(|one| one.lives_at(case.context.as_of)) {
                    match &one.credential.end {
                        Observed::Known(_) => live.push(*one),
                        Observed::Unknown(end) => unread = unread.or(Some(end.into())),
                    }
                }
            }
            Err((_, stop)) => unlisted = unlisted.or(Some(stop)),
        }
    }
    (live, unlisted.or(unread))
}

/// Those that may go, each as a verdict about it is filed: all but the stored one, where that is known.
fn surplus<'a>(case: &Case<'a>, live: &[Held<'a>]) -> Vec<Held<'a>> {
    let stored = case.in_use().ok();
    live.iter()
        .filter(|one| !matches!(&stored, Some(InUse::One(stored)) if one.same_as(stored)))
        .copied()
        .collect()
}

/// How to delete those that may go.
fn deletion(case: &Case<'_>, live: &[Held<'_>]) -> Vec<Fix> {
    let surplus = surplus(case, live);
    surplus.iter().map(fixes::delete_credential).collect()
}

fn judged(params: &Params, case: &Case<'_>, live: &[Held<'_>], open: Option<Stop>) -> Judged {
    let max = usize::try_from(params.max).unwrap_or(usize::MAX);
    let mut words: Vec<String> = live.iter().map(Held::words).collect();
    words.sort();
    if let (Err(_), false) = (case.stored(), live.is_empty()) {
        return Ok(advised(
            stored_nowhere(case, &words),
            "find out who uses it (the last sign-in helps). If nobody does, delete it by its key id; otherwise write in the estate where it is stored",
        )
        .fixes(deletion(case, live))
        .what(match live.len() {
            1 => "has a valid credential, though the estate stores none".to_owned(),
            several => format!("has {several} valid credentials, though the estate stores none"),
        }));
    }
    if live.len() > max {
        return Ok(advised(
            format!(
                "{} credentials are valid for it, and a rotation needs {max}: {}",
                live.len(),
                words.join(", ")
            ),
            "find out who uses each of them (the last sign-in helps), and delete those that nobody needs by their key id",
        )
        .fixes(deletion(case, live))
        .what(format!(
            "has {} valid credentials, {max} are enough",
            live.len()
        )));
    }
    // Too many are too many however much is unread; few enough may only be the half of it.
    open.map_or(Ok(Outcome::Pass), Err)
}

/// Beside `credential = "none"` or `"federated"` every live credential is one too many.
fn stored_nowhere(case: &Case<'_>, live: &[String]) -> String {
    format!(
        "The estate says that no credential of it is stored (credential = \"{}\"), and {}: {}",
        case.registration.unstored.as_str(),
        match live.len() {
            1 => "one is valid".to_owned(),
            several => format!("{several} are valid"),
        },
        live.join(", ")
    )
}

params! {
    /// How many are too many.
    pub(crate) struct Params {
        /// Valid credentials that a registration and its service principal may have together. Default: 2.
        max: u32 = 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::testing::*;

    fn add(snapshot: &mut crate::evidence::Snapshot, count: usize) {
        for index in 0..count {
            add_credential(snapshot, &format!("key-{}", index + 2), -1, 20);
        }
    }

    #[test]
    fn two_are_enough_and_three_too_many() {
        assert_pass::<TooManyLiveCredentials>(|snapshot| add(snapshot, 1));
        assert_fail::<TooManyLiveCredentials>(|snapshot| add(snapshot, 2));
        assert_pass::<TooManyLiveCredentials>(|snapshot| {
            add(snapshot, 2);
            credential(snapshot, 2).end = known(days_from_now(-1));
        });
    }

    #[test]
    fn where_none_is_stored_one_is_too_many() {
        fn nowhere(snapshot: &mut crate::evidence::Snapshot) {
            snapshot.estate.registrations[0].credential = None;
        }
        assert_fail::<TooManyLiveCredentials>(nowhere);
        assert_pass::<TooManyLiveCredentials>(|snapshot| {
            nowhere(snapshot);
            credentials(snapshot).clear();
        });
        assert_unknown::<TooManyLiveCredentials>(|snapshot| {
            nowhere(snapshot);
            credentials(snapshot).clear();
            principal(snapshot).credentials = gap();
        });
        assert_not_applicable::<TooManyLiveCredentials>(|snapshot| {
            nowhere(snapshot);
            principal(snapshot).kind = known(crate::evidence::PrincipalKind::ManagedIdentity);
        });
    }

    #[test]
    fn those_on_the_service_principal_count_and_saml_signing_does_not() {
        assert_fail::<TooManyLiveCredentials>(|snapshot| {
            add(snapshot, 1);
            let other = credential(snapshot, 1).clone();
            principal(snapshot).credentials = known(vec![other]);
        });
        assert_pass::<TooManyLiveCredentials>(|snapshot| {
            add(snapshot, 1);
            principal(snapshot).credentials = known(saml_signing(snapshot));
        });
    }

    #[test]
    fn what_was_not_read_may_be_more() {
        assert_unknown::<TooManyLiveCredentials>(|snapshot| {
            principal(snapshot).credentials = gap();
        });
        assert_unknown::<TooManyLiveCredentials>(|snapshot| credential(snapshot, 0).end = gap());
        assert_fail::<TooManyLiveCredentials>(|snapshot| {
            add(snapshot, 2);
            principal(snapshot).credentials = gap();
        });
        assert_not_applicable::<TooManyLiveCredentials>(|snapshot| {
            refuse_token(snapshot, "AADSTS700016");
            raia(snapshot).application = known(Presence::Absent);
            raia(snapshot).service_principal = known(Presence::Absent);
        });
    }
}
