//! OData lists, page by page, never off the host they started on.

use std::collections::BTreeSet;

use serde_json::Value;
use url::Url;

use super::http::{Answer, Ask, Wire};
use super::shape::{self, Page};
use crate::model::{Gap, GapKind, Listing};

/// No list of an estate is longer; a service that pages on for ever is stopped.
const MOST_PAGES: usize = 2_000;

/// A service's way of saying that it refused a call.
pub(crate) type Refusal<'a> = &'a (dyn Fn(&str, &Answer) -> Gap + Sync);

/// Reads a list to its end, or as far as it goes. `ask` makes the request for a page's url.
///
/// `set` are the names by which each page may call what was asked for, `also` is the other name of the same
/// host, where it has one.
pub(crate) async fn read(
    wire: &Wire,
    (what, set): (&str, &[&str]),
    first: Url,
    also: Option<&str>,
    ask: &(dyn Fn(Url) -> Ask + Sync),
    refusal: Refusal<'_>,
) -> Listing<Value> {
    let begun = Begun {
        items: Vec::new(),
        pages: 0,
    };
    read_on(wire, (what, set), begun, (first, also), ask, refusal).await
}

/// What is read of a list already.
struct Begun {
    items: Vec<Value>,
    pages: usize,
}

/// The rest of a list whose first page came in another way: `next` is where that page says it goes on, from
/// `here`. Whatever ends it now leaves a list that was begun.
pub(crate) async fn after_first(
    wire: &Wire,
    (what, set): (&str, &[&str]),
    items: Vec<Value>,
    (here, next): (&Url, &str),
    ask: &(dyn Fn(Url) -> Ask + Sync),
    refusal: Refusal<'_>,
) -> Listing<Value> {
    match follow(here, next, None) {
        Ok(next) => {
            let begun = Begun { items, pages: 1 };
            read_on(wire, (what, set), begun, (next, None), ask, refusal).await
        }
        Err(gap) => cut(what, items, 2, gap),
    }
}

async fn read_on(
    wire: &Wire,
    (what, set): (&str, &[&str]),
    begun: Begun,
    (first, also): (Url, Option<&str>),
    ask: &(dyn Fn(Url) -> Ask + Sync),
    refusal: Refusal<'_>,
) -> Listing<Value> {
    let mut items = begun.items;
    let mut visited = BTreeSet::new();
    let mut url = first;
    for page in begun.pages + 1..=MOST_PAGES {
        visited.insert(url.to_string());
        let request = ask(url.clone());
        let next = match read_page(wire, &request, set, refusal).await {
            Ok(mut page) => {
                items.append(&mut page.rows);
                page.next
            }
            Err(gap) => return cut(what, items, page, gap),
        };
        let Some(next) = next else {
            return Listing::complete(items);
        };
        url = match follow(&url, &next, also) {
            Ok(next) if visited.contains(next.as_str()) => {
                let gap = Gap::new(GapKind::Malformed, "its next link leads back to it");
                return cut(what, items, page + 1, gap);
            }
            Ok(next) => next,
            Err(gap) => return cut(what, items, page + 1, gap),
        };
    }
    let gap = Gap::new(GapKind::Malformed, "it was still not the last one");
    cut(what, items, MOST_PAGES, gap)
}

async fn read_page(
    wire: &Wire,
    ask: &Ask,
    set: &[&str],
    refusal: Refusal<'_>,
) -> Result<Page, Gap> {
    let answer = wire.send(ask).await?;
    if !answer.is_success() {
        return Err(refusal(&ask.call, &answer));
    }
    shape::page(&ask.call, &answer, set)
}

/// The first page's gap is the list's; a later page's makes it a list cut short.
fn cut(what: &str, items: Vec<Value>, page: usize, gap: Gap) -> Listing<Value> {
    if page == 1 {
        return Listing::cut_short(items, gap);
    }
    let truncated = Gap {
        kind: match gap.kind {
            GapKind::Cancelled | GapKind::TimedOut => gap.kind,
            _ => GapKind::Truncated,
        },
        seen: format!(
            "{what}: {} read, then page {page}: {}",
            items.len(),
            gap.seen
        )
        .into(),
        ..gap
    };
    Listing::cut_short(items, truncated)
}

/// Where a list is asked for, and may go on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'a> {
    pub(crate) host: &'a str,
    /// The other name of the same host, where it has one.
    pub(crate) also: Option<&'a str>,
}

/// A page that proves by its form that a list may be read: no further page of it is asked for. One that the
/// service announces at the same place changes nothing (the pages are the service's own to cut); what is
/// said to go on at another place did not come from the service alone.
///
/// # Errors
/// Malformed, in whichever part it differs.
pub(crate) fn proof(
    call: &str,
    answer: &Answer,
    set: &[&str],
    place: Place<'_>,
) -> Result<Page, Gap> {
    let page = shape::page(call, answer, set)?;
    let Some(next) = &page.next else {
        return Ok(page);
    };
    let odd = |why: &dyn std::fmt::Display| answer.malformed(call, &format!("and {why}"));
    let here = Url::parse(&format!("https://{}/", place.host))
        .map_err(|_| odd(&"its own host makes no url"))?;
    if next.trim().is_empty() {
        return Err(odd(&"its next link is empty"));
    }
    match follow(&here, next, place.also) {
        Ok(_) => Ok(page),
        Err(gap) => Err(odd(&gap.seen)),
    }
}

/// The next page's url on the same host: `:443` is the same place, and so is `also`, which is then asked
/// under the first name.
pub(crate) fn follow(from: &Url, next: &str, also: Option<&str>) -> Result<Url, Gap> {
    let here = from.host_str().unwrap_or_default();
    let odd = |_| Gap::new(GapKind::Malformed, "its next link is not a URL");
    let mut next = from.join(next).map_err(odd)?;
    let host = next.host_str().unwrap_or_default().to_owned();
    if next.scheme() != "https" || next.port().is_some() || (host != here && also != Some(&host)) {
        return Err(Gap::new(
            GapKind::Unrecognised,
            format!(
                "its next link points to another place, {}://{host}, instead of https://{here}; the token was not sent there",
                next.scheme()
            ),
        ));
    }
    if host != here {
        next.set_host(Some(here)).map_err(odd)?;
    }
    Ok(next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_next_link_to_another_place_is_refused() {
        let from: Url = "https://graph.microsoft.com/v1.0/applications"
            .parse()
            .expect("a url");
        assert!(
            follow(
                &from,
                "https://graph.microsoft.com:443/v1.0/applications?$skiptoken=a",
                None
            )
            .is_ok()
        );
        assert!(follow(&from, "/v1.0/applications?$skiptoken=a", None).is_ok());
        for next in [
            "https://evil.example/v1.0/applications",
            "http://graph.microsoft.com/v1.0/applications",
            "https://graph.microsoft.com:8443/v1.0/applications",
            "https://graph.microsoft.com.evil.example/",
            "https://graph.microsoft.com@evil.example/",
            "//evil.example/",
        ] {
            assert!(follow(&from, next, None).is_err(), "{next}");
        }
    }

    #[test]
    fn a_page_that_proves_may_go_on_at_its_own_place_and_at_no_other() {
        let root = "contoso.crm4.dynamics.com";
        let place = Place {
            host: "contoso.api.crm4.dynamics.com",
            also: Some(root),
        };
        let proven = |next: &serde_json::Value| {
            let body = serde_json::json!({"@odata.context": format!("https://{root}/$metadata#contacts"),
                "value": [], "@odata.nextLink": next});
            let answer = crate::collect::tests::spoiled::answer(200, body.to_string());
            proof("a read", &answer, &["contacts"], place).map(|_| ())
        };
        for same in [
            serde_json::Value::Null,
            "https://contoso.api.crm4.dynamics.com/api/data/v9.2/contacts?$skiptoken=a".into(),
            "https://contoso.api.crm4.dynamics.com:443/api/data/v9.2/contacts?$skiptoken=a".into(),
            "https://contoso.crm4.dynamics.com/api/data/v9.2/contacts?$skiptoken=a".into(),
            "contacts?$skiptoken=a".into(),
        ] {
            assert!(proven(&same).is_ok(), "{same}");
        }
        for other in [
            "https://evil.example/api/data/v9.2/contacts",
            "https://fabrikam.api.crm4.dynamics.com/api/data/v9.2/contacts",
            "http://contoso.api.crm4.dynamics.com/api/data/v9.2/contacts",
            "https://contoso.api.crm4.dynamics.com:8443/api/data/v9.2/contacts",
            "https://contoso.api.crm4.dynamics.com@evil.example/",
            "//evil.example/",
            "javascript:alert(1)",
            "https://",
            "",
            " ",
        ] {
            let gap = proven(&other.into()).expect_err(other);
            assert_eq!(gap.kind, GapKind::Malformed, "{other}");
            assert!(gap.seen.contains("next link"), "{other}: {gap}");
        }
    }

    #[test]
    fn both_names_of_an_organisation_are_one_place() {
        let from: Url = "https://contoso.api.crm4.dynamics.com/api/data/v9.2/systemusers"
            .parse()
            .expect("a url");
        let also = Some("contoso.crm4.dynamics.com");
        let next = "https://contoso.crm4.dynamics.com/api/data/v9.2/systemusers?$skiptoken=a";
        assert!(follow(&from, next, None).is_err());
        let followed = follow(&from, next, also).expect("the same place");
        assert_eq!(followed.host_str(), from.host_str());
        assert!(follow(&from, "https://fabrikam.crm4.dynamics.com/", also).is_err());
    }
}
