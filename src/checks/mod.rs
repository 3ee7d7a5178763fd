//! The questions: one small file each, and the one registry of them all.

mod app_policy;
mod auditors;
mod azure_cli;
mod bands;
mod case;
mod check;
mod collections;
mod controls;
#[cfg(test)]
pub(crate) mod fixture;
#[cfg(test)]
mod fixture_certificates;
#[cfg(test)]
mod fixture_estate;
#[cfg(test)]
mod fixture_finops;
#[cfg(test)]
pub(crate) mod fixture_foreign;
#[cfg(test)]
mod fixture_privileges;
#[cfg(test)]
mod fixture_tenant;
mod foreign;
mod foreign_answers;
mod foreign_controls;
mod foreign_decision;
#[cfg(test)]
mod foreign_table_tests;
mod foreign_words;
mod held;
mod last_use;
mod life;
mod organisations;
mod patterns;
mod permissions;
mod powerful;
mod present;
mod principals;
mod privilege;
mod privilege_cells;
#[cfg(test)]
mod privilege_tests;
mod reads;
mod registry;
#[cfg(test)]
mod registry_tests;
mod removal;
mod rotation;
mod rotation_params;
#[cfg(test)]
mod rotation_properties;
mod rotation_steps;
#[cfg(test)]
mod rotation_tests;
#[cfg(test)]
mod spoil;
mod stored;
mod tables;
mod target;
mod tenants;
mod tokens;
mod weighed;
mod words;

mod administrator_role;
mod app_management_policy_missing;
mod application_user_disabled;
mod application_user_missing;
mod application_user_without_roles;
mod auditor_credential_expiring;
mod auditor_overprivileged;
mod auditor_spans_tiers;
mod certificate_without_auto_renewal;
mod consent_missing;
mod credential_expired;
mod credential_expiring;
mod credential_lifetime_too_long;
mod declared_name_absent;
mod evidence_disagrees;
mod expected_access_refused;
mod expired_credential_left_behind;
mod expired_waiver;
mod expressions;
mod federated_credential_too_broad;
mod finops_administrator_mapping;
mod finops_client_missing;
mod finops_user_disabled;
mod forbidden_access_granted;
mod forbidden_privilege_held;
mod foreign_application_user;
mod foreign_environment_open;
mod implicit_grant_enabled;
mod insecure_redirect_uri;
mod metadata_unreadable;
mod missing_role;
mod multi_tenant_registration;
mod organisation_shared;
mod ownerless_registration;
mod powerful_application_permission;
mod privilege_depth_too_wide;
mod public_client_enabled;
mod read_only_broken;
mod registration_disabled;
mod registration_missing;
mod registration_shared_across_environments;
mod requested_permission_not_granted;
mod rotation_overdue;
mod rotation_unfinished;
mod saml_certificate_expiring;
mod secret_shared;
mod secret_where_certificate_expected;
mod service_principal_missing;
mod token_refused;
mod token_unexpected;
mod too_many_live_credentials;
mod unexpected_permission;
mod unexpected_role;
mod unknown_application_user;
mod unlisted_registration;
mod unneeded_delegated_permission;
mod unused_credential;
mod unused_waiver;
mod vault_entry_disabled;
mod vault_entry_malformed;
mod vault_entry_missing;
mod vault_entry_purgeable;
mod vault_expiry_after_entra;
mod vault_expiry_missing;
mod vault_old_version_enabled;
mod vault_shared_across_tiers;
mod vault_value_not_live;
mod vault_version_superseded;
mod weak_certificate;
mod whoami_mismatch;
mod write_probe_honoured;
mod wrong_business_unit;
mod wrong_tenant_or_cloud;

pub use auditor_spans_tiers::tiers_read;
pub use case::Context;
pub use check::{Check, Prepared, Registered};
pub use credential_expiring::expiry_bands;
pub use foreign::isolation;
pub use life::{life, next_steps};
pub use principals::words_of_kind;
pub use privilege_cells::privileges;
pub use registry::{ALL, EXPIRED_WAIVER, UNUSED_WAIVER, find};
pub use rotation_params::RotationParams;
pub use stored::end_in_use;
