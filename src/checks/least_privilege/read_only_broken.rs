//! Can an integration that only reads change anything?

use crate::checks::prelude::*;

pub(crate) struct ReadOnlyBroken;

impl Check for ReadOnlyBroken {
    const META: CheckMeta = CheckMeta {
        id: "read-only-broken",
        title: "An integration that is declared read-only can change rows",
        severity: Severity::High,
        family: super::FAMILY,
        rationale: "An integration that only reads needs no privilege to create, write or delete, so that a leaked credential cannot damage anything. Tables with a user's own settings do not count: no role works without them.",
        remediation: "Remove every create, write and delete privilege from the security roles of application user CLIENT-ID in ENVIRONMENT-URL, except those on a user's own settings; or declare in the estate what it may change, instead of `read-only = true`.",
        controls: controls::LEAST_PRIVILEGE,
        evidence: &["Dataverse effective privileges", "Dataverse metadata"],
        explains: &["forbidden-privilege-held"],
    };

    const PAGE: Option<Page> = Some(Page::ApplicationUsers);

    type Params = Params;

    fn judge(params: &Params, context: &Context<'_>) -> Vec<Verdict> {
        context.each(|case| {
            if !case.dataverse_expectations()?.read_only {
                return Err(not_applicable("the estate does not declare it read-only"));
            }
            let proof = case.dataverse()?;
            require_user(proof)?;
            let privileges = proof.privileges.get()?;
            let writes = privileges.writes.as_ref().ok_or_else(|| {
                Gap::new(
                    GapKind::NotReached,
                    "which of its privileges can change rows was not asked",
                )
            })?;
            let found: Vec<&HeldWrite> = writes
                .items
                .iter()
                .filter(|write| !params.ignores(&write.table))
                .collect();
            if found.is_empty() {
                known_user(proof)?;
                writes.whole()?;
                return Ok(Outcome::Pass);
            }
            Ok(in_words(case, &found))
        })
    }
}

/// Tables in full as long as somebody would read them.
const NAMED: usize = 5;

fn in_words(case: &Case<'_>, found: &[&HeldWrite]) -> Outcome {
    let mut tables: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for write in found {
        let operations = tables.entry(&write.table).or_default();
        operations.insert(write.operation.as_str());
    }
    let called = |(table, operations): (&&str, &BTreeSet<&str>)| {
        let operations: Vec<&str> = operations.iter().copied().collect();
        format!("{} {table}", listed(&operations))
    };
    let mut named: Vec<String> = tables.iter().take(NAMED).map(called).collect();
    let title = match (tables.len(), tables.first_key_value()) {
        (1, Some((table, operations))) => called((table, operations)),
        (number, _) => format!("change {number} tables"),
    };
    if tables.len() > NAMED {
        named.push(format!("{} more tables", tables.len() - NAMED));
    }
    advised(
        format!(
            "The estate declares it read-only, but its roles let it {}",
            listed(&named)
        ),
        format!(
            "Remove these privileges from {}; or declare in the estate what it may change, instead of `read-only = true`",
            case.roles_to_narrow()
        ),
    )
    .what(format!("is declared read-only but can {title}"))
}

params! {
    /// What does not count.
    pub(crate) struct Params {
        /// Logical names of tables that hold a user's own settings rather than business, and do not count.
        /// Default: ten of Dataverse's own.
        ignore_tables: Vec<String> = PER_USER.map(str::to_owned).to_vec(),
    }
}

impl Params {
    fn ignores(&self, table: &str) -> bool {
        self.ignore_tables
            .iter()
            .any(|name| name.eq_ignore_ascii_case(table))
    }
}

/// Rows that belong to one user: its settings, views, charts, forms, templates and what it last opened.
const PER_USER: [&str; 10] = [
    "personaldocumenttemplate",
    "userapplicationmetadata",
    "userentityinstancedata",
    "userentityuisettings",
    "userfiscalcalendar",
    "userform",
    "usermapping",
    "userquery",
    "userqueryvisualization",
    "usersettings",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::testing::*;
    use crate::model::Listing;

    fn reading(snapshot: &mut Snapshot, writes: &[(&str, Operation)]) {
        expectations(snapshot).read_only = true;
        let writes = writes
            .iter()
            .map(|(table, operation)| HeldWrite {
                table: (*table).to_owned(),
                operation: *operation,
                privilege: privilege(*operation, table),
                depth: Depth::User,
            })
            .collect();
        held_list(snapshot).writes = Some(Listing::complete(writes));
    }

    #[test]
    fn any_change_of_business_breaks_it() {
        assert_pass::<ReadOnlyBroken>(|snapshot| reading(snapshot, &[]));
        assert_pass::<ReadOnlyBroken>(|snapshot| {
            reading(snapshot, &PER_USER.map(|table| (table, Operation::Write)));
        });
        for operation in [Operation::Create, Operation::Write, Operation::Delete] {
            assert_fail::<ReadOnlyBroken>(|snapshot| {
                reading(
                    snapshot,
                    &[("usersettings", Operation::Write), ("lead", operation)],
                );
                held_list(snapshot).writes.as_mut().unwrap().gap = Some(a_gap());
            });
        }
        assert_not_applicable::<ReadOnlyBroken>(|snapshot| {
            reading(snapshot, &[("lead", Operation::Write)]);
            expectations(snapshot).read_only = false;
        });
    }

    #[test]
    fn nothing_found_counts_only_in_a_whole_list() {
        assert_unknown::<ReadOnlyBroken>(|snapshot| {
            reading(snapshot, &[]);
            held_list(snapshot).writes.as_mut().unwrap().gap = Some(a_gap());
        });
        assert_unknown::<ReadOnlyBroken>(|snapshot| {
            reading(snapshot, &[]);
            held_list(snapshot).writes = None;
        });
        assert_unknown::<ReadOnlyBroken>(|snapshot| {
            reading(snapshot, &[]);
            dataverse(snapshot).privileges = gap();
        });
    }

    #[test]
    fn many_tables_are_counted() {
        let tables = ["a", "b", "c", "d", "e", "f", "g"].map(|table| (table, Operation::Write));
        let outcome = judge_raia::<ReadOnlyBroken>(|snapshot| reading(snapshot, &tables));
        let Outcome::Fail(failure) = outcome else {
            panic!("{outcome:?}");
        };
        assert!(
            failure.seen.ends_with("write e and 2 more tables"),
            "{failure:?}"
        );
    }
}
