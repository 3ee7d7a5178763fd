//! Expiry, rotation and storage of credentials.

mod naming;

use naming::{expiry_remedy, stored_name};

super::family::family! { Lifecycle:
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
}
