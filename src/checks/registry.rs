//! The only list of checks there is: a new check is one file and one line here.

use super::check::{Registered, register};

macro_rules! registry {
    ($($module:ident => $check:ident,)*) => {
        $(use super::$module::$check;)*

        /// Every check, by family, in the order of the catalogue.
        pub static ALL: &[Registered] = &[$(register::<$check>(),)*];
    };
}

registry! {
    credential_expired => CredentialExpired,
    credential_expiring => CredentialExpiring,
    credential_lifetime_too_long => CredentialLifetimeTooLong,
    expired_credential_left_behind => ExpiredCredentialLeftBehind,
    rotation_overdue => RotationOverdue,
    rotation_unfinished => RotationUnfinished,
    too_many_live_credentials => TooManyLiveCredentials,
    unused_credential => UnusedCredential,
    certificate_without_auto_renewal => CertificateWithoutAutoRenewal,
    weak_certificate => WeakCertificate,
    vault_expiry_missing => VaultExpiryMissing,
    vault_expiry_after_entra => VaultExpiryAfterEntra,
    vault_value_not_live => VaultValueNotLive,
    vault_entry_missing => VaultEntryMissing,
    vault_entry_malformed => VaultEntryMalformed,
    vault_entry_disabled => VaultEntryDisabled,
    vault_version_superseded => VaultVersionSuperseded,
    vault_old_version_enabled => VaultOldVersionEnabled,
    saml_certificate_expiring => SamlCertificateExpiring,
    federated_credential_too_broad => FederatedCredentialTooBroad,
    secret_where_certificate_expected => SecretWhereCertificateExpected,
    app_management_policy_missing => AppManagementPolicyMissing,
    vault_entry_purgeable => VaultEntryPurgeable,
    registration_missing => RegistrationMissing,
    registration_disabled => RegistrationDisabled,
    service_principal_missing => ServicePrincipalMissing,
    wrong_tenant_or_cloud => WrongTenantOrCloud,
    token_refused => TokenRefused,
    token_unexpected => TokenUnexpected,
    application_user_missing => ApplicationUserMissing,
    application_user_disabled => ApplicationUserDisabled,
    application_user_without_roles => ApplicationUserWithoutRoles,
    wrong_business_unit => WrongBusinessUnit,
    whoami_mismatch => WhoamiMismatch,
    expected_access_refused => ExpectedAccessRefused,
    declared_name_absent => DeclaredNameAbsent,
    metadata_unreadable => MetadataUnreadable,
    finops_client_missing => FinopsClientMissing,
    finops_user_disabled => FinopsUserDisabled,
    write_probe_honoured => WriteProbeHonoured,
    forbidden_access_granted => ForbiddenAccessGranted,
    forbidden_privilege_held => ForbiddenPrivilegeHeld,
    administrator_role => AdministratorRole,
    read_only_broken => ReadOnlyBroken,
    privilege_depth_too_wide => PrivilegeDepthTooWide,
    evidence_disagrees => EvidenceDisagrees,
    powerful_application_permission => PowerfulApplicationPermission,
    unexpected_permission => UnexpectedPermission,
    consent_missing => ConsentMissing,
    requested_permission_not_granted => RequestedPermissionNotGranted,
    unneeded_delegated_permission => UnneededDelegatedPermission,
    unexpected_role => UnexpectedRole,
    missing_role => MissingRole,
    finops_administrator_mapping => FinopsAdministratorMapping,
    registration_shared_across_environments => RegistrationSharedAcrossEnvironments,
    secret_shared => SecretShared,
    organisation_shared => OrganisationShared,
    foreign_environment_open => ForeignEnvironmentOpen,
    foreign_application_user => ForeignApplicationUser,
    unknown_application_user => UnknownApplicationUser,
    vault_shared_across_tiers => VaultSharedAcrossTiers,
    auditor_spans_tiers => AuditorSpansTiers,
    multi_tenant_registration => MultiTenantRegistration,
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

/// The two checks about the policy itself: a snapshot knows nothing of them, so `evaluate` gives their
/// verdicts.
pub const UNUSED_WAIVER: &str = "unused-waiver";
/// See [`UNUSED_WAIVER`].
pub const EXPIRED_WAIVER: &str = "expired-waiver";

/// The check with this id.
#[must_use]
pub fn find(id: &str) -> Option<&'static Registered> {
    ALL.iter().find(|check| check.meta.id == id)
}
