//! A family of checks: its modules and its list, from one line per check.

/// `family! { Lifecycle: credential_expired => CredentialExpired, .. }` declares the modules, says which
/// family they are of, and lists them in the order of the catalogue.
macro_rules! family {
    ($family:ident: $($module:ident => $check:ident,)*) => {
        $(pub(crate) mod $module;)*

        const FAMILY: crate::model::Family = crate::model::Family::$family;

        /// The checks of this family, in the order of the catalogue.
        pub(super) const CHECKS: &[super::check::Registered] =
            &[$(super::check::register::<$module::$check>(),)*];
    };
}

pub(super) use family;
