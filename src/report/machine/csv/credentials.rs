//! CSV of credentials: one row each, and one for a registration of which none could be read.

use crate::model::assessment::{
    Assessment, CredentialEnd, CredentialView, RegistrationView, StoredMatch,
};

use super::{cell, number, truth, written};
use crate::model::time::moment;
use crate::report::view::route::told;

const HEADING: [&str; 22] = [
    "environment",
    "tier",
    "registration",
    "client_id",
    "place",
    "kind",
    "name",
    "key_id",
    "thumbprint",
    "start",
    "end",
    "days_left",
    "end_note",
    "stored",
    "last_use",
    "last_use_note",
    "safe_to_remove",
    "rotation",
    "rotation_note",
    "findings",
    "worst",
    "told",
];

/// CSV, a row a credential. A registration without any that was read has a row that tells the end of the
/// credential in use, as far as that is known: nobody drops out of the list for being unread.
#[must_use]
pub fn credentials(assessment: &Assessment) -> String {
    let rows = assessment.registrations.iter().flat_map(|view| {
        let unread = view.credentials.is_empty().then(|| row(view, None));
        let each = view
            .credentials
            .iter()
            .map(move |credential| row(view, Some(credential)));
        unread.into_iter().chain(each)
    });
    written(HEADING, rows)
}

fn row(view: &RegistrationView, credential: Option<&CredentialView>) -> [String; 22] {
    let text = |get: fn(&CredentialView) -> Option<&str>| {
        credential.and_then(get).map(cell).unwrap_or_default()
    };
    let ends = credential.map_or(&view.ends, |credential| &credential.ends);
    let (end, days_left, note) = match ends {
        CredentialEnd::On { end, days_left } => (moment(*end), Some(*days_left), String::new()),
        CredentialEnd::Never => (String::new(), None, "no end is set".to_owned()),
        CredentialEnd::Unknown(why) => (String::new(), None, cell(&format!("not known: {why}"))),
    };
    let (used, doubt) = credential.map_or_else(Default::default, |one| last_use(&one.last_use));
    [
        cell(&view.environment),
        cell(&view.tier),
        cell(&view.name),
        view.client_id.as_deref().map(cell).unwrap_or_default(),
        text(|credential| Some(&credential.place)),
        text(|credential| Some(&credential.kind)),
        text(|credential| credential.name.as_deref()),
        text(|credential| Some(&credential.key_id)),
        text(|credential| credential.thumbprint.as_deref()),
        credential
            .and_then(|credential| credential.start)
            .map(moment)
            .unwrap_or_default(),
        end,
        number(days_left),
        note,
        credential
            .map_or("cannot-tell", |credential| stored(credential.stored))
            .to_owned(),
        used,
        cell(&doubt),
        credential
            .map_or("no", |credential| truth(credential.safe_to_remove))
            .to_owned(),
        view.rotation.state.as_str().to_owned(),
        cell(&view.rotation.why),
        view.findings.to_string(),
        view.worst
            .map(|worst| worst.as_str().to_owned())
            .unwrap_or_default(),
        cell(&told(&view.route)),
    ]
}

/// The day, empty where none is known; and what is to be said of it.
fn last_use(text: &str) -> (String, String) {
    let (first, rest) = text.split_once(": ").unwrap_or((text, ""));
    if first.parse::<chrono::NaiveDate>().is_ok() {
        (first.to_owned(), rest.to_owned())
    } else {
        (String::new(), text.to_owned())
    }
}

const fn stored(stored: StoredMatch) -> &'static str {
    match stored {
        StoredMatch::Proven => "proven",
        StoredMatch::Matched => "matched",
        StoredMatch::Other => "other",
        StoredMatch::CannotTell => "cannot-tell",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    #[test]
    fn nobody_drops_out_for_being_unread() {
        let assessment = fixture::rich();
        let text = credentials(&assessment);
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        // One each, one more of the hostile registration, and one of that without any.
        assert_eq!(rows.len(), 5);
        for view in &assessment.registrations {
            assert!(
                rows.iter().any(|row| row[2] == cell(&view.name)),
                "{view:?}"
            );
        }
        let unread = rows.iter().find(|row| row[7].is_empty()).unwrap();
        assert!(unread[12].starts_with("not known: "), "{unread:?}");
    }

    #[test]
    fn an_end_is_a_moment_and_a_number() {
        let text = credentials(&fixture::rich());
        assert!(text.contains(",2027-02-27T00:00:00Z,97,,"), "{text}");
    }

    #[test]
    fn a_last_use_is_a_day_and_its_doubt_stands_beside() {
        let mut assessment = fixture::rich();
        let last = assessment.registrations.len() - 1;
        let of = |assessment: &Assessment| -> (String, String) {
            let text = credentials(assessment);
            let mut reader = csv::Reader::from_reader(text.as_bytes());
            let at = |name: &str| HEADING.iter().position(|one| *one == name).unwrap();
            let row = reader.records().last().unwrap().unwrap();
            (
                row[at("last_use")].to_owned(),
                row[at("last_use_note")].to_owned(),
            )
        };
        assert_eq!(of(&assessment), ("2026-11-19".to_owned(), String::new()));
        let doubt = "2026-11-20: it may be the audit's own";
        assessment.registrations[last].credentials[0].last_use = doubt.into();
        let (day, note) = of(&assessment);
        assert_eq!(day, "2026-11-20");
        assert_eq!(note, "it may be the audit's own");
        assessment.registrations[last].credentials[0].last_use = "not in the report".into();
        assert_eq!(
            of(&assessment),
            (String::new(), "not in the report".to_owned())
        );
    }
}
