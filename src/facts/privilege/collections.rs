//! Walking the reads of Finance & Operations collections that the estate expects an answer to.

use crate::estate::FinopsExpectations;
use crate::facts::case::{Case, Context, Judged, Stop, not_applicable};
use crate::facts::prelude::*;

impl<'a> Case<'a> {
    /// What the estate expects in Finance & Operations.
    pub(crate) fn finops_expectations(&self) -> Result<&'a FinopsExpectations, Stop> {
        self.registration.finops.as_ref().ok_or_else(|| {
            not_applicable("the estate expects nothing of it in Finance & Operations")
        })
    }

    /// What Finance & Operations answered.
    pub(crate) fn finops(&self) -> Result<&'a FinopsProof, Stop> {
        self.finops_expectations()?;
        self.evidence.finops.as_ref().ok_or_else(|| {
            Gap::new(GapKind::NotReached, "Finance & Operations was not asked").into()
        })
    }

    /// The control of a 403 on what should be allowed: another collection that was read with the same token,
    /// or the service document, which asks for no right on any: then the client is accepted, and may not read this.
    pub(crate) fn require_way_in(&self, than: &str) -> Result<WayIn<'a>, Stop> {
        if self.is_another_read(than)? {
            return Ok(WayIn::AnotherCollection);
        }
        match &self.finops()?.service_document {
            Some(Observed::Known(seen)) if seen.is_success() => Ok(WayIn::ServiceDocument(seen)),
            Some(Observed::Unknown(gap)) => Err(gap
                .behind(format!(
                    "{than} was refused with a bare 403, no other collection could be read with the same token, and the service document does not show that the client is accepted"
                ))
                .into()),
            _ => self
                .require_another_collection(than)
                .map(|()| WayIn::AnotherCollection),
        }
    }

    fn is_another_read(&self, than: &str) -> Result<bool, Stop> {
        let reads = &self.finops()?.reads;
        Ok(reads
            .iter()
            .any(|read| read.collection != than && was_let_through(read) == Some(true)))
    }

    /// The control of a 403 there: another collection that was read with the same token. The service
    /// gives no code, so without it a 403 may come from anything on the way.
    pub(crate) fn require_another_collection(&self, than: &str) -> Result<(), Stop> {
        if self.is_another_read(than)? {
            return Ok(());
        }
        Err(Gap::new(
            GapKind::NotReached,
            format!(
                "{than} was refused with a bare 403, and no other collection could be read with the same token, so the 403 proves nothing by itself"
            ),
        )
        .with_remedy("also declare a collection that the integration may read")
        .into())
    }
}

/// What shows that a 403 is about the one collection.
#[derive(Clone, Copy, Debug)]
pub(crate) enum WayIn<'a> {
    AnotherCollection,
    ServiceDocument(&'a Seen),
}

/// One verdict for every collection that the estate expects to be allowed (or denied) for reading. The
/// estate drives: a read that was never made is a gap, not silence. Where it declares none there is no
/// verdict: the one about tables speaks for the registration.
pub(crate) fn each_collection(
    context: &Context<'_>,
    expected: Expected,
    judge: impl Fn(&Case<'_>, &CollectionRead) -> Judged,
) -> Vec<Verdict> {
    let mut verdicts = Vec::new();
    for case in context.cases() {
        let Ok(expectations) = case.finops_expectations() else {
            continue;
        };
        let collections = match expected {
            Expected::Allowed => &expectations.allow.read,
            Expected::Denied => &expectations.deny.read,
        };
        for collection in collections {
            let judged =
                case.finops()
                    .and_then(|proof| match worst_read(proof, collection, expected) {
                        Some(read) => {
                            says_what_it_is(read)?;
                            judge(&case, read)
                        }
                        None => Err(Gap::new(
                            GapKind::NotReached,
                            format!("collection {collection} was not read"),
                        )
                        .into()),
                    });
            let verdict = case.on(Part::Collection(collection.clone()), judged);
            verdicts.push(verdict.of_finops());
        }
    }
    verdicts
}

/// The read of a collection; of several the one that fits the expectation least.
pub(crate) fn worst_read<'a>(
    proof: &'a FinopsProof,
    collection: &str,
    expected: Expected,
) -> Option<&'a CollectionRead> {
    let wrong = expected == Expected::Denied;
    proof
        .reads
        .iter()
        .filter(|read| read.expected == expected && read.collection == *collection)
        .max_by_key(|read| match was_let_through(read) {
            Some(open) if open == wrong => 3,
            Some(_) => 1,
            None => 2,
        })
}

/// What the status says by itself, where it is what the snapshot calls it.
fn was_let_through(read: &CollectionRead) -> Option<bool> {
    match read.answer.known()? {
        CollectionAnswer::Read { seen } if seen.is_success() => Some(true),
        CollectionAnswer::Refused { seen } if seen.status == 403 => Some(false),
        _ => None,
    }
}

/// Goes on only where the status is what the snapshot calls the answer.
pub(crate) fn says_what_it_is(read: &CollectionRead) -> Result<(), Stop> {
    match &read.answer {
        Observed::Known(CollectionAnswer::Read { seen } | CollectionAnswer::Refused { seen })
            if was_let_through(read).is_none() =>
        {
            Err(Gap::new(
                GapKind::Unrecognised,
                format!("{seen}, which is not an answer about who may read it"),
            )
            .into())
        }
        _ => Ok(()),
    }
}
