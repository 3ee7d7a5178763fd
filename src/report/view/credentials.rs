//! What each credential is, and when it was last used.

/// What a credential's last use says where the report of sign-ins has no line of it.
pub(crate) const NOT_REPORTED: &str = "not in the report";
