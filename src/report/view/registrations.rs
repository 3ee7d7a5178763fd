//! What stands beside each registration.

use crate::model::assessment::RegistrationView;

/// `prod (production)`.
pub(crate) fn environment(view: &RegistrationView) -> String {
    format!("{} ({})", view.environment, view.tier)
}
