//! What stands beside each registration.

use crate::model::assessment::RegistrationView;
use crate::model::time::day;

/// `prod (production)`.
pub(crate) fn environment(view: &RegistrationView) -> String {
    format!("{} ({})", view.environment, view.tier)
}

/// `raia in prod`.
pub(crate) fn whose(view: &RegistrationView) -> String {
    format!("{} in {}", view.name, view.environment)
}

/// What else it is called, each once: without the `#` that Dataverse puts before an application's name.
pub(crate) fn known_as<'a>(names: &'a [String], name: &str) -> Vec<&'a str> {
    let mut others: Vec<&str> = Vec::new();
    for other in names {
        let other = other.trim_start_matches('#').trim();
        let said = other.eq_ignore_ascii_case(name) || others.contains(&other);
        if !said && !other.is_empty() {
            others.push(other);
        }
    }
    others
}

/// The day of a proof that this run repeats.
pub(crate) fn repeated(view: &RegistrationView) -> Option<String> {
    let day = day(view.proven_on?);
    Some(format!(
        "{day}, and nothing has changed since (prove = \"on-change\")"
    ))
}
