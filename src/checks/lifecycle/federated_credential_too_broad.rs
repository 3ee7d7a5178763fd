//! Does a federated credential accept more than one known workload?

use crate::checks::params::expressions;
use crate::checks::params::patterns::{fits, too_wide};
use crate::checks::prelude::*;

pub(crate) struct FederatedCredentialTooBroad;

impl Check for FederatedCredentialTooBroad {
    const META: CheckMeta = CheckMeta {
        id: "federated-credential-too-broad",
        title: "A federated credential trusts more than one known workload",
        severity: Severity::High,
        family: super::FAMILY,
        rationale: "A federated credential has no secret and never expires: whoever gets a token from this issuer with this subject signs in as the application. An unknown issuer, a subject that any pull request carries, or an audience meant for something else opens it to strangers.",
        remediation: "Narrow its issuer, subject and audience to the one environment, branch or service account that needs it (Entra admin centre > App registrations > client id CLIENT-ID > Certificates & secrets > Federated credentials), or list what is meant in the policy (`issuers`, `subjects`, `audiences`).",
        controls: controls::IDENTITY,
        evidence: &["Graph federated credentials"],
        explains: &[],
    };

    const EFFECT: Effect = Effect::Excess;

    const PAGE: Option<Page> = Some(Page::Credentials);

    type Params = Params;

    fn judge(params: &Params, context: &Context<'_>) -> Vec<Verdict> {
        context.each_part(|case, found| {
            let federated = &case.application()?.federated;
            found.extend(federated.items.iter().map(|credential| {
                let part = Part::Federated(credential.name.clone());
                case.on(part, judge(params, case, credential))
            }));
            federated.whole()?;
            Err(not_applicable(
                "the registration has no federated credential",
            ))
        })
    }
}

params! {
    /// What a federated credential may trust. In a pattern `*` matches anything but `/`, `?`, `#`, `@` and
    /// `\`, `{tenant}` for the tenant's id; case counts, as it does for Entra.
    pub(crate) struct Params {
        /// Patterns of the issuers that may be trusted: `*` matches anything but `/`, `?`, `#`, `@` and
        /// `\`, `{tenant}` for the tenant's ID. Default: GitHub, Azure DevOps, AKS and the tenant itself.
        issuers: Vec<String> = list(&[
            "https://token.actions.githubusercontent.com",
            "https://vstoken.dev.azure.com/*",
            "https://*.oic.prod-aks.azure.com/{tenant}/*/",
            "https://login.microsoftonline.com/{tenant}/v2.0",
            "https://login.microsoftonline.us/{tenant}/v2.0",
            "https://login.partner.microsoftonline.cn/{tenant}/v2.0",
        ]),
        /// Patterns of the subjects that may be trusted. Default: any subject that names one workload.
        #[serde(skip_serializing_if = "Option::is_none")]
        subjects: Option<Vec<String>> = None,
        /// Patterns of the audiences that may be asked for. Default: those of Entra's token exchange.
        audiences: Vec<String> = list(&[
            "api://AzureADTokenExchange",
            "api://AzureADTokenExchangeUSGov",
            "api://AzureADTokenExchangeChina",
        ]),
    }
}

fn list(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// Whether one of the patterns fits.
fn listed(case: &Case<'_>, patterns: &[String], text: &str) -> bool {
    patterns
        .iter()
        .any(|pattern| fits(&pattern.replace("{tenant}", &case.tenant.id), text))
}

/// What one credential trusts too much.
#[derive(Default)]
struct Width {
    wrong: Vec<String>,
    /// Another severity than the check's own.
    severity: Option<Severity>,
    /// Whether it has an expression that says nothing.
    unread: bool,
}

fn judge(params: &Params, case: &Case<'_>, credential: &FederatedCredential) -> Judged {
    let mut width = Width {
        unread: credential.subject.is_empty(),
        ..Width::default()
    };
    width.of_issuer(params, case, credential);
    width.of_expression(params, case, credential);
    width.of_subject(params, case, credential);
    if !width.wrong.is_empty() {
        return Ok(Outcome::Fail(width.failure(credential)));
    }
    if width.unread {
        return Err(unread(credential).into());
    }
    if credential.audiences.is_empty() {
        let name = &credential.name;
        return Err(Gap::new(
            GapKind::Malformed,
            format!("Microsoft Graph gives no audience for the federated credential {name}"),
        )
        .into());
    }
    Ok(Outcome::Pass)
}

impl Width {
    fn of_issuer(&mut self, params: &Params, case: &Case<'_>, credential: &FederatedCredential) {
        let issuer = &credential.issuer;
        if !listed(case, &params.issuers, issuer) {
            self.wrong
                .push(format!("the policy does not list its issuer {issuer}"));
        }
        for audience in &credential.audiences {
            if !listed(case, &params.audiences, audience) {
                self.wrong
                    .push(format!("the policy does not list its audience {audience}"));
            }
        }
    }

    /// A matching expression stands in the subject's place; one that was not read says nothing.
    fn of_expression(
        &mut self,
        params: &Params,
        case: &Case<'_>,
        credential: &FederatedCredential,
    ) {
        let (true, Some(expression)) = (credential.subject.is_empty(), &credential.expression)
        else {
            return;
        };
        let among = params.subjects.as_ref().map(|subjects| {
            // A wildcard of the expression reaches further than one of the policy: letter by letter.
            move |text: &str| match text.contains(['*', '?']) {
                true => subjects.iter().any(|subject| subject == text),
                false => listed(case, subjects, text),
            }
        });
        let among = among.as_ref().map(|among| among as &dyn Fn(&str) -> bool);
        if let Some(wide) = expressions::judge(&credential.issuer, expression, among) {
            self.unread = false;
            // Only where nothing else is wrong does it weigh less.
            self.severity = wide
                .iter()
                .find_map(|wide| wide.severity)
                .filter(|_| self.wrong.is_empty());
            self.wrong.extend(wide.into_iter().map(|wide| wide.why));
        }
    }

    fn of_subject(&mut self, params: &Params, case: &Case<'_>, credential: &FederatedCredential) {
        let subject = &credential.subject;
        if subject.is_empty() {
            return;
        }
        match &params.subjects {
            Some(patterns) if !listed(case, patterns, subject) => self
                .wrong
                .push(format!("the policy does not list its subject {subject}")),
            Some(_) => {}
            None => self
                .wrong
                .extend(too_wide(&credential.issuer, subject).map(str::to_owned)),
        }
    }

    fn failure(self, credential: &FederatedCredential) -> Failure {
        let trusted = match (credential.subject.as_str(), &credential.expression) {
            ("", Some(expression)) => format!("whoever fits {expression}"),
            ("", None) => "an expression".to_owned(),
            (subject, _) => subject.to_owned(),
        };
        let mut failure = Failure::new(format!(
            "The federated credential {} trusts {trusted} of {}: {}",
            credential.name,
            credential.issuer,
            self.wrong.join("; ")
        ))
        .what(format!(
            ": federated credential {} trusts more than it should",
            credential.name
        ));
        failure.severity = self.severity;
        failure
    }
}

fn unread(credential: &FederatedCredential) -> Gap {
    let why = match &credential.expression {
        Some(expression) => format!("it is not in a known language: {expression}"),
        None => "Microsoft Graph did not return it".to_owned(),
    };
    Gap::new(
        GapKind::Unrecognised,
        format!(
            "the federated credential {} has an expression instead of a subject, and {why}",
            credential.name
        ),
    )
    .with_remedy(
        "look at the expression on the registration's page, or give the credential a plain subject",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::testing::*;
    use crate::facts::index::Index;
    use crate::model::Listing;

    const GITHUB: &str = "https://token.actions.githubusercontent.com";

    fn trusting(issuer: &str, subject: &str, audience: &str) -> impl FnOnce(&mut Snapshot) {
        let credential = FederatedCredential {
            id: "federated-1".to_owned(),
            name: "deploy".to_owned(),
            issuer: issuer.to_owned(),
            subject: subject.to_owned(),
            audiences: vec![audience.to_owned()],
            expression: None,
        };
        |snapshot| application(snapshot).federated = Listing::complete(vec![credential])
    }

    #[test]
    fn one_known_workload_passes() {
        let ours = "api://AzureADTokenExchange";
        for (issuer, subject) in [
            (GITHUB, "repo:contoso/erp:environment:production"),
            (GITHUB, "repo:contoso/erp:ref:refs/heads/main"),
            (
                "https://vstoken.dev.azure.com/7f0c",
                "sc://contoso/erp/prod",
            ),
            (
                "https://login.microsoftonline.com/tenant-1/v2.0",
                "object-7",
            ),
            (
                "https://westeurope.oic.prod-aks.azure.com/tenant-1/cluster-1/",
                "system:serviceaccount:erp:bridge",
            ),
        ] {
            assert_pass::<FederatedCredentialTooBroad>(trusting(issuer, subject, ours));
        }
    }

    #[test]
    fn strangers_fail_and_case_counts() {
        let ours = "api://AzureADTokenExchange";
        let theirs = "repo:contoso/erp:environment:production";
        for (issuer, subject, audience) in [
            (
                "https://token.actions.githubusercontent.com.evil.example",
                theirs,
                ours,
            ),
            ("https://TOKEN.actions.githubusercontent.com", theirs, ours),
            (
                "https://evil.example#.oic.prod-aks.azure.com/tenant-1/x/",
                "system:serviceaccount:a:b",
                ours,
            ),
            (
                "https://weu.oic.prod-aks.azure.com/tenant-2/x/",
                "system:serviceaccount:a:b",
                ours,
            ),
            (
                "https://login.microsoftonline.com/tenant-2/v2.0",
                "object-7",
                ours,
            ),
            (GITHUB, "repo:contoso/erp:pull_request", ours),
            (GITHUB, "repo:contoso/erp:*", ours),
            (GITHUB, theirs, "https://github.com/contoso"),
            // An expression does not excuse a stranger's issuer.
            ("https://evil.example", "", ours),
        ] {
            assert_fail::<FederatedCredentialTooBroad>(trusting(issuer, subject, audience));
        }
    }

    /// By an expression in the subject's place.
    fn fitting(issuer: &str, expression: Option<&str>) -> impl FnOnce(&mut Snapshot) {
        let mut credential = FederatedCredential {
            id: "federated-1".to_owned(),
            name: "deploy".to_owned(),
            issuer: issuer.to_owned(),
            subject: String::new(),
            audiences: vec!["api://AzureADTokenExchange".to_owned()],
            expression: None,
        };
        credential.expression = expression.map(str::to_owned);
        |snapshot| application(snapshot).federated = Listing::complete(vec![credential])
    }

    #[test]
    fn an_expression_is_judged_like_a_subject() {
        let one = "claims['sub'] eq 'repo:contoso/erp:environment:production'";
        let any = "claims['sub'] matches 'repo:contoso/*'";
        let pushers = "claims['sub'] matches 'repo:contoso/erp:ref:refs/heads/*'";
        assert_pass::<FederatedCredentialTooBroad>(fitting(GITHUB, Some(one)));
        assert_fail::<FederatedCredentialTooBroad>(fitting(GITHUB, Some(any)));
        // One workload of a stranger's issuer is a stranger.
        assert_fail::<FederatedCredentialTooBroad>(fitting("https://evil.example", Some(one)));
        for unread in [None, Some("claims['sub'] startsWith 'repo:'")] {
            assert_unknown::<FederatedCredentialTooBroad>(fitting(GITHUB, unread));
        }
        let severity = |issuer: &str| match judge_all::<FederatedCredentialTooBroad>(fitting(
            issuer,
            Some(pushers),
        ))
        .remove(0)
        .outcome
        {
            Outcome::Fail(failure) => failure.severity,
            other => panic!("{other:?}"),
        };
        assert_eq!(severity(GITHUB), Some(Severity::Medium));
        assert_eq!(severity("https://evil.example"), None);
    }

    #[test]
    fn what_was_not_read_is_not_judged() {
        assert_unknown::<FederatedCredentialTooBroad>(trusting(
            GITHUB,
            "",
            "api://AzureADTokenExchange",
        ));
        assert_unknown::<FederatedCredentialTooBroad>(|snapshot| {
            application(snapshot).federated = Listing::cut_short(Vec::new(), a_gap());
        });
        assert_not_applicable::<FederatedCredentialTooBroad>(|_| {});
    }

    #[test]
    fn the_policys_own_lists_count_instead() {
        let mut snapshot = tidy();
        trusting("https://gitlab.example", "project_path:erp/bridge", "erp")(&mut snapshot);
        let judged = |params: serde_json::Value| {
            let params: Params = serde_json::from_value(params).unwrap();
            let context = Context {
                snapshot: &snapshot,
                as_of: as_of(),
                index: &Index::of(&snapshot),
            };
            let verdicts = FederatedCredentialTooBroad::judge(&params, &context);
            verdicts[0].outcome.clone()
        };
        let mut params = serde_json::json!({
            "issuers": ["https://gitlab.example"],
            "audiences": ["erp"],
            "subjects": ["project_path:erp/*"],
        });
        assert!(matches!(judged(params.clone()), Outcome::Pass));
        params["subjects"] = serde_json::json!(["project_path:*"]);
        assert!(matches!(judged(params), Outcome::Fail(_)));
    }
}
