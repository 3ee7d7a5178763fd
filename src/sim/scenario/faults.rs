//! What a scenario says about things going wrong on the wire.

use std::collections::BTreeMap;

use serde::Deserialize;

/// A fault: which requests it hits, and what they get. What is left out matches everything.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub(in crate::sim) struct Fault {
    pub host: Option<String>,
    /// Every host of this kind.
    pub service: Option<Service>,
    pub method: Option<String>,
    /// What path and query begin with, as sent or decoded.
    pub path: Option<String>,
    /// What path and query hold somewhere, as sent or decoded.
    pub path_contains: Option<String>,
    /// Only requests with a token of this client id.
    pub client: Option<String>,
    /// Only the n-th matching request, counted from 1.
    pub nth: Option<u32>,
    /// Only those after so many matching requests.
    pub after: Option<u32>,
    /// Only the first so many matching requests.
    pub times: Option<u32>,

    /// Wait this long before answering.
    pub delay_ms: Option<u64>,
    /// Answer only once so many matching requests are waiting; 503 where they never are.
    pub together: Option<u32>,
    /// Answer with this status instead of asking the service.
    pub status: Option<u16>,
    pub headers: BTreeMap<String, String>,
    pub body: Option<String>,
    /// "Not now" in the service's own words, with this `Retry-After`: seconds (`"86400"`), `"-1"`, `"soon"`.
    /// The status is 429 unless `status` says another.
    pub retry_after: Option<String>,
    /// `Retry-After` as a date, so many seconds from the answer.
    pub retry_after_date_in_seconds: Option<i64>,
    /// A body of so many megabytes of JSON text.
    pub body_megabytes: Option<usize>,
    /// Cut the body after so many bytes.
    pub truncate: Option<usize>,
    /// The service is asked, and its answer comes out in this shape, with status 200.
    pub shape: Option<AnswerShape>,
    /// `shape` leaves alone what the service refuses.
    pub spare_refusals: bool,
    /// What was done to the answer keeps its body and gets this status: 202, 206.
    pub as_status: Option<u16>,
    /// A header of so many kilobytes.
    pub header_kilobytes: Option<usize>,
    /// Break the connection off in the middle of the answer. Over HTTP/2 only this request's stream is reset.
    pub disconnect: bool,
    /// Break the whole connection instead of answering: whatever else is in flight on it is lost, too.
    pub break_connection: bool,
    /// With `break-connection`: not before so many requests, this one among them, are in flight on the
    /// connection (or three seconds have passed). The others are not answered meanwhile.
    pub in_flight: Option<u32>,
}

/// A kind of host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::sim) enum Service {
    Login,
    Graph,
    Vault,
    Dataverse,
    Finops,
    /// Azure Resource Manager.
    Management,
    /// The Power Platform API, and the administration service before it.
    PowerPlatform,
    GlobalDiscovery,
}

/// Seconds that the `Date` header of each service is ahead of the real time, or behind it.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub(in crate::sim) struct ClockSkew {
    pub login: i64,
    pub graph: i64,
    pub vault: i64,
    pub dataverse: i64,
    pub finops: i64,
    pub management: i64,
    pub power_platform: i64,
    pub global_discovery: i64,
}

impl ClockSkew {
    pub(crate) const fn of(&self, service: Service) -> i64 {
        match service {
            Service::Login => self.login,
            Service::Graph => self.graph,
            Service::Vault => self.vault,
            Service::Dataverse => self.dataverse,
            Service::Finops => self.finops,
            Service::Management => self.management,
            Service::PowerPlatform => self.power_platform,
            Service::GlobalDiscovery => self.global_discovery,
        }
    }
}

/// What an answer looks like that says 200 and not what was asked for. Where the service refused or gave no
/// JSON, an empty list takes its place first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::sim) enum AnswerShape {
    /// Nothing at all.
    Empty,
    /// 204.
    NoContent,
    /// Twenty megabytes of blanks.
    Blanks,
    /// `{}`
    Object,
    /// `[]`
    List,
    /// `null`
    Null,
    /// `5`
    Number,
    /// `true`
    Boolean,
    /// `"text"`
    Text,
    /// `{"error": ..}`
    ErrorObject,
    /// A page, said to be one.
    Html,
    /// A page, said to be JSON.
    HtmlAsJson,
    /// The right JSON, said to be plain text.
    JsonAsText,
    /// The right JSON, said to be compressed.
    FalseGzip,
    /// The first half.
    Truncated,
    /// Two documents, one after the other.
    Twice,
    /// A byte in a text that no UTF-8 has.
    BadUtf8,
    /// A byte order mark in front.
    ByteOrderMark,
    /// The right JSON, and 32 megabytes of blanks behind it.
    Oversize,
    /// Brackets, a hundred thousand deep.
    Deep,
    /// Without `@odata.context`.
    NoContext,
    /// `@odata.context` of another list.
    WrongContext,
    /// `@odata.context` of another host.
    ForeignContext,
    /// `@odata.context` is a number.
    NumberContext,
    /// The list's rows alone, without what is round them.
    BareList,
    /// Without `value`.
    NoValue,
    /// `value` is null.
    NullValue,
    /// `value` is `{}`.
    ObjectValue,
    /// The first row again, as if one row had been asked for.
    RowForList,
    /// Rows that are null.
    NullRows,
    /// Rows that are `{}`.
    EmptyRows,
    /// Rows, or the one object, whose fields are all null.
    NullFields,
    /// Rows, or the one object, whose fields are all of another type.
    OtherTypes,
    /// Ids of something else.
    WrongId,
    /// Ids of no letters.
    EmptyId,
    /// Names of something else.
    WrongName,
    /// `@odata.count` seven too high.
    WrongCount,
    /// The list goes on at the address that was asked.
    NextLinkSelf,
    /// The list goes on, at another address of the same list each time, for ever.
    NextLinkEndless,
    /// The list goes on at another host.
    NextLinkElsewhere,
    /// The list goes on at what is not an address.
    NextLinkGarbage,
    /// The list goes on at 5.
    NextLinkNumber,
}
