//! Walking the reads of Finance & Operations collections that the estate expects an answer to.

use super::case::{Case, Context, Judged, Stop, not_applicable};
use crate::estate::FinopsExpectations;
use crate::evidence::{CollectionAnswer, CollectionRead, Expected, FinopsProof};
use crate::model::{Gap, GapKind, Observed, Verdict};

impl<'a> Case<'a> {
    /// What the estate expects in Finance & Operations.
    pub fn finops_expectations(&self) -> Result<&'a FinopsExpectations, Stop> {
        self.registration.finops.as_ref().ok_or_else(|| {
            not_applicable("the estate expects nothing of it in Finance & Operations")
        })
    }

    /// What Finance & Operations answered.
    pub fn finops(&self) -> Result<&'a FinopsProof, Stop> {
        self.finops_expectations()?;
        self.evidence.finops.as_ref().ok_or_else(|| {
            Gap::new(GapKind::NotReached, "Finance & Operations was not asked").into()
        })
    }

    /// The control of a 403 there: another collection that was read with the same token. The service
    /// gives no code, so without it a 403 may come from anything on the way.
    pub fn require_another_collection(&self, than: &str) -> Result<(), Stop> {
        let controlled = self.finops()?.reads.iter().any(|read| {
            read.collection != than
                && matches!(read.answer, Observed::Known(CollectionAnswer::Read { .. }))
        });
        if controlled {
            return Ok(());
        }
        Err(Gap::new(
            GapKind::NotReached,
            format!(
                "{than} was refused with a bare 403, and no other collection could be read with the same token, so the 403 proves nothing by itself"
            ),
        )
        .with_remedy("declare a collection that the integration may read beside it")
        .into())
    }
}

/// One verdict for every collection that the estate expects to be allowed (or denied) for reading. The
/// estate drives: a read that was never made is a gap, not silence. Where it declares none there is no
/// verdict: the one about tables speaks for the registration.
pub(super) fn each_collection(
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
            let judged = case.finops().and_then(|proof| {
                let made = proof
                    .reads
                    .iter()
                    .find(|read| read.expected == expected && read.collection == *collection);
                match made {
                    Some(read) => judge(&case, read),
                    None => Err(Gap::new(
                        GapKind::NotReached,
                        format!("collection {collection} was not read"),
                    )
                    .into()),
                }
            });
            verdicts.push(Verdict::within(
                case.name(),
                format!("registration/{}/collection/{collection}", case.name()),
                case.settle(judged),
            ));
        }
    }
    verdicts
}
