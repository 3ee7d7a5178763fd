//! Do the roles reach beyond the declared business unit?

use crate::checks::prelude::*;
use crate::facts::privilege::operation::as_gap;

pub(crate) struct PrivilegeDepthTooWide;

impl Check for PrivilegeDepthTooWide {
    const META: CheckMeta = CheckMeta {
        id: "privilege-depth-too-wide",
        title: "A privilege reaches beyond the business unit that the estate declares",
        severity: Severity::Low,
        family: super::FAMILY,
        rationale: "An integration that belongs to one business unit can reach the rows of every unit if its role gives the privilege at organisation depth, and those of the units below if it gives it at parent-and-child depth. This is checked only if the estate declares a business unit that is not the root, and only for tables that have depths.",
        remediation: "Set the privilege to business unit depth in the role, or move the application user to the root business unit if the integration serves all units.",
        controls: controls::LEAST_PRIVILEGE,
        evidence: &[
            "Dataverse effective privileges",
            "Dataverse metadata",
            "Dataverse application users",
        ],
        explains: &[],
    };

    const PAGE: Option<Page> = Some(Page::ApplicationUsers);

    type Params = NoParams;

    fn judge(_: &NoParams, context: &Context<'_>) -> Vec<Verdict> {
        each_table(
            context,
            Side::Allowed,
            |_| true,
            "the estate allows nothing",
            |case, weighed| {
                let expected = case.dataverse_expectations()?;
                let Some(unit) = &expected.business_unit else {
                    return Err(not_applicable("the estate declares no business unit"));
                };
                let Presence::Present(user) = case.dataverse()?.user.get()? else {
                    return Err(not_applicable("there is no application user"));
                };
                if *user.in_root_unit.get()? {
                    return Err(not_applicable(
                        "its business unit is the root: all others are below it",
                    ));
                }
                // Where it sits elsewhere, nothing tells whether the declared unit is the root.
                if !user.business_unit.get()?.eq_ignore_ascii_case(unit) {
                    return Err(said_by(
                        "wrong-business-unit",
                        "it is in another business unit than declared",
                    ));
                }
                worst(
                    weighed.iter().map(|one| (one, is_narrow(one))),
                    |wide: Vec<&Weighed<'_>>| {
                        let names: Vec<String> = wide.iter().map(|one| one.granted()).collect();
                        let table = wide.first().map_or("", |one| one.table);
                        let verbs = verbs(wide.iter().map(|one| one.operation));
                        let grants = wide.iter().filter_map(|one| one.grant.as_ref().ok());
                        let privileges: Vec<&str> = grants.map(|grant| grant.name).collect();
                        advised(
                            format!(
                                "On {table} it has {}; the estate places it in business unit {unit}",
                                listed(&names)
                            ),
                            format!(
                                "Set {} to business unit depth in {}; or, if the integration serves all units, move application user CLIENT-ID to the root business unit and correct `business-unit` in the estate",
                                listed(&privileges),
                                case.roles_to_narrow()
                            ),
                        )
                        .what(format!("can {verbs} {table} beyond business unit {unit}"))
                    },
                )
            },
        )
    }
}

fn is_narrow(one: &Weighed<'_>) -> Result<bool, Stop> {
    let grant = match &one.grant {
        Ok(grant) => grant,
        Err(stop) => return Err(as_gap(stop.clone()).into()),
    };
    match grant.depth {
        None => Err(said_by(
            "expected-access-refused",
            "the user does not have it",
        )),
        Some(_) if !grant.by_unit => Err(not_applicable(
            "the organisation owns the table, so that it has no depths",
        )),
        Some(depth) => Ok(depth < Depth::ParentAndChild),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::testing::*;

    fn wide(snapshot: &mut Snapshot) {
        hold(snapshot, Operation::Read, "contact", Depth::Organization);
    }

    #[test]
    fn organisation_depth_is_too_wide_for_one_unit() {
        assert_pass::<PrivilegeDepthTooWide>(|_| {});
        assert_fail::<PrivilegeDepthTooWide>(wide);
        assert_fail::<PrivilegeDepthTooWide>(|snapshot| {
            hold(snapshot, Operation::Read, "contact", Depth::ParentAndChild);
        });
        for depth in [Depth::BusinessUnit, Depth::User] {
            assert_pass::<PrivilegeDepthTooWide>(|snapshot| {
                hold(snapshot, Operation::Read, "contact", depth);
            });
        }
        // Not stated, so no business of this check.
        assert_pass::<PrivilegeDepthTooWide>(|snapshot| {
            hold(snapshot, Operation::Write, "contact", Depth::Organization);
        });
    }

    #[test]
    fn where_there_is_no_choice_nothing_is_asked() {
        let spoils: [fn(&mut Snapshot); 5] = [
            |snapshot| user(snapshot).business_unit = known("sales".to_owned()),
            |snapshot| user(snapshot).in_root_unit = known(true),
            |snapshot| expectations(snapshot).business_unit = None,
            |snapshot| held_list(snapshot).held.items.clear(),
            |snapshot| {
                let names = &mut names_of(snapshot, "contact").privileges;
                let crate::model::Observed::Known(names) = names else {
                    panic!("known");
                };
                names.iter_mut().for_each(|one| one.by_unit = false);
            },
        ];
        for spoil in spoils {
            assert_not_applicable::<PrivilegeDepthTooWide>(|snapshot| {
                wide(snapshot);
                spoil(snapshot);
            });
        }
    }

    #[test]
    fn what_was_not_read_is_unknown() {
        let spoils: [fn(&mut Snapshot); 5] = [
            |snapshot| user(snapshot).business_unit = gap(),
            |snapshot| user(snapshot).in_root_unit = gap(),
            |snapshot| dataverse(snapshot).user = gap(),
            |snapshot| dataverse(snapshot).privileges = gap(),
            |snapshot| names_of(snapshot, "contact").privileges = gap(),
        ];
        for spoil in spoils {
            assert_unknown::<PrivilegeDepthTooWide>(|snapshot| {
                wide(snapshot);
                spoil(snapshot);
            });
        }
    }
}
