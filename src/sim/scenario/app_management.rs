//! What a scenario says about a tenant's app management policies.

use serde::Deserialize;

use super::yes;

/// The policies of one tenant.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub(in crate::sim) struct AppManagement {
    /// Absent: as Entra makes it, not enabled and without restrictions.
    pub default: DefaultPolicy,
    pub custom: Vec<CustomPolicy>,
}

/// The policy for every application that has none of its own.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub(in crate::sim) struct DefaultPolicy {
    pub enabled: bool,
    pub password_max_days: Option<u32>,
    pub key_max_days: Option<u32>,
    pub password_addition_blocked: bool,
    /// Only for applications made since so many days ago; absent: for all.
    pub for_apps_created_since_days_ago: Option<i64>,
}

tables! {
    /// A policy for the applications it names.
    pub(in crate::sim) struct CustomPolicy {
        pub name: String,
        #[serde(default = "yes")]
        pub enabled: bool,
        pub password_max_days: Option<u32>,
        pub key_max_days: Option<u32>,
        pub password_addition_blocked: bool = default,
        pub for_apps_created_since_days_ago: Option<i64>,
        /// Names of applications.
        pub applies_to: Vec<String> = default,
    }
}

/// What either kind restricts.
#[derive(Clone, Copy, Debug)]
pub(in crate::sim) struct Restrictions {
    pub password_max_days: Option<u32>,
    pub key_max_days: Option<u32>,
    pub password_addition_blocked: bool,
    pub since_days_ago: Option<i64>,
}

impl DefaultPolicy {
    pub(crate) const fn restrictions(&self) -> Restrictions {
        Restrictions {
            password_max_days: self.password_max_days,
            key_max_days: self.key_max_days,
            password_addition_blocked: self.password_addition_blocked,
            since_days_ago: self.for_apps_created_since_days_ago,
        }
    }
}

impl CustomPolicy {
    pub(crate) const fn restrictions(&self) -> Restrictions {
        Restrictions {
            password_max_days: self.password_max_days,
            key_max_days: self.key_max_days,
            password_addition_blocked: self.password_addition_blocked,
            since_days_ago: self.for_apps_created_since_days_ago,
        }
    }
}
