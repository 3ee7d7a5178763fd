//! Whether the credential gets in and reads what it needs.

mod roles;

super::family::family! { Access:
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
}
