//! Patterns of trust: what a policy lists, and when a federated subject names no single workload.

/// Whether `text` is what `pattern` says. `*` stands for any characters, none included, but never for
/// those that end a part of an address: `https://*.example/x` does not fit `https://evil/y.example/x`.
pub(crate) fn fits(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| text.strip_prefix(first)) else {
        return false;
    };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(part) = parts.next() {
        let found = if parts.peek().is_none() {
            rest.strip_suffix(part).map(|between| (between, ""))
        } else {
            rest.split_once(part)
        };
        let Some((between, after)) = found else {
            return false;
        };
        if between.contains(['/', '?', '#', '@', '\\']) {
            return false;
        }
        rest = after;
    }
    true
}

/// Why a subject names no single workload of its issuer; `None` where it does.
///
/// Subjects as their issuers write them: GitHub `repo:ORG/REPO:environment:NAME` (or `:ref:…`,
/// `:pull_request`), Azure DevOps `sc://ORG/PROJECT/CONNECTION`, Kubernetes
/// `system:serviceaccount:NAMESPACE:NAME`.
pub(crate) fn too_wide(issuer: &str, subject: &str) -> Option<&'static str> {
    if subject.contains('*') {
        return Some(
            "its subject holds a wildcard, which Entra compares letter by letter: whatever was meant, it was meant to let many in",
        );
    }
    if issuer.starts_with("https://token.actions.githubusercontent.com") {
        return github(subject);
    }
    if issuer.starts_with("https://vstoken.dev.azure.com/") {
        let parts = subject.strip_prefix("sc://").map(|rest| rest.split('/'));
        let named = parts.is_some_and(|parts| whole(parts, 3));
        return (!named).then_some("its subject names no service connection");
    }
    if issuer.contains(".oic.prod-aks.azure.com/") {
        let account = subject.strip_prefix("system:serviceaccount:");
        let named = account.is_some_and(|rest| whole(rest.split(':'), 2));
        return (!named).then_some("its subject names no service account");
    }
    None
}

/// Whether these are so many parts, none of them empty.
fn whole<'a>(parts: impl Iterator<Item = &'a str>, count: usize) -> bool {
    let parts: Vec<&str> = parts.collect();
    parts.len() == count && parts.iter().all(|part| !part.is_empty())
}

fn github(subject: &str) -> Option<&'static str> {
    let parts: Vec<&str> = subject.split(':').collect();
    let after = |names: &[&str]| {
        parts
            .windows(2)
            .any(|pair| matches!(pair, [name, value] if names.contains(name) && !value.is_empty()))
    };
    let repository = after(&["repository", "repository_id"])
        || parts
            .windows(2)
            .any(|pair| matches!(pair, ["repo", name] if whole(name.split('/'), 2)));
    if !repository {
        return Some("its subject names no repository");
    }
    if parts.contains(&"pull_request") {
        return Some("its subject is carried by every pull request, whoever opens it");
    }
    let place = after(&["environment", "ref", "job_workflow_ref", "workflow_ref"]);
    (!place).then_some("its subject names neither an environment nor a branch nor a tag")
}

#[cfg(test)]
mod tests {
    use super::{fits, too_wide};

    #[test]
    fn a_star_stays_within_its_part() {
        for (pattern, text) in [
            ("abc", "abc"),
            ("a*c", "ac"),
            ("a*c", "abbc"),
            ("*", "abc"),
            ("a*b*c", "axbxbc"),
            ("https://*.x/*/", "https://weu.x/1/"),
            ("refs/*/*", "refs/heads/main"),
        ] {
            assert!(fits(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in [
            ("abc", "abcd"),
            ("abc", "Abc"),
            ("a*c", "ab"),
            ("ab*b", "ab"),
            ("*", "a/b"),
            ("https://*.x/", "https://evil/.x/"),
            ("https://*.x/", "https://evil#.x/"),
            ("https://*.x/", "https://evil?.x/"),
            ("https://*.x/", "https://a@evil.x/"),
            ("refs/*", "refs/heads/main"),
            ("", "a"),
        ] {
            assert!(!fits(pattern, text), "{pattern} {text}");
        }
    }

    #[test]
    fn a_subject_names_one_workload_or_says_why_not() {
        let github = "https://token.actions.githubusercontent.com";
        for subject in [
            "repo:contoso/erp:environment:production",
            "repo:contoso/erp:ref:refs/tags/v1",
            "repository_owner_id:7:repository_id:9:environment:production",
        ] {
            assert_eq!(too_wide(github, subject), None, "{subject}");
        }
        for subject in [
            "repo:contoso/erp",
            "repo:contoso/erp:",
            "repo:contoso:environment:production",
            "repo:contoso/:environment:production",
            "repo:contoso/erp:environment:",
            "repo:contoso/erp:pull_request",
            "repository_owner_id:7:environment:production",
            "environment:production",
            "repo:contoso/*:environment:production",
        ] {
            assert!(too_wide(github, subject).is_some(), "{subject}");
        }
        let devops = "https://vstoken.dev.azure.com/1";
        assert_eq!(too_wide(devops, "sc://contoso/erp/prod"), None);
        assert!(too_wide(devops, "sc://contoso/erp").is_some());
        let cluster = "https://weu.oic.prod-aks.azure.com/t/1/";
        assert_eq!(too_wide(cluster, "system:serviceaccount:erp:bridge"), None);
        assert!(too_wide(cluster, "system:serviceaccounts:erp").is_some());
        assert_eq!(too_wide("https://idp.example", "anything"), None);
    }
}
