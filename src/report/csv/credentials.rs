//! CSV of credentials: one row each, and one for a registration of which none could be read.

use crate::model::assessment::{
    Assessment, CredentialEnd, CredentialView, RegistrationView, StoredMatch,
};

use super::super::json::moment;
use super::{cell, number, truth, written};

const HEADING: [&str; 20] = [
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
    "safe_to_remove",
    "rotation",
    "rotation_note",
    "findings",
    "worst",
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

fn row(view: &RegistrationView, credential: Option<&CredentialView>) -> [String; 20] {
    let text = |get: fn(&CredentialView) -> Option<&str>| {
        credential.and_then(get).map(cell).unwrap_or_default()
    };
    let ends = credential.map_or(&view.ends, |credential| &credential.ends);
    let (end, days_left, note) = match ends {
        CredentialEnd::On { end, days_left } => (moment(*end), Some(*days_left), String::new()),
        CredentialEnd::Never => (String::new(), None, "no end is set".to_owned()),
        CredentialEnd::Unknown(why) => (String::new(), None, cell(&format!("not known: {why}"))),
    };
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
        text(|credential| Some(&credential.last_use)),
        credential
            .map_or("no", |credential| truth(credential.safe_to_remove))
            .to_owned(),
        view.rotation.state.as_str().to_owned(),
        cell(&view.rotation.why),
        view.findings.to_string(),
        view.worst
            .map(|worst| worst.as_str().to_owned())
            .unwrap_or_default(),
    ]
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
    use super::super::super::fixture;
    use super::*;

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
}
