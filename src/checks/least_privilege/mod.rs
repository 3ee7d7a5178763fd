//! Whether it can do more than it should.

super::family::family! { LeastPrivilege:
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
}
