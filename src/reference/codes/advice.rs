//! What to do about a refused sign-in, by who signed in: one table for integrations and for the auditor.

use super::{Class, Code, oauth};
use crate::model::Signer;

/// What to do, and who can do it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Advice {
    /// An imperative sentence without a full stop.
    pub fix: &'static str,
    pub who: &'static str,
}

const AUDITORS_OWNER: &str =
    "an owner of the audit's own registration, or an Application Administrator";
const RUNNER: &str = "whoever runs the audit";

impl Code {
    /// What this code asks for where `signer` was refused.
    #[must_use]
    pub fn advice(&self, signer: Signer) -> Advice {
        let own = Advice {
            fix: self.fix,
            who: self.who,
        };
        match signer {
            Signer::Integration => match self.class {
                // An integration has no login that could be renewed: what refused it is OAuth's word.
                Class::SessionEnded | Class::PersonNeeded => {
                    oauth("invalid_grant").map_or(own, |code| Advice {
                        fix: code.fix,
                        who: code.who,
                    })
                }
                _ => own,
            },
            Signer::AuditorSecret => secret(self.class).unwrap_or(own),
            Signer::AuditorCertificate => certificate(self.class).unwrap_or(own),
            Signer::AzureCli => azure_cli(self.class).unwrap_or(own),
            Signer::WorkloadIdentity => workload(self.class).unwrap_or(own),
            Signer::ManagedIdentity => managed(self.class).unwrap_or(own),
            Signer::AzurePipelines => pipelines(self.class).unwrap_or(own),
        }
    }
}

const fn runner(fix: &'static str) -> Option<Advice> {
    Some(Advice { fix, who: RUNNER })
}

const fn owner(fix: &'static str) -> Option<Advice> {
    Some(Advice {
        fix,
        who: AUDITORS_OWNER,
    })
}

/// What is the same for every registration that the audit signs in as.
const fn registration(class: Class) -> Option<Advice> {
    match class {
        Class::RegistrationDisabled => owner(
            "find out who disabled the audit's own registration and why: an administrator sets it back on its enterprise application, what Microsoft disabled only Microsoft can lift, by a support request",
        ),
        Class::ServicePrincipalMissing => owner(
            "create the service principal of the audit's own registration in this tenant with `az ad sp create --id CLIENT-ID`",
        ),
        _ => None,
    }
}

/// What is the same for the variables of the environment.
const fn environment(class: Class) -> Option<Advice> {
    match class {
        Class::RegistrationMissing => runner(
            "compare AZURE_CLIENT_ID with the overview page of the audit's own registration, and the tenant's id in the estate with the tenant that it is in",
        ),
        Class::SessionEnded | Class::PersonNeeded => runner(
            "look up the audit's sign-in in Entra's sign-in logs: its failure reason says what is missing",
        ),
        _ => registration(class),
    }
}

const fn secret(class: Class) -> Option<Advice> {
    match class {
        Class::CredentialExpired => owner(
            "renew the audit's own client secret: add one to the registration that AZURE_CLIENT_ID names, and set its value as AZURE_CLIENT_SECRET where the audit runs",
        ),
        Class::CredentialWrong | Class::Refused => owner(
            "set AZURE_CLIENT_SECRET where the audit runs to the value (not the id) of a valid client secret of the registration that AZURE_CLIENT_ID names; one that is new may be refused for up to ten minutes",
        ),
        Class::CredentialMissing | Class::Assertion => {
            runner("set AZURE_CLIENT_SECRET where the audit runs, and not to an empty text")
        }
        _ => environment(class),
    }
}

const fn certificate(class: Class) -> Option<Advice> {
    match class {
        Class::CredentialWrong | Class::CredentialExpired | Class::Refused => owner(
            "use a certificate that is valid and registered: upload the public part of the one that AZURE_CLIENT_CERTIFICATE_PATH names to the registration that AZURE_CLIENT_ID names, or renew both",
        ),
        Class::CredentialMissing | Class::Assertion => runner(
            "look whether AZURE_CLIENT_CERTIFICATE_PATH names the certificate with its private key; report it with the output of `-v` if it does",
        ),
        _ => environment(class),
    }
}

const fn workload(class: Class) -> Option<Advice> {
    match class {
        Class::Clock | Class::SessionEnded | Class::CredentialExpired => runner(
            "the workload's own token has expired: have it issued anew right before the audit, and see that the file which AZURE_FEDERATED_TOKEN_FILE names is renewed",
        ),
        Class::CredentialWrong | Class::Refused | Class::Assertion | Class::CredentialMissing => {
            owner(
                "compare issuer, subject and audience of the token in the file that AZURE_FEDERATED_TOKEN_FILE names with the federated credentials of the audit's own registration; case counts",
            )
        }
        Class::RegistrationMissing => runner(
            "compare the client id of the workload (`client-id` under [auditor] in the estate, else AZURE_CLIENT_ID) with the overview page of the audit's own registration",
        ),
        _ => environment(class),
    }
}

const fn pipelines(class: Class) -> Option<Advice> {
    match class {
        Class::Clock | Class::SessionEnded | Class::CredentialExpired => runner(
            "the login of the service connection has expired: run the audit in an AzureCLI task of its own, right after the task begins",
        ),
        Class::CredentialWrong | Class::Refused | Class::Assertion | Class::CredentialMissing => {
            owner(
                "compare issuer and subject of the service connection (its page in Azure DevOps shows both) with the federated credentials of its registration",
            )
        }
        Class::RegistrationMissing => runner(
            "use a service connection whose registration is in this tenant: the one that runs the audit names another",
        ),
        _ => environment(class),
    }
}

const fn azure_cli(class: Class) -> Option<Advice> {
    match class {
        Class::Clock | Class::SessionEnded => runner(
            "the login of the Azure CLI has expired: log in again with `az login`; in a pipeline, log in in the same job right before the audit",
        ),
        Class::CredentialWrong
        | Class::CredentialExpired
        | Class::Refused
        | Class::Assertion
        | Class::CredentialMissing => runner(
            "the Azure CLI's own login is no longer accepted: log in again with `az login`; where a service principal is logged in, renew its credential first",
        ),
        Class::RegistrationMissing | Class::ServicePrincipalMissing => {
            runner("log in to this tenant with `az login --tenant TENANT-ID`")
        }
        _ => registration(class),
    }
}

const fn managed(class: Class) -> Option<Advice> {
    match class {
        Class::CredentialWrong
        | Class::CredentialExpired
        | Class::Refused
        | Class::Assertion
        | Class::CredentialMissing
        | Class::Clock
        | Class::SessionEnded
        | Class::PersonNeeded
        | Class::RegistrationMissing
        | Class::ServicePrincipalMissing => runner(
            "look whether the managed identity is still assigned to this machine and belongs to this tenant; `client-id` under [auditor] in the estate says which one is meant",
        ),
        _ => registration(class),
    }
}

#[cfg(test)]
#[path = "advice_tests.rs"]
mod tests;
