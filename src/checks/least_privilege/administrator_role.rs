//! Is the integration an administrator?

use crate::checks::prelude::*;

pub(crate) struct AdministratorRole;

impl Check for AdministratorRole {
    const META: CheckMeta = CheckMeta {
        id: "administrator-role",
        title: "An application user has an administrator role, or equivalent privileges",
        severity: Severity::Critical,
        family: super::FAMILY,
        rationale: "With an administrator's credential every table and every setting can be read and changed: one leaked secret exposes the whole environment. A renamed or copied role is just as dangerous: a role counts as equivalent when it gives nearly as many privileges over every row as the built-in role, and so do several roles that give them together. At parent-and-child depth, a role of the root business unit reaches every row as well.",
        remediation: "Create a dedicated security role with only the privileges that the integration needs, and assign it to application user CLIENT-ID in ENVIRONMENT-URL. Then remove the administrator role.",
        controls: controls::LEAST_PRIVILEGE,
        evidence: &["Dataverse roles", "Dataverse privileges of roles"],
        explains: &[
            "forbidden-access-granted",
            "forbidden-privilege-held",
            "unexpected-role",
            "read-only-broken",
            "privilege-depth-too-wide",
        ],
    };

    const PAGE: Option<Page> = Some(Page::ApplicationUsers);

    type Params = Params;

    fn judge(params: &Params, context: &Context<'_>) -> Vec<Verdict> {
        context.each(|case| {
            let proof = case.dataverse()?;
            require_user(proof)?;
            let roles = proof.roles.items.iter();
            worst(
                roles
                    .map(|role| {
                        let power = power(role, params.equivalent_percent);
                        match power {
                            Err(stop) => (None, Err(stop)),
                            Ok(None) => (None, Ok(true)),
                            Ok(Some(power)) => (Some(power), Ok(false)),
                        }
                    })
                    .chain([(None, whole(proof))]),
                |held| in_words(&held.into_iter().flatten().collect::<Vec<_>>()),
            )
        })
    }
}

fn whole(proof: &DataverseProof) -> Result<bool, Stop> {
    known_user(proof)?;
    proof.roles.whole()?;
    Ok(true)
}

fn in_words(held: &[Power<'_>]) -> Outcome {
    let seen: Vec<String> = held.iter().map(ToString::to_string).collect();
    let mut titles: Vec<String> = held.iter().map(Power::title).collect();
    titles.dedup();
    let title = match titles.as_slice() {
        [first, _, _, ..] => format!("{first} and {} more", titles.len() - 1),
        few => listed(few),
    };
    let removals = held.iter().map(|one| {
        let role = one.role;
        removal(&role.name, role.team.as_deref())
    });
    let removals: Vec<String> = removals.collect();
    advised(
        format!("The application user has {}", listed(&seen)),
        format!(
            "Assign a dedicated security role with only the privileges that the integration needs (create it first if there is none): {APPLICATION_USERS}. Then {}",
            removals.join("; ")
        ),
    )
    .what(format!("is {title}"))
}

/// A role with an administrator's power.
#[derive(Debug)]
pub(crate) struct Power<'a> {
    role: &'a RoleGrant,
    /// The built-in role that it is or equals.
    administrator: &'static str,
    how: How,
}

/// How a role comes to that power.
#[derive(Debug)]
enum How {
    BuiltIn,
    Copied(Share),
    /// With the other roles of the same user.
    Together(Share),
}

impl Power<'_> {
    /// What the user is, behind "is": `System Administrator (through team Operations)`.
    fn title(&self) -> String {
        let name = self.administrator;
        match self.how {
            How::BuiltIn => with_team(name, self.role.team.as_deref()),
            How::Copied(_) => format!("as powerful as {name} (role {})", self.role.name),
            How::Together(_) => format!("as powerful as {name} (all roles together)"),
        }
    }
}

impl std::fmt::Display for Power<'_> {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let name = self.administrator;
        let role = &self.role.name;
        match &self.how {
            How::BuiltIn => write!(to, "role {name}")?,
            How::Copied(share) => write!(
                to,
                "role {role}, which gives {} of {} privileges of {name} over every row",
                share.held, share.of
            )?,
            How::Together(share) => write!(
                to,
                "role {role}, which with the other roles of the user gives {} of {} privileges of {name} over every row",
                share.held, share.of
            )?,
        }
        match &self.role.team {
            None => write!(to, ", assigned directly"),
            Some(team) => write!(to, ", through team {team}"),
        }
    }
}

/// Whose power the role has, if an administrator's.
pub(crate) fn power(role: &RoleGrant, percent: u8) -> Result<Option<Power<'_>>, Stop> {
    let power = |administrator, how| Power {
        role,
        administrator,
        how,
    };
    let template = role.template_id.as_deref();
    let known = template.and_then(|id| ADMINISTRATORS.iter().find(|(known, _)| same(known, id)));
    if let Some((_, name)) = known {
        return Ok(Some(power(name, How::BuiltIn)));
    }
    let reach = role.reach.as_ref().ok_or_else(|| {
        Gap::new(
            GapKind::NotReached,
            format!(
                "the privileges of role {} were not compared with an administrator's",
                role.name
            ),
        )
    })?;
    let reach = reach.get()?;
    let equal = |administrator: Share, customizer: Share| {
        [
            (administrator, ADMINISTRATORS[0].1),
            (customizer, ADMINISTRATORS[1].1),
        ]
        .into_iter()
        .find(|(share, _)| u64::from(share.held) * 100 >= u64::from(share.of) * u64::from(percent))
    };
    if let Some((share, name)) = equal(reach.administrator, reach.customizer) {
        return Ok(Some(power(name, How::Copied(share))));
    }
    let Some(together) = &reach.together else {
        return Ok(None);
    };
    let together = together.get()?;
    let equal = equal(together.administrator, together.customizer);
    Ok(equal.map(|(share, name)| power(name, How::Together(share))))
}

/// A role counts as equivalent from this share of an administrator's privileges.
pub(crate) const EQUIVALENT_PERCENT: u8 = 95;

params! {
    /// What counts as equivalent to an administrator.
    pub(crate) struct Params {
        /// Share of an administrator's privileges, held over every row, from which a role, or all roles of a
        /// user together, are equivalent to it; in percent, 1 to 100. Default: 95.
        #[serde(deserialize_with = "percent")]
        #[schemars(range(min = 1, max = 100))]
        equivalent_percent: u8 = EQUIVALENT_PERCENT,
    }
}

fn percent<'de, D: serde::Deserializer<'de>>(from: D) -> Result<u8, D::Error> {
    let percent = <u8 as serde::Deserialize>::deserialize(from)?;
    if (1..=100).contains(&percent) {
        return Ok(percent);
    }
    Err(serde::de::Error::custom(
        "`equivalent-percent` is a share from 1 to 100",
    ))
}

/// Role templates, the same in every business unit (role names can be changed, these cannot).
const ADMINISTRATORS: [(&str, &str); 2] = [
    (
        "627090ff-40a3-4053-8790-584edc5be201",
        "System Administrator",
    ),
    ("119f245c-3cc8-4b62-b31c-d1a046ced15d", "System Customizer"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::testing::*;

    #[test]
    fn the_template_tells_whatever_the_name_is() {
        assert_pass::<AdministratorRole>(|_| {});
        for team in [None, Some("Integrations".to_owned())] {
            assert_fail::<AdministratorRole>(|snapshot| {
                let role = &mut dataverse(snapshot).roles.items[0];
                role.template_id = Some("627090FF-40A3-4053-8790-584EDC5BE201".to_owned());
                role.team = team.clone();
            });
        }
        assert_unknown::<AdministratorRole>(|snapshot| {
            dataverse(snapshot).roles.gap = Some(a_gap())
        });
    }

    #[test]
    fn a_partial_list_is_enough_to_fail() {
        assert_fail::<AdministratorRole>(|snapshot| {
            let roles = &mut dataverse(snapshot).roles;
            roles.items[0].template_id = Some(ADMINISTRATORS[1].0.to_owned());
            roles.gap = Some(a_gap());
        });
    }

    fn reaching(snapshot: &mut Snapshot, administrator: u32, customizer: u32) {
        let share = |held| Share { held, of: 4000 };
        dataverse(snapshot).roles.items[0].reach = Some(known(RoleReach {
            administrator: share(administrator),
            customizer: share(customizer),
            together: None,
        }));
    }

    #[test]
    fn a_copied_role_is_told_by_its_reach() {
        assert_pass::<AdministratorRole>(|snapshot| reaching(snapshot, 3799, 3799));
        assert_fail::<AdministratorRole>(|snapshot| reaching(snapshot, 0, 3800));
        let outcome = judge_raia::<AdministratorRole>(|snapshot| reaching(snapshot, 3900, 0));
        let Outcome::Fail(failure) = outcome else {
            panic!("{outcome:?}");
        };
        assert_eq!(
            failure.seen,
            "The application user has role Raia Contact Sync, which gives 3900 of 4000 privileges of \
             System Administrator over every row, assigned directly"
        );
        assert_eq!(
            failure.what.as_deref(),
            Some("is as powerful as System Administrator (role Raia Contact Sync)")
        );
    }

    #[test]
    fn halves_make_a_whole() {
        fn halves(snapshot: &mut Snapshot, together: Observed<Together>) {
            reaching(snapshot, 2000, 0);
            let roles = &mut dataverse(snapshot).roles.items;
            let Some(Observed::Known(reach)) = &mut roles[0].reach else {
                panic!("known");
            };
            reach.together = Some(together);
        }
        let both = |held| {
            let share = |held| Share { held, of: 4000 };
            Together {
                administrator: share(held),
                customizer: share(0),
            }
        };
        assert_pass::<AdministratorRole>(|snapshot| halves(snapshot, known(both(3799))));
        assert_fail::<AdministratorRole>(|snapshot| halves(snapshot, known(both(3800))));
        assert_unknown::<AdministratorRole>(|snapshot| halves(snapshot, gap()));
    }

    #[test]
    fn a_role_that_was_not_compared_may_be_a_copy() {
        assert_unknown::<AdministratorRole>(|snapshot| {
            dataverse(snapshot).roles.items[0].reach = Some(gap());
        });
        assert_unknown::<AdministratorRole>(|snapshot| {
            dataverse(snapshot).roles.items[0].reach = None;
        });
        assert_not_applicable::<AdministratorRole>(|snapshot| {
            dataverse(snapshot).user = known(Presence::Absent);
            refuse_whoami(snapshot, UserRefusal::NotAMember);
        });
        // It was accepted, so it is somebody: whose roles nobody read.
        assert_unknown::<AdministratorRole>(|snapshot| {
            dataverse(snapshot).user = known(Presence::Absent);
        });
    }

    #[test]
    fn a_share_is_a_share() {
        for wrong in [0, 101, 1000] {
            let params = serde_json::json!({ "equivalent-percent": wrong });
            assert!(serde_json::from_value::<Params>(params).is_err(), "{wrong}");
        }
    }
}
