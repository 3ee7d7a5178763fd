//! What is known of one operation on one table: the real call, the grant, and what they come to.

use super::truth_table::{Granted, Judgement, Said, Told, judge, read_answer};
use crate::facts::case::{Case, Stop, not_applicable, said_by};
use crate::facts::prelude::*;

/// A privilege as metadata names it, and how far the user holds it.
#[derive(Clone, Debug)]
pub(crate) struct Grant<'a> {
    pub name: &'a str,
    /// `CanBeLocal`.
    pub by_unit: bool,
    /// `None`: not held.
    pub depth: Option<Depth>,
}

/// A real call that was meant to be made.
#[derive(Clone, Debug)]
pub(crate) enum Call<'a> {
    /// None was meant to be: nothing is stated, or only a write could tell.
    NotTried,
    Answered(&'a Seen, Told),
    Unclear(Gap),
}

/// One operation on one table, weighed.
#[derive(Clone, Debug)]
pub(crate) struct Weighed<'a> {
    pub table: &'a str,
    pub operation: Operation,
    pub stated: Stated,
    pub call: Call<'a>,
    pub grant: Result<Grant<'a>, Stop>,
    /// Why a refusal would prove nothing.
    pub control: Result<(), Stop>,
    pub judgement: Judgement,
}

impl<'a> Case<'a> {
    /// Weighs one operation. Not applicable where the table does not exist.
    pub(crate) fn weigh(
        &self,
        table: &'a str,
        operation: Operation,
        stated: Stated,
    ) -> Result<Weighed<'a>, Stop> {
        if self.is_no_table(table) {
            return Err(said_by("declared-name-absent", "the table does not exist"));
        }
        let call = match operation {
            Operation::Read => self.read_of(table, stated),
            _ => self.probe_of(table, operation),
        };
        let grant = self.grant(table, operation);
        let control = self.require_whoami();
        let granted = match &grant {
            Ok(grant) => grant.depth.map_or(Granted::NotHeld, Granted::Held),
            Err(_) => Granted::Unknown,
        };
        let observed = match &call {
            Call::NotTried => None,
            Call::Answered(_, told) => Some(*told),
            Call::Unclear(_) => Some(Told::Nothing),
        };
        let judgement = judge(operation, stated, observed, granted, control.is_ok());
        Ok(Weighed {
            table,
            operation,
            stated,
            call,
            grant,
            control,
            judgement,
        })
    }

    fn read_of(&self, table: &str, stated: Stated) -> Call<'a> {
        let expected = match stated {
            Stated::Allowed => Expected::Allowed,
            Stated::Denied => Expected::Denied,
            Stated::NotStated => return Call::NotTried,
        };
        let proof = match self.dataverse() {
            Ok(proof) => proof,
            Err(stop) => return Call::Unclear(as_gap(stop)),
        };
        let reads = proof.reads.iter();
        let calls = reads
            .filter(|read| read.expected == expected && read.table == *table)
            .map(|read| match read.answer.get() {
                Err(gap) => Call::Unclear(gap.clone()),
                Ok(ReadAnswer::Read { seen }) => answered(Operation::Read, seen, Told::LetThrough),
                Ok(ReadAnswer::Refused { seen, why }) => refused(Operation::Read, seen, *why),
                Ok(ReadAnswer::NoSuchTable) => {
                    Call::Unclear(Gap::new(GapKind::NotReached, "the table does not exist"))
                }
            });
        worst_call(calls, stated).unwrap_or_else(|| {
            let why = format!("table {table} was not read");
            Call::Unclear(Gap::new(GapKind::NotReached, why))
        })
    }

    fn probe_of(&self, table: &str, operation: Operation) -> Call<'a> {
        let Ok(proof) = self.dataverse() else {
            return Call::NotTried;
        };
        let probes = proof.write_probes.iter();
        let calls = probes
            .filter(|probe| probe.table == *table && probe.operation == operation)
            .map(|probe| match probe.answer.get() {
                Err(gap) => Call::Unclear(gap.clone()),
                Ok(WriteAnswer::Honoured { seen }) => answered(operation, seen, Told::LetThrough),
                Ok(WriteAnswer::NotFound { seen }) => answered(operation, seen, Told::NotThere),
                Ok(WriteAnswer::Refused { seen, why }) => refused(operation, seen, *why),
            });
        worst_call(calls, Stated::Denied).unwrap_or(Call::NotTried)
    }

    /// Whether metadata, read in full, has no such table.
    pub(crate) fn is_no_table(&self, table: &str) -> bool {
        let read = self.evidence.dataverse.as_ref().is_some_and(|proof| {
            proof.reads.iter().any(|read| {
                read.table == *table && read.answer.known() == Some(&ReadAnswer::NoSuchTable)
            })
        });
        read || matches!(self.tables(), Ok(tables) if find(tables, table).is_none())
    }

    /// The tables of its environment, as metadata names them.
    pub(crate) fn tables(&self) -> Result<&'a [TableName], Stop> {
        let name = &self.registration.environment;
        let environment = self.snapshot().environments.get(name).ok_or_else(|| {
            Gap::new(
                GapKind::NotReached,
                format!("environment {name} was not looked at"),
            )
        })?;
        Ok(environment.tables.get()?)
    }

    /// The privilege behind an operation, as metadata names it: never built from the table's name.
    pub(crate) fn privilege_name(
        &self,
        table: &str,
        operation: Operation,
    ) -> Result<(&'a str, bool), Stop> {
        let named = find(self.tables()?, table)
            .ok_or_else(|| said_by("declared-name-absent", "the table does not exist"))?;
        let mut names = named.privileges.get()?.iter();
        names
            .find(|one| one.operation == operation)
            .map(|one| (one.name.as_str(), one.by_unit))
            .ok_or_else(|| {
                Gap::new(
                    GapKind::Unrecognised,
                    format!("metadata names no privilege for {operation} on {table}: what governs it is not known"),
                )
                .into()
            })
    }

    /// How far the application user holds the privilege behind an operation.
    pub(crate) fn grant(&self, table: &str, operation: Operation) -> Result<Grant<'a>, Stop> {
        let proof = self.dataverse()?;
        let (name, by_unit) = self.privilege_name(table, operation)?;
        let told = proof.privileges.get()?;
        let found = told
            .held
            .items
            .iter()
            .find(|held| held.name.eq_ignore_ascii_case(name));
        if found.is_none() {
            told.held.whole()?;
            if !told.asked.iter().any(|one| one.eq_ignore_ascii_case(name)) {
                let why = format!("whether {name} is held was not asked");
                return Err(Gap::new(GapKind::NotReached, why).into());
            }
        }
        Ok(Grant {
            name,
            by_unit,
            depth: found.map(|held| held.depth),
        })
    }

    /// Tables that the estate allows the same operation on, though they have the very privilege: one
    /// cannot be let through and the other refused.
    pub(crate) fn shared_with(&self, table: &str, operation: Operation) -> Vec<&'a str> {
        let (Ok(expected), Ok((name, _))) = (
            self.dataverse_expectations(),
            self.privilege_name(table, operation),
        ) else {
            return Vec::new();
        };
        let same = |other: &&String| {
            **other != *table
                && matches!(self.privilege_name(other, operation), Ok((theirs, _)) if theirs.eq_ignore_ascii_case(name))
        };
        let allowed = expected.allow.of(operation).iter();
        allowed.filter(same).map(String::as_str).collect()
    }
}

impl Weighed<'_> {
    /// What one of the checks says: whether it passes, or why it is unknown.
    pub(crate) fn passes(&self, said: Said, gap: Gap) -> Result<bool, Stop> {
        match said {
            Said::Pass => Ok(true),
            Said::Fail => Ok(false),
            Said::Unknown => Err(gap.into()),
            Said::NotAsked => Err(not_applicable(Why::another(
                "another check says it, or no call was made",
            ))),
        }
    }

    /// Why the real call says nothing.
    pub(crate) fn gap_of_call(&self) -> Gap {
        match (&self.call, &self.control) {
            (Call::Unclear(gap), _) => gap.clone(),
            (Call::Answered(_, Told::Refused), Err(stop)) => as_gap(stop.clone()),
            (Call::Answered(seen, Told::Refused | Told::NotThere | Told::LetThrough), _) => {
                Gap::new(GapKind::Unrecognised, seen.to_string())
            }
            (Call::Answered(seen, Told::Nothing), _) => Gap::new(
                GapKind::Unrecognised,
                format!("{seen}, which is not an answer about privileges"),
            ),
            (Call::NotTried, _) => Gap::new(GapKind::NotReached, "no real call was made"),
        }
    }

    /// Whether the call says nothing although it was answered.
    pub(crate) const fn gap_tells(&self) -> bool {
        match self.call {
            Call::Answered(_, Told::Nothing) => true,
            Call::Answered(_, Told::Refused) => self.control.is_err(),
            _ => false,
        }
    }

    /// Why nothing is known of what is granted.
    pub(crate) fn gap_of_grant(&self) -> Gap {
        match &self.grant {
            Err(stop) => as_gap(stop.clone()),
            Ok(_) => self.gap_of_call(),
        }
    }

    /// Of the two kinds of evidence the one that is missing, the call first.
    pub(crate) fn gap_of_either(&self) -> Gap {
        match self.call {
            Call::Answered(_, Told::LetThrough) => self.gap_of_grant(),
            Call::Answered(_, Told::Refused) if self.control.is_ok() => self.gap_of_grant(),
            _ => self.gap_of_call(),
        }
    }

    /// `prvReadAccount (organisation depth)`; `prvReadAccount is not held`.
    pub(crate) fn granted(&self) -> String {
        match &self.grant {
            Err(stop) => stop.clone().into_words().to_string(),
            Ok(Grant {
                name,
                depth: Some(depth),
                ..
            }) => format!("{name} ({} depth)", depth.as_str()),
            Ok(Grant { name, .. }) => format!("{name} is not held"),
        }
    }

    /// The call as a finding quotes it.
    pub(crate) fn seen(&self) -> String {
        match &self.call {
            Call::Answered(seen, _) => seen.to_string(),
            _ => self.gap_of_call().seen.to_string(),
        }
    }

    /// `200`, `403 0x80040220`, or why there was none.
    pub(crate) fn observed(&self) -> String {
        match &self.call {
            Call::NotTried => "no call was made".to_owned(),
            Call::Unclear(gap) => gap.seen.to_string(),
            Call::Answered(seen, _) => {
                let code = seen.code.as_deref().unwrap_or_default();
                format!("{} {code}", seen.status).trim_end().to_owned()
            }
        }
    }
}

/// Of several answers to one call the one that fits what is stated least: a second one is no way past
/// the first.
fn worst_call<'a>(calls: impl Iterator<Item = Call<'a>>, stated: Stated) -> Option<Call<'a>> {
    let open_is_wrong = stated == Stated::Denied;
    calls.max_by_key(|call| match call {
        Call::Answered(_, Told::LetThrough) if open_is_wrong => 3,
        Call::Answered(_, Told::Refused) if !open_is_wrong => 3,
        Call::Answered(_, Told::LetThrough | Told::Refused | Told::NotThere) => 1,
        Call::Answered(_, Told::Nothing) | Call::Unclear(_) => 2,
        Call::NotTried => 0,
    })
}

fn find<'a>(tables: &'a [TableName], table: &str) -> Option<&'a TableName> {
    tables
        .iter()
        .find(|name| name.logical_name.eq_ignore_ascii_case(table))
}

/// The status has to say what the collector read out of it.
fn answered(operation: Operation, seen: &Seen, read_as: Told) -> Call<'_> {
    let told = read_answer(operation, seen.status, seen.code.as_deref());
    Call::Answered(seen, if told == read_as { told } else { Told::Nothing })
}

fn refused(operation: Operation, seen: &Seen, why: ReadRefusal) -> Call<'_> {
    match why {
        ReadRefusal::NotAUser => Call::Unclear(Gap::new(
            GapKind::NotReached,
            "the application is not a working user of the environment",
        )),
        ReadRefusal::Privilege | ReadRefusal::NoRoles => answered(operation, seen, Told::Refused),
    }
}

/// What ended a look at the evidence, as a gap.
pub(crate) fn as_gap(stop: Stop) -> Gap {
    match stop {
        Stop::Gap(gap) => gap,
        Stop::NotApplicable(why) => Gap::new(GapKind::NotReached, why.to_string()),
    }
}

/// Every table named on one side, under any operation, sorted, each once.
pub(crate) fn tables_of(expected: &Expectations) -> Vec<&str> {
    let mut tables: Vec<&str> = expected.names().map(String::as_str).collect();
    tables.sort_unstable();
    tables.dedup();
    tables
}

/// The operations that one side names the table under.
pub(crate) fn operations_of(expected: &Expectations, table: &str) -> Vec<Operation> {
    let named = |operation: &Operation| expected.of(*operation).iter().any(|name| name == table);
    Operation::ALL.into_iter().filter(named).collect()
}

/// `a`, `a and b`, `a, b and c`.
pub(crate) fn listed<T: AsRef<str>>(words: &[T]) -> String {
    match words {
        [] => String::new(),
        [one] => one.as_ref().to_owned(),
        [rest @ .., last] => {
            let rest: Vec<&str> = rest.iter().map(AsRef::as_ref).collect();
            format!("{} and {}", rest.join(", "), last.as_ref())
        }
    }
}
