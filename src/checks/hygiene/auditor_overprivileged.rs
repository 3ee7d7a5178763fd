//! Does the audit have more permissions than it needs?

use crate::checks::least_privilege::administrator_role::{EQUIVALENT_PERCENT, power};
use crate::checks::prelude::*;
use crate::facts::auditors::{is_person, places};

pub(crate) struct AuditorOverprivileged;

impl Check for AuditorOverprivileged {
    const META: CheckMeta = CheckMeta {
        id: "auditor-overprivileged",
        title: "The audit itself has more permissions than it needs",
        severity: Severity::Medium,
        family: super::FAMILY,
        rationale: "The audit already reads every vault and every environment. If it may also change things, its own credential becomes the one most worth stealing.",
        remediation: "Remove the permissions that are named here. The audit needs Application.Read.All, Directory.Read.All (delegated grants), AuditLog.Read.All (sign-in reports), Policy.Read.ApplicationConfiguration and Policy.Read.All (the tenant's rules for credentials), a permission to read users (owners' mail addresses), and in each environment a role that reads users, roles, teams, business units, the organisation and metadata.",
        controls: controls::LEAST_PRIVILEGE,
        evidence: &[
            "the auditor's Graph token",
            "Dataverse roles of the auditor",
        ],
        explains: &[],
    };

    const EFFECT: Effect = Effect::Excess;

    type Params = Params;

    fn judge(params: &Params, context: &Context<'_>) -> Vec<Verdict> {
        let auditors = context.snapshot.auditors.iter();
        auditors
            .map(|(scope, auditor)| {
                let judged = judge(params, context, scope, auditor);
                Verdict::on(Resource::auditor(scope), settled(judged))
            })
            .collect()
    }
}

params! {
    /// What else the audit's identity is meant to have.
    pub(crate) struct Params {
        /// Graph application permissions that it is meant to have as well as those it needs: `Mail.Send`, if
        /// the same identity sends the report. Default: none.
        also_allowed: Vec<String> = Vec::new(),
    }
}

/// Graph application permissions that the audit's reads ask for, or that stand in for one of them.
const NEEDED: [&str; 9] = [
    // Applications, service principals, owners, what they were granted.
    "Application.Read.All",
    // Sign-in reports and last uses.
    "AuditLog.Read.All",
    // Delegated grants: the older permission, and the narrower one.
    "DelegatedPermissionGrant.Read.All",
    "Directory.Read.All",
    // The tenant's rules for credentials; those of single applications.
    "Policy.Read.All",
    "Policy.Read.ApplicationConfiguration",
    // Owners' mail: any of these.
    "User.Read",
    "User.Read.All",
    "User.ReadBasic.All",
];

/// Permissions that are as good as the directory itself, and why.
const POWERFUL: [(&str, &str); 6] = [
    (
        "AppRoleAssignment.ReadWrite.All",
        "can grant itself any other",
    ),
    (
        "Application.ReadWrite.All",
        "can add a credential to any application",
    ),
    (
        "Application.ReadWrite.OwnedBy",
        "can add a credential to applications it owns",
    ),
    ("Directory.ReadWrite.All", "can change the directory"),
    (
        "PrivilegedAccess.ReadWrite.AzureAD",
        "can hand out directory roles",
    ),
    (
        "RoleManagement.ReadWrite.Directory",
        "can make anybody Global Administrator",
    ),
];

fn judge(params: &Params, context: &Context<'_>, scope: &str, auditor: &AuditorEvidence) -> Judged {
    if is_person(auditor)? {
        return Err(not_applicable(
            "the audit signed in as a person, whose permissions are not for the audit to judge",
        ));
    }
    let mut too_much: Vec<String> = Vec::new();
    let roles = auditor.graph_roles.known().into_iter().flatten();
    too_much.extend(roles.filter_map(|role| beyond(role, &params.also_allowed)));
    let mut unread = None;
    for (environment, roles) in &auditor.dataverse_roles {
        for role in &roles.items {
            match power(role, EQUIVALENT_PERCENT) {
                Ok(Some(power)) => too_much.push(format!("in {environment} {power}")),
                Ok(None) => {}
                Err(stop) => unread = unread.or(Some(stop)),
            }
        }
    }
    if !too_much.is_empty() {
        return Ok(in_words(auditor, &too_much));
    }
    auditor.graph_roles.get()?;
    for environment in places(context, scope) {
        let roles = auditor.dataverse_roles.get(environment).ok_or_else(|| {
            let why = format!("which roles the audit has in {environment} was not read");
            Stop::Gap(Gap::new(GapKind::NotReached, why))
        })?;
        roles.whole()?;
    }
    if let Some(stop) = unread {
        return Err(stop);
    }
    Ok(Outcome::Pass)
}

fn in_words(auditor: &AuditorEvidence, too_much: &[String]) -> Outcome {
    let identity = auditor.signed_in.known();
    let id = identity.and_then(|identity| identity.client_id.as_deref());
    let whose = id.map_or_else(
        || "the audit's own identity".to_owned(),
        |id| format!("the audit's own identity (client id {id})"),
    );
    let number = match too_much.len() {
        1 => "a permission".to_owned(),
        several => format!("{several} permissions"),
    };
    advised(
        format!(
            "The audit's own identity has more than it needs: {}",
            too_much.join("; ")
        ),
        format!(
            "Remove what is named above from {whose}: Graph permissions under Enterprise applications > Permissions in the Entra admin centre, roles under Settings > Users + permissions > Application users of the environment. `credaudit doctor` shows what the audit needs"
        ),
    )
    .what(format!("has {number} that the audit does not need"))
}

/// A Graph permission beyond need, with what it is good for.
fn beyond(role: &str, allowed: &[String]) -> Option<String> {
    let is = |other: &str| other.eq_ignore_ascii_case(role);
    if NEEDED.iter().any(|needed| is(needed)) || allowed.iter().any(|one| is(one)) {
        return None;
    }
    let why = POWERFUL.iter().find(|(powerful, _)| is(powerful));
    Some(match why {
        Some((_, why)) => format!("{role}, which {why}"),
        None if reads_only(role) => format!("{role}, which reads what the audit does not need"),
        None => format!("{role}, which does more than read"),
    })
}

/// `Group.Read.All` reads, `Group.ReadWrite.All` and `Mail.Send` do not only.
fn reads_only(role: &str) -> bool {
    role.split('.')
        .any(|part| matches!(part, "Read" | "ReadBasic"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::testing::*;
    use crate::facts::index::Index;
    use crate::model::Listing;

    fn outcome(spoil: impl FnOnce(&mut Snapshot)) -> Outcome {
        let mut verdicts = judge_all::<AuditorOverprivileged>(spoil);
        assert_eq!(verdicts[0].resource, "auditor/contoso");
        verdicts.swap_remove(0).outcome
    }

    fn told(spoil: impl FnOnce(&mut Snapshot)) -> String {
        match outcome(spoil) {
            Outcome::Fail(failure) => failure.seen.to_string(),
            other => panic!("{other:?}"),
        }
    }

    fn graph(snapshot: &mut Snapshot, roles: &[&str]) {
        let roles = roles.iter().map(|role| (*role).to_owned());
        auditor(snapshot).graph_roles = known(roles.collect());
    }

    fn role<'a>(snapshot: &'a mut Snapshot, environment: &str) -> &'a mut RoleGrant {
        let roles = &mut auditor(snapshot).dataverse_roles;
        &mut roles.get_mut(environment).unwrap().items[0]
    }

    #[test]
    fn what_the_reads_ask_for_passes() {
        assert!(matches!(outcome(|_| {}), Outcome::Pass));
        let whole = outcome(|snapshot| graph(snapshot, &NEEDED));
        assert!(matches!(whole, Outcome::Pass), "{whole:?}");
        let none = outcome(|snapshot| graph(snapshot, &[]));
        assert!(matches!(none, Outcome::Pass), "{none:?}");
    }

    #[test]
    fn every_permission_beyond_is_named_with_what_it_is_good_for() {
        let words = told(|snapshot| {
            graph(
                snapshot,
                &[
                    "Application.Read.All",
                    "Application.ReadWrite.All",
                    "Group.Read.All",
                    "Mail.Send",
                ],
            );
        });
        for part in [
            "Application.ReadWrite.All, which can add a credential",
            "Group.Read.All, which reads what",
            "Mail.Send, which does more than read",
        ] {
            assert!(words.contains(part), "{words}");
        }
        assert!(!words.contains("Application.Read.All"), "{words}");
    }

    #[test]
    fn the_policy_can_allow_one_more() {
        let mut snapshot = tidy();
        graph(&mut snapshot, &["Mail.Send"]);
        let context = Context {
            snapshot: &snapshot,
            as_of: as_of(),
            index: &Index::of(&snapshot),
        };
        let params = serde_json::from_value(serde_json::json!({ "also-allowed": ["Mail.Send"] }));
        let verdicts = AuditorOverprivileged::judge(&params.unwrap(), &context);
        assert!(matches!(verdicts[0].outcome, Outcome::Pass), "{verdicts:?}");
    }

    #[test]
    fn an_administrator_by_template_by_team_and_by_reach_fails() {
        let by_template = told(|snapshot| {
            let role = role(snapshot, "prod");
            role.template_id = Some("627090FF-40A3-4053-8790-584EDC5BE201".to_owned());
            role.team = Some("Admins".to_owned());
        });
        assert!(by_template.contains("in prod role System Administrator, through team Admins"));
        let share = Share {
            held: 4000,
            of: 4000,
        };
        let less = Share { held: 3, of: 4000 };
        let by_reach = told(|snapshot| {
            role(snapshot, "dev").reach = Some(known(RoleReach {
                administrator: less,
                customizer: share,
                together: None,
            }));
        });
        assert!(
            by_reach.contains("gives 4000 of 4000 privileges of System Customizer"),
            "{by_reach}"
        );
    }

    #[test]
    fn people_do_not_arise_and_what_is_not_read_is_unknown() {
        let person = outcome(|snapshot| {
            identity(snapshot).user = known(true);
            graph(snapshot, &["Directory.ReadWrite.All"]);
        });
        assert!(matches!(person, Outcome::NotApplicable(_)), "{person:?}");
        let spoils: [fn(&mut Snapshot); 6] = [
            |snapshot| auditor(snapshot).signed_in = gap(),
            |snapshot| identity(snapshot).user = gap(),
            |snapshot| auditor(snapshot).graph_roles = gap(),
            |snapshot| auditor(snapshot).dataverse_roles.clear(),
            |snapshot| {
                let roles = &mut auditor(snapshot).dataverse_roles;
                *roles.get_mut("prod").unwrap() = Listing::cut_short(Vec::new(), a_gap());
            },
            |snapshot| role(snapshot, "prod").reach = Some(gap()),
        ];
        for (index, spoil) in spoils.into_iter().enumerate() {
            let outcome = outcome(spoil);
            assert!(
                matches!(outcome, Outcome::Unknown(_)),
                "{index}: {outcome:?}"
            );
        }
    }

    #[test]
    fn a_fault_is_a_fault_whatever_else_is_not_read() {
        told(|snapshot| {
            graph(snapshot, &["Directory.ReadWrite.All"]);
            auditor(snapshot).dataverse_roles.clear();
        });
    }
}
