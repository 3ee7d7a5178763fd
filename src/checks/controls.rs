//! Control references that checks relate to, the edition of every benchmark pinned.

/// How long a credential lasts and when it is replaced.
pub(super) const CREDENTIAL_LIFETIME: &[&str] = &[
    "ISO/IEC 27001:2022 A.5.17",
    "MCSB v1 IM-3",
    "NIST SP 800-53 r5 IA-5",
    "PCI DSS v4.0 8.6.3",
];

/// Whether the vault knows when a secret ends.
pub(super) const VAULT_EXPIRY: &[&str] = &[
    "CIS Azure Foundations v3.0 3.3.3",
    "CIS Azure Foundations v3.0 3.3.4",
    "MCSB v1 IM-8",
    "NIST SP 800-53 r5 IA-5",
];

/// How a credential is stored.
pub(super) const CREDENTIAL_STORAGE: &[&str] = &[
    "ISO/IEC 27001:2022 A.5.17",
    "MCSB v1 IM-8",
    "NIST SP 800-53 r5 IA-5",
];

/// Who an application is.
pub(super) const IDENTITY: &[&str] = &[
    "ISO/IEC 27001:2022 A.5.16",
    "MCSB v1 IM-3",
    "NIST SP 800-53 r5 IA-4",
];

/// What an application may do.
pub(super) const LEAST_PRIVILEGE: &[&str] = &[
    "ISO/IEC 27001:2022 A.5.18",
    "NIST SP 800-53 r5 AC-6",
    "SOC 2 CC6.3",
];

/// Whether environments are apart.
pub(super) const ISOLATION: &[&str] = &[
    "ISO/IEC 27001:2022 A.5.15",
    "NIST SP 800-53 r5 AC-2",
    "SOC 2 CC6.1",
];
