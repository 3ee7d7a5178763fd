//! Whether environments are apart.

super::family::family! { Isolation:
    registration_shared_across_environments => RegistrationSharedAcrossEnvironments,
    secret_shared => SecretShared,
    organisation_shared => OrganisationShared,
    foreign_environment_open => ForeignEnvironmentOpen,
    foreign_application_user => ForeignApplicationUser,
    unknown_application_user => UnknownApplicationUser,
    vault_shared_across_tiers => VaultSharedAcrossTiers,
    auditor_spans_tiers => AuditorSpansTiers,
    multi_tenant_registration => MultiTenantRegistration,
}
