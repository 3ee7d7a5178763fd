//! One sign-in with an audited credential; a certificate's is tried in the older form where the form was refused.

use std::sync::Arc;

use super::api::{self, Proof, TokenRequest};
use super::map::{self, Granted};
use crate::collect::certificate::StoredCertificate;
use crate::collect::credential::StoredCredential;
use crate::collect::http::{Answer, Wire};
use crate::estate::Tenant;
use crate::evidence::{AssertionForm, TokenAnswer};
use crate::model::{Gap, GapKind, Observed};

/// Who signs in, and for what.
pub(crate) struct SignIn<'a> {
    pub(crate) wire: &'a Arc<Wire>,
    pub(crate) tenant: &'a Tenant,
    pub(crate) client_id: &'a str,
    /// Without trailing slash.
    pub(crate) resource: &'a str,
    pub(crate) purpose: &'a str,
}

impl SignIn<'_> {
    /// Asks for a token.
    pub(crate) async fn with(&self, credential: &StoredCredential) -> Granted {
        match credential {
            StoredCredential::Secret(secret) => match self.ask(Proof::Secret(secret)).await {
                Ok(answer) => map::granted(&self.call(), &answer),
                Err(gap) => Granted::unknown(gap),
            },
            StoredCredential::Certificate(certificate) => self.with_certificate(certificate).await,
        }
    }

    fn call(&self) -> String {
        api::call(self.client_id, self.resource)
    }

    async fn ask(&self, proof: Proof<'_>) -> Result<Answer, Gap> {
        let request = TokenRequest {
            tenant: self.tenant,
            client_id: self.client_id,
            proof,
            resource: self.resource,
            purpose: self.purpose,
        };
        api::request_token(self.wire, &request).await
    }

    /// The documented form first. The older one once, and only where a refusal may be about the form: then
    /// a token still proves the certificate. Where that is refused too, the first refusal stands.
    async fn with_certificate(&self, certificate: &StoredCertificate) -> Granted {
        let first = match self.signed_in_time(certificate).await {
            Ok(answer) => answer,
            Err(gap) => return Granted::unknown(gap),
        };
        let granted = map::granted(&self.call(), &first).signed(AssertionForm::Ps256);
        let Observed::Known(TokenAnswer::Refused { seen, .. }) = &granted.answer else {
            return granted;
        };
        if !map::may_be_about_the_form(&first) {
            return granted;
        }
        let second = match self.signed(certificate, AssertionForm::Rs256).await {
            Ok(answer) => map::granted(&self.call(), &answer).signed(AssertionForm::Rs256),
            Err(gap) => Granted::unknown(gap),
        };
        match &second.answer {
            Observed::Known(TokenAnswer::Issued { .. }) => second,
            Observed::Known(TokenAnswer::Refused { .. }) => granted,
            // The refusal may be about the form alone: it proves nothing while the other form is not answered.
            Observed::Unknown(gap) => {
                let code = seen.code.as_deref().unwrap_or("no code");
                Granted::unknown(Gap {
                    seen: format!(
                        "{} was refused with {code}, which may be about the assertion's form, and the older form \
                         (RS256) did not settle it: {}",
                        self.call(),
                        gap.seen
                    ).into(),
                    ..gap.clone()
                })
            }
        }
    }

    /// In the documented form; once more where its refusal told what time it is, and another was written in.
    async fn signed_in_time(&self, certificate: &StoredCertificate) -> Result<Answer, Gap> {
        let before = self.wire.ahead();
        let answer = self.signed(certificate, AssertionForm::Ps256).await?;
        if !answer.is_success() && self.wire.clock_moved(before) {
            return self.signed(certificate, AssertionForm::Ps256).await;
        }
        Ok(answer)
    }

    async fn signed(
        &self,
        certificate: &StoredCertificate,
        form: AssertionForm,
    ) -> Result<Answer, Gap> {
        let audience = api::endpoint(self.tenant);
        let assertion = certificate
            .assertion(
                self.client_id,
                &audience,
                form,
                self.wire.ahead().unwrap_or_default(),
            )
            .map_err(|why| Gap::new(GapKind::NotReached, format!("{}: {why}", self.call())))?;
        self.ask(Proof::Assertion(&assertion)).await
    }
}
