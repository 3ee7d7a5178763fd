//! Who is told of a registration, and for which of them nobody is.

use crate::model::Assessment;
use crate::model::assessment::{RegistrationView, Route, RouteBy};

/// `ann@contoso.com (owner in Entra)`, or that unknown; and which nearer places were not read, for
/// somebody may stand there.
pub(crate) fn notified(route: &Route) -> String {
    let who = match (route.to.as_slice(), route.unread.as_slice()) {
        ([], []) => "nobody".to_owned(),
        ([], _) => "unknown".to_owned(),
        (to, _) => {
            let by = route.by.map_or("", RouteBy::as_str);
            format!("{} ({by})", to.join(", "))
        }
    };
    if route.unread.is_empty() {
        who
    } else {
        format!("{who}; {}", route.unread.join("; "))
    }
}

/// The registrations for which nobody answers, as far as could be read, by name.
pub(crate) fn orphans(assessment: &Assessment) -> Vec<&str> {
    let orphans = assessment
        .registrations
        .iter()
        .filter(|view| view.route.to.is_empty());
    orphans
        .map(|view: &RegistrationView| view.name.as_str())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_owner_who_could_not_be_read_is_no_missing_one() {
        let mut route = Route::default();
        assert_eq!(notified(&route), "nobody");
        route.unread = vec!["the owners in Entra could not be read: 403".into()];
        assert_eq!(
            notified(&route),
            "unknown; the owners in Entra could not be read: 403"
        );
        (route.to, route.by) = (vec!["ops@x".into()], Some(RouteBy::Contact));
        assert!(notified(&route).starts_with("ops@x (contact of the environment); the owners"));
    }
}
