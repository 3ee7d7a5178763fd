//! What the environment's variables promise: that an identity is meant to be there, and nobody else in its place.

use crate::collect::options::AuditorVariables;

/// What the variables say of each identity: that it is meant to be there.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Promises {
    pub(super) environment: Option<&'static str>,
    pub(super) workload_identity: Option<&'static str>,
    pub(super) managed_identity: Option<&'static str>,
}

impl Promises {
    pub(super) fn of(variables: &AuditorVariables) -> Self {
        let secret = variables.client_secret.as_ref();
        let certificate = variables.certificate_path.as_ref();
        let endpoint = variables.identity_endpoint.as_ref();
        Self {
            environment: secret
                .map(|_| "AZURE_CLIENT_SECRET is set")
                .or_else(|| certificate.map(|_| "AZURE_CLIENT_CERTIFICATE_PATH is set")),
            workload_identity: variables
                .federated_token_file
                .as_ref()
                .map(|_| "AZURE_FEDERATED_TOKEN_FILE is set"),
            managed_identity: endpoint.map(|_| "IDENTITY_ENDPOINT is set").or_else(|| {
                variables
                    .client_id
                    .as_ref()
                    .map(|_| "AZURE_CLIENT_ID is set")
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_promises_the_identity_that_it_belongs_to() {
        let with = |set: fn(&mut AuditorVariables)| {
            let mut variables = AuditorVariables::default();
            set(&mut variables);
            let promises = Promises::of(&variables);
            (
                promises.environment.is_some(),
                promises.workload_identity.is_some(),
                promises.managed_identity.is_some(),
            )
        };
        assert_eq!(with(|_| {}), (false, false, false));
        let tenant = with(|variables| variables.tenant_id = Some("t".into()));
        assert_eq!(tenant, (false, false, false));
        let client = with(|variables| variables.client_id = Some("c".into()));
        assert_eq!(client, (false, false, true));
        let secret = with(|variables| variables.client_secret = Some("s".to_owned().into()));
        assert_eq!(secret, (true, false, false));
        let file = with(|variables| variables.certificate_path = Some("c.pem".into()));
        assert_eq!(file, (true, false, false));
        let federated = with(|variables| variables.federated_token_file = Some("f".into()));
        assert_eq!(federated, (false, true, false));
        let endpoint = with(|variables| variables.identity_endpoint = Some("http://e".into()));
        assert_eq!(endpoint, (false, false, true));
    }
}
