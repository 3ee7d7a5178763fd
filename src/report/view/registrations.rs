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

/// The day of a proof that this run repeats.
pub(crate) fn repeated(view: &RegistrationView) -> Option<String> {
    let day = day(view.proven_on?);
    Some(format!(
        "{day}, and nothing has changed since (prove = \"on-change\")"
    ))
}
