//! Is the integration an administrator?

use crate::checks::prelude::*;

pub(crate) struct AdministratorRole;

impl Check for AdministratorRole {
    const META: CheckMeta = CheckMeta {
        id: "administrator-role",
        title: "The application user is System Administrator or System Customizer, or as good as one",
        severity: Severity::Critical,
        family: super::FAMILY,
        rationale: "An administrator's credential opens every table and every setting; one leaked secret is then the whole environment. A copied role under another name is no less: a role counts as equivalent when it gives nearly as many privileges over every row as the one that comes with the product, and so do roles that give them together. At parent-and-child depth a role of the root unit reaches every row as well.",
        remediation: "Make a security role of the integration's own with only what it needs, assign it, and take the administrator role away.",
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
                            Err(stop) => (String::new(), Err(stop)),
                            Ok(None) => (String::new(), Ok(true)),
                            Ok(Some(power)) => (format!("{power} {}", how(role)), Ok(false)),
                        }
                    })
                    .chain([(String::new(), whole(proof))]),
                |held| {
                    failed(format!("The application user holds {}", listed(&held)))
                        .what(format!("has {}", listed(&held)))
                },
            )
        })
    }
}

fn whole(proof: &DataverseProof) -> Result<bool, Stop> {
    known_user(proof)?;
    proof.roles.whole()?;
    Ok(true)
}

fn how(role: &RoleGrant) -> String {
    role.team.as_ref().map_or_else(
        || "directly".to_owned(),
        |team| format!("through team {team}"),
    )
}

/// Whose power the role has, if an administrator's.
pub(crate) fn power(role: &RoleGrant, percent: u8) -> Result<Option<String>, Stop> {
    let template = role.template_id.as_deref();
    let known = template.and_then(|id| ADMINISTRATORS.iter().find(|(known, _)| same(known, id)));
    if let Some((_, name)) = known {
        return Ok(Some((*name).to_owned()));
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
        .map(|(share, name)| {
            format!(
                "{} of {} privileges of {name} at a depth that reaches every row,",
                share.held, share.of
            )
        })
    };
    if let Some(power) = equal(reach.administrator, reach.customizer) {
        return Ok(Some(format!("{}, which gives {power}", role.name)));
    }
    let Some(together) = &reach.together else {
        return Ok(None);
    };
    let together = together.get()?;
    Ok(
        equal(together.administrator, together.customizer).map(|power| {
            format!(
                "{}, which with the user's other roles gives {power}",
                role.name
            )
        }),
    )
}

/// From this share of an administrator's privileges on a role counts as equivalent.
pub(crate) const EQUIVALENT_PERCENT: u8 = 95;

params! {
    /// What counts as good as an administrator.
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
            "The application user holds Raia Contact Sync, which gives 3900 of 4000 privileges of \
             System Administrator at a depth that reaches every row, directly"
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
