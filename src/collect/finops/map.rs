//! From Finance & Operations' answers to evidence: by status, as its bodies differ from version to version.

use serde_json::Value;

use crate::collect::fields::{Fields, is_word, read_rows};
use crate::collect::http::Answer;
use crate::collect::pages::{self, Place};
use crate::collect::shape;
use crate::evidence::{
    ClientMapping, CollectionAnswer, CollectionRead, FinopsClient, FinopsRole, FinopsUser,
    ForeignAnswer,
};
use crate::model::{Gap, GapKind, Listing, Observed, Presence, Seen, guid};

/// A public collection and one field of its key: all a read ever selects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CollectionName {
    pub(crate) collection: String,
    pub(crate) key: String,
}

/// A row of the list of Entra applications.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Client {
    pub(crate) client_id: String,
    pub(crate) mapping: ClientMapping,
}

/// Whether an error is the service's own: a page of HTML comes from something in between.
pub(crate) fn is_own(answer: &Answer) -> bool {
    !answer.content_type.contains("html")
}

/// One read of a collection with the audited credential, the name of which metadata knows.
pub(crate) fn read(
    call: &str,
    answer: &Answer,
    name: &CollectionName,
    place: Place<'_>,
) -> Observed<CollectionAnswer> {
    match answer.status {
        200..300 => is_column(call, answer, name, place)
            .map(|()| CollectionAnswer::Read {
                seen: answer.seen(call, None),
            })
            .into(),
        403 if is_own(answer) => Observed::Known(CollectionAnswer::Refused {
            seen: answer.seen(call, None),
        }),
        _ => Observed::Unknown(proves_nothing(call, answer)),
    }
}

/// Whether the answer is a page of this collection with the key of its rows in it.
fn is_column(
    call: &str,
    answer: &Answer,
    name: &CollectionName,
    place: Place<'_>,
) -> Result<(), Gap> {
    let page = pages::proof(call, answer, &[&name.collection], place)?;
    let named = |row: &Value| {
        field(row, &name.key)
            .is_some_and(|key| !matches!(key, Value::Null | Value::Array(_) | Value::Object(_)))
    };
    if page.rows.iter().all(named) {
        return Ok(());
    }
    Err(answer.malformed(call, "a row of which is not what was asked for"))
}

fn proves_nothing(call: &str, answer: &Answer) -> Gap {
    let gap = answer.unrecognised(call, answer.odata_code().as_deref());
    let why = match answer.status {
        401 => "the token was not accepted this time",
        403 => "a page of HTML, which comes from something before the service",
        404 => "though metadata knows the collection",
        _ => return gap,
    };
    Gap {
        seen: format!("{}: {why}", gap.seen).into(),
        ..gap
    }
}

/// Whether one call to a collection shows that the client is accepted, or that it is not. A 401 counts in
/// the service's own form only: a gateway's answers the same way, and no client is missing for it.
pub(crate) fn client(
    call: &str,
    answer: &Answer,
    collection: &str,
    place: Place<'_>,
) -> Option<FinopsClient> {
    let seen = answer.seen(call, None);
    match answer.status {
        401 if is_signed(answer) => Some(FinopsClient::Rejected { seen }),
        200 if pages::proof(call, answer, &[collection], place).is_ok() => {
            Some(FinopsClient::Accepted { seen })
        }
        403 | 404 if is_own(answer) => Some(FinopsClient::Accepted { seen }),
        _ => None,
    }
}

/// What another environment's service document shows of a client that has no business there. A refusal
/// counts in the service's own form only, as at home.
pub(crate) fn entered(call: &str, answer: &Answer) -> Observed<ForeignAnswer> {
    let seen = answer.seen(call, None);
    match answer.status {
        200..300 => listed(call, answer)
            .map(|_| ForeignAnswer::Open { seen })
            .into(),
        401 if is_signed(answer) => Observed::Known(ForeignAnswer::Rejected { seen }),
        403 if is_own(answer) => Observed::Known(ForeignAnswer::LetIn { seen }),
        _ => Observed::Unknown(unsigned(call, answer)),
    }
}

/// An answer that shows nothing of the client: a 401 that may be anybody's, or a status that says something
/// else.
pub(crate) fn unsigned(call: &str, answer: &Answer) -> Gap {
    let gap = answer.unrecognised(call, answer.odata_code().as_deref());
    if answer.status != 401 {
        return gap;
    }
    Gap {
        seen: format!(
            "{}: not in the form in which Finance & Operations refuses, so it may have come from something in between",
            gap.seen
        ).into(),
        ..gap
    }
    .with_remedy(
        "look for a proxy or gateway between this machine and the environment, and compare its list of Microsoft Entra ID applications (System administration > Setup) with the client id",
    )
}

/// What the service document shows of a client at home: that it is accepted, or nothing.
pub(crate) fn let_in(call: &str, answer: &Answer) -> Observed<Seen> {
    if answer.status == 200 {
        return listed(call, answer).map(|_| answer.seen(call, None)).into();
    }
    Observed::Unknown(answer.unrecognised(call, answer.odata_code().as_deref()))
}

/// Whether an error shows that the service itself wrote it: by a header of its own, or by the body that
/// was captured of it, `{"Message": …, "ExceptionType": …}` (Dynamics-AX-Integration#49).
fn is_signed(answer: &Answer) -> bool {
    if !is_own(answer) {
        return false;
    }
    let body: Option<Value> = serde_json::from_slice(&answer.body).ok();
    let has = |name: &str| {
        let text = body.as_ref().and_then(|body| body.get(name)?.as_str());
        text.is_some_and(|text| !text.is_empty())
    };
    answer.of_finops || (has("Message") && has("ExceptionType"))
}

/// What all calls together show: one that was accepted outweighs any 401.
pub(crate) fn together(shown: Vec<FinopsClient>) -> Option<FinopsClient> {
    let mut rejected = None;
    for one in shown {
        match one {
            FinopsClient::Accepted { .. } => return Some(one),
            FinopsClient::Rejected { .. } => rejected = rejected.or(Some(one)),
        }
    }
    rejected
}

/// A rejected client leaves the reads behind it.
pub(crate) fn behind(
    client: &Observed<FinopsClient>,
    mut reads: Vec<CollectionRead>,
) -> Vec<CollectionRead> {
    if let Observed::Known(FinopsClient::Rejected { seen }) = client {
        for read in &mut reads {
            if !matches!(
                read.answer,
                Observed::Known(CollectionAnswer::NoSuchCollection { .. })
            ) {
                read.answer = Observed::not_reached(format!("the client was refused: {seen}"));
            }
        }
    }
    reads
}

/// What `PublicEntities` filtered by set name tells. Absence is told only by a list that was read to its
/// end and is about this name: where it names other sets, the filter was not taken, or the answer is to
/// another question.
pub(crate) fn by_filter(
    call: &str,
    list: Listing<Value>,
    collection: &str,
) -> Result<Presence<CollectionName>, Gap> {
    if let Some(gap) = list.gap {
        return Err(gap);
    }
    let mut about_others = false;
    for row in &list.items {
        let fields = Fields::new(row, call);
        let set = fields.text("EntitySetName")?;
        if set == collection {
            return name(&fields, collection).map(Presence::Present);
        }
        // Names are told apart by case, and the filter may not be.
        about_others |= !set.eq_ignore_ascii_case(collection);
    }
    if about_others {
        let seen = format!("{call} lists other collections only");
        return Err(Gap::new(GapKind::Malformed, seen));
    }
    Ok(Presence::Absent)
}

/// What `PublicEntities('…')` tells, where it is about this very collection.
pub(crate) fn by_key(call: &str, answer: &Answer, collection: &str) -> Option<CollectionName> {
    let body = shape::object(call, answer, &["PublicEntities"]).ok()?;
    let fields = Fields::new(&body, call);
    (fields.text("EntitySetName").ok()? == collection)
        .then(|| name(&fields, collection).ok())
        .flatten()
}

/// The collection with one of its key fields; not the company, which every company's table shares.
fn name(fields: &Fields<'_>, collection: &str) -> Result<CollectionName, Gap> {
    let mut keys: Vec<&str> = fields
        .list("Properties")?
        .iter()
        .filter(|property| property.get("IsKey").and_then(Value::as_bool) == Some(true))
        .filter_map(|property| property.get("Name").and_then(Value::as_str))
        .filter(|name| is_word(name))
        .collect();
    keys.sort_by_key(|name| name.eq_ignore_ascii_case("dataAreaId"));
    match keys.first() {
        Some(key) if is_word(collection) => Ok(CollectionName {
            collection: collection.to_owned(),
            key: (*key).to_owned(),
        }),
        _ => Err(Gap::new(
            GapKind::Malformed,
            format!("{}: no key field is named", fields.what),
        )),
    }
}

/// The names in the service document, which always has some.
pub(crate) fn listed(call: &str, answer: &Answer) -> Result<Vec<String>, Gap> {
    let page = shape::service(call, answer)?;
    if page.next.is_some() {
        return Err(answer.malformed(call, "which goes on at another place"));
    }
    let mut names = Vec::new();
    for row in &page.rows {
        names.push(Fields::new(row, call).text("name")?);
    }
    if names.is_empty() {
        return Err(answer.malformed(call, "which names no collection"));
    }
    names.retain(|name| is_word(name));
    names.sort();
    names.dedup();
    Ok(names)
}

/// A field whose name's letters come in other cases in some versions.
fn field<'v>(row: &'v Value, name: &str) -> Option<&'v Value> {
    row.as_object()?
        .iter()
        .find(|(key, _)| key.eq_ignore_ascii_case(name))
        .map(|(_, value)| value)
}

fn text(row: &Value, what: &str, name: &str) -> Result<String, Gap> {
    field(row, name)
        .and_then(Value::as_str)
        .filter(|text| !text.is_empty())
        .map(str::to_owned)
        .ok_or_else(|| Fields::new(row, what).odd(name))
}

/// The list of Entra applications, by client id.
pub(crate) fn clients(list: Listing<Value>) -> Listing<Client> {
    let what = "a row of SysAADClients";
    let mut clients = read_rows(list, |row| {
        // Braces, as some versions write GUIDs with them.
        let id = text(row, what, "AADClientId")?;
        let id = id.trim_matches(['{', '}']).to_ascii_lowercase();
        if !guid::is_guid(&id) {
            return Err(Fields::new(row, what).odd("AADClientId"));
        }
        Ok(Client {
            client_id: id,
            mapping: ClientMapping {
                user_id: text(row, what, "UserId")?,
            },
        })
    });
    clients
        .items
        .sort_by(|left, right| left.client_id.cmp(&right.client_id));
    clients
}

/// The one user of this id, among what a filter by it gave.
pub(crate) fn user(list: Listing<Value>, user_id: &str) -> Observed<Presence<FinopsUser>> {
    let what = format!("user {user_id}");
    let users = read_rows(list, |row| {
        let enabled = field(row, "Enabled").and_then(enabled);
        Ok(FinopsUser {
            user_id: text(row, &what, "UserID")?,
            enabled: enabled
                .ok_or_else(|| Fields::new(row, &what).odd("Enabled"))
                .into(),
        })
    });
    let about_others = !users.items.is_empty();
    match users.find(|user| user.user_id.eq_ignore_ascii_case(user_id)) {
        Observed::Known(Presence::Present(user)) => {
            Observed::Known(Presence::Present(user.clone()))
        }
        // The filter was not taken, or the answer is to another question.
        Observed::Known(Presence::Absent) if about_others => Observed::Unknown(Gap::new(
            GapKind::Malformed,
            format!("{what}: the answer lists other users only"),
        )),
        Observed::Known(Presence::Absent) => Observed::Known(Presence::Absent),
        Observed::Unknown(gap) => Observed::Unknown(gap),
    }
}

/// A flag as JSON, or as the `NoYes` enumeration by name.
fn enabled(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(flag) => Some(*flag),
        Value::String(word) if word.eq_ignore_ascii_case("yes") => Some(true),
        Value::String(word) if word.eq_ignore_ascii_case("no") => Some(false),
        _ => None,
    }
}

/// The roles that are in force for this user; rows of others, where a filter was not taken, are not its.
pub(crate) fn roles(list: Listing<Value>, user_id: &str) -> Listing<FinopsRole> {
    let what = "a row of SecurityUserRoles";
    let all = read_rows(list, |row| {
        let of = text(row, what, "UserId")?;
        let off = field(row, "AssignmentStatus")
            .and_then(Value::as_str)
            .is_some_and(|status| status.eq_ignore_ascii_case("disabled"));
        if !of.eq_ignore_ascii_case(user_id) {
            return Ok(None);
        }
        if off {
            return Ok(Some(None));
        }
        Ok(Some(Some(FinopsRole {
            id: text(row, what, "SecurityRoleIdentifier")?,
            name: text(row, what, "SecurityRoleName").ok(),
        })))
    });
    let only_others = !all.items.is_empty() && all.items.iter().all(Option::is_none);
    let other = || Gap::new(GapKind::Malformed, format!("{what} is of another user"));
    let mut items: Vec<FinopsRole> = all.items.into_iter().flatten().flatten().collect();
    items.sort();
    items.dedup();
    Listing {
        items,
        gap: all.gap.or_else(|| only_others.then(other)),
    }
}
