//! Graph's lists: whole ones, and those that hang on an object and begin in a batch.

use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::Value;
use url::Url;

use super::batch::{Asker, EVENTUAL};
use super::batch_answers::is_absent;
use crate::collect::fields::{Fields, read_rows};
use crate::collect::http::Answer;
use crate::collect::pages;
use crate::collect::shape::{self, Page};
use crate::model::{Gap, GapKind, Listing};

fn address(host: &str, path: &str) -> Result<Url, Gap> {
    versioned(host, "v1.0", path)
}

fn versioned(host: &str, version: &str, path: &str) -> Result<Url, Gap> {
    format!("https://{host}/{version}{path}")
        .parse()
        .map_err(|_| Gap::new(GapKind::Malformed, format!("{host} makes no url")))
}

/// What is listed, in words and as contexts may call it.
pub(super) type What<'a> = (&'a str, &'a [&'a str]);

async fn read(
    asker: Asker<'_>,
    (what, set): What<'_>,
    first: Url,
    refusal: pages::Refusal<'_>,
) -> Listing<Value> {
    let call = format!("the list of {what}");
    let ask = |url| asker.get(&call, url);
    pages::read(asker.wire, (what, set), first, None, &ask, refusal).await
}

/// A list by its two paths: where the first is not understood (400), the second is asked.
pub(super) async fn whole(
    asker: Asker<'_>,
    what: What<'_>,
    [path, older]: [String; 2],
) -> Listing<Value> {
    let not_understood = AtomicBool::new(false);
    let refusal = |call: &str, answer: &Answer| {
        not_understood.store(answer.status == 400, Ordering::Relaxed);
        asker.refusal(call, answer)
    };
    let listing = match address(asker.host, &path) {
        Ok(first) => read(asker, what, first, &refusal).await,
        Err(gap) => return Listing::cut_short(Vec::new(), gap),
    };
    if !listing.items.is_empty() || !not_understood.load(Ordering::Relaxed) {
        return listing;
    }
    match address(asker.host, &older) {
        Ok(first) => {
            read(asker, what, first, &|call, answer| {
                asker.refusal(call, answer)
            })
            .await
        }
        Err(gap) => Listing::cut_short(Vec::new(), gap),
    }
}

/// A list that hangs on an object; its first page came in a batch. `absent` says in words that the
/// object itself does not exist.
pub(super) async fn hanging(
    asker: Asker<'_>,
    what: What<'_>,
    absent: &str,
    answer: Result<Answer, Gap>,
) -> Listing<Value> {
    let Page { rows, next, count } = match first_page(asker, what, absent, answer) {
        Ok(page) => page,
        Err(gap) => return Listing::cut_short(Vec::new(), gap),
    };
    let Some(next) = next else {
        return counted(what, count, Listing::complete(rows));
    };
    let here = match address(asker.host, "/") {
        Ok(here) => here,
        Err(gap) => return Listing::cut_short(rows, gap),
    };
    let call = format!("the list of {}", what.0);
    // Where the first page counted, each further one is a page of the same advanced query.
    let ask = |url| match count {
        Some(_) => asker.get(&call, url).header(EVENTUAL.0, EVENTUAL.1),
        None => asker.get(&call, url),
    };
    let refusal = |call: &str, answer: &Answer| asker.refusal(call, answer);
    let page = (&here, next.as_str());
    let listing = pages::after_first(asker.wire, what, rows, page, &ask, &refusal).await;
    counted(what, count, listing)
}

/// A list that came to its end with more or fewer rows than Graph counts is not whole.
fn counted((what, _): What<'_>, count: Option<u64>, mut listing: Listing<Value>) -> Listing<Value> {
    let read = listing.items.len();
    if let Some(count) = count.filter(|count| u64::try_from(read) != Ok(*count)) {
        listing.gap = listing.gap.or_else(|| {
            let seen = format!("{what}: {read} read, and Graph counts {count}");
            let gap = Gap::new(GapKind::Truncated, seen);
            Some(gap.with_remedy("run again in some minutes: Graph's index follows changes late"))
        });
    }
    listing
}

/// A list that only beta can tell.
pub(super) async fn in_beta(asker: Asker<'_>, (what, set): What<'_>, path: &str) -> Listing<Value> {
    match versioned(asker.host, "beta", path) {
        Ok(first) => {
            let refusal = |call: &str, answer: &Answer| asker.refusal(call, answer);
            let what = format!("{what} (beta)");
            read(asker, (&what, set), first, &refusal).await
        }
        Err(gap) => Listing::cut_short(Vec::new(), gap),
    }
}

fn first_page(
    asker: Asker<'_>,
    (what, set): What<'_>,
    absent: &str,
    answer: Result<Answer, Gap>,
) -> Result<Page, Gap> {
    let answer = answer?;
    if is_absent(&answer) {
        return Err(Gap::new(GapKind::NotReached, absent));
    }
    if !answer.is_success() {
        return Err(asker.refusal(what, &answer));
    }
    shape::page(what, &answer, set)
}

/// The list, cut short where one of its objects has no client id: it may be any of those that are missing.
pub(super) fn by_client(what: &str, mut listing: Listing<Value>) -> Listing<Value> {
    let odd = |object: &Value| Fields::new(object, what).guid("appId").err();
    listing.gap = listing.gap.or_else(|| listing.items.iter().find_map(odd));
    listing
}

/// Each row by `make`, sorted, none twice; a row that cannot be read cuts the list short.
pub(super) fn rows<T: Ord>(
    what: &str,
    listing: Listing<Value>,
    make: impl Fn(Fields<'_>) -> Result<T, Gap>,
) -> Listing<T> {
    let mut rows = read_rows(listing, |row| make(Fields::new(row, what)));
    rows.items.sort();
    rows.items.dedup();
    rows
}
