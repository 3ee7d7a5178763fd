//! What makes trouble later: owners, redirects, registrations nobody lists.

super::family::family! { Hygiene:
    ownerless_registration => OwnerlessRegistration,
    insecure_redirect_uri => InsecureRedirectUri,
    implicit_grant_enabled => ImplicitGrantEnabled,
    public_client_enabled => PublicClientEnabled,
    unlisted_registration => UnlistedRegistration,
    auditor_credential_expiring => AuditorCredentialExpiring,
    auditor_overprivileged => AuditorOverprivileged,
    unused_waiver => UnusedWaiver,
    expired_waiver => ExpiredWaiver,
}
