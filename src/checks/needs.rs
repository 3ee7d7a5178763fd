//! Which reads of the audit a check needs, by the evidence that its metadata names.

use std::collections::BTreeSet;

use super::ALL;
use crate::model::diagnosis::Read;

/// Each kind of evidence, as the checks' metadata names it, and the reads that it comes from. What a registration's own
/// credential is answered takes the value that is stored.
const SOURCES: [(&str, &[Read]); 34] = [
    ("Dataverse WhoAmI", &[Read::SecretValue]),
    ("Dataverse application users", &[Read::ApplicationUsers]),
    (
        "Dataverse effective privileges",
        &[Read::ApplicationUsers, Read::Tables],
    ),
    ("Dataverse metadata", &[Read::Tables]),
    ("Dataverse privileges of roles", &[Read::Roles]),
    (
        "Dataverse probes of writing",
        &[Read::SecretValue, Read::Tables],
    ),
    ("Dataverse roles", &[Read::ApplicationUsers, Read::Roles]),
    ("Dataverse roles of the auditor", &[Read::Roles]),
    ("Dataverse table reads", &[Read::SecretValue, Read::Tables]),
    ("Entra token", &[Read::SecretValue]),
    ("F&O client list", &[Read::FinopsClients]),
    ("F&O metadata", &[Read::FinopsClients]),
    ("F&O reads", &[Read::SecretValue]),
    ("F&O roles", &[Read::FinopsClients]),
    ("F&O users", &[Read::FinopsClients]),
    ("Graph app management policies", &[Read::CredentialRules]),
    ("Graph application", &[Read::Applications]),
    ("Graph application of the auditor", &[Read::Applications]),
    ("Graph applications", &[Read::Applications]),
    ("Graph delegated grants", &[Read::DelegatedGrants]),
    ("Graph federated credentials", &[Read::Applications]),
    ("Graph owners", &[Read::Owners]),
    ("Graph service principal", &[Read::Applications]),
    ("Graph sign-in report", &[Read::SignInReports]),
    ("Key Vault certificate", &[Read::Certificate]),
    ("Key Vault lists", &[Read::SecretList]),
    ("Key Vault secret", &[Read::SecretValue]),
    ("Key Vault secret versions", &[Read::SecretList]),
    (
        "WhoAmI and a read of F&O in the other environment",
        &[Read::SecretValue],
    ),
    ("WhoAmI in the other environment", &[Read::SecretValue]),
    (
        "WhoAmI of the auditor and of registrations",
        &[Read::Organization, Read::SecretValue],
    ),
    ("estate", &[]),
    ("policy", &[]),
    ("the auditor's Graph token", &[]),
];

/// The checks that cannot run where these reads are refused, in the order of the catalogue.
pub(crate) fn without(refused: &BTreeSet<Read>) -> Vec<&'static str> {
    let needs = |evidence: &&str| {
        let source = SOURCES.iter().find(|(name, _)| name == evidence);
        source.is_some_and(|(_, reads)| reads.iter().any(|read| refused.contains(read)))
    };
    ALL.iter()
        .filter(|check| check.meta.evidence.iter().any(&needs))
        .map(|check| check.meta.id)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_evidence_has_its_reads_and_none_is_left_over() {
        let named: BTreeSet<&str> = ALL
            .iter()
            .flat_map(|check| check.meta.evidence)
            .copied()
            .collect();
        let listed: BTreeSet<&str> = SOURCES.iter().map(|(name, _)| *name).collect();
        assert_eq!(named, listed);
    }

    #[test]
    fn a_refused_read_costs_the_checks_that_need_it_and_no_others() {
        let of = |read| without(&BTreeSet::from([read]));
        assert_eq!(of(Read::CredentialRules), ["app-management-policy-missing"]);
        assert_eq!(of(Read::OwnerMail), [] as [&str; 0]);
        let values = of(Read::SecretValue);
        assert!(values.contains(&"vault-value-not-live") && values.contains(&"token-refused"));
        assert!(!values.contains(&"public-client-enabled"), "{values:?}");
        let all = without(&Read::ALL.into_iter().collect());
        assert!(all.len() > 60 && all.len() < ALL.len(), "{}", all.len());
    }
}
