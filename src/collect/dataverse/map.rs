//! From Dataverse's answers to evidence: the few codes that prove something, and gaps for the rest.

use serde_json::Value;

use super::privileges;
use crate::collect::fields::{Fields, is_word, read_rows};
use crate::collect::http::Answer;
use crate::collect::pages::{self, Place};
use crate::collect::shape::{self, Page};
use crate::evidence::{
    ApplicationUser, MetadataAnswer, MetadataTarget, ReadAnswer, ReadRefusal, RoleGrant, TableName,
    UserRefusal, WhoAmI,
};
use crate::model::{Gap, GapKind, Listing, Observed, guid};
use crate::reference::codes;
use crate::reference::codes::{Class, Source};

/// A team that a user belongs to.
#[derive(Clone, Debug)]
pub(crate) struct Team {
    pub(crate) id: String,
    pub(crate) name: String,
}

/// The table of users, which every organisation has.
pub(super) const ANY_TABLE: &str = "systemuser";

/// The audited credential's own WhoAmI.
pub(crate) fn whoami(call: &str, answer: &Answer) -> Observed<WhoAmI> {
    if answer.is_success() {
        let answered = ids(call, answer).map(|ids| WhoAmI::Answered {
            seen: answer.seen(call, None),
            user_id: ids.user,
            business_unit_id: ids.unit,
            organization_id: ids.organization,
        });
        return answered.into();
    }
    let code = answer.odata_code();
    let why = match class(answer, code.as_deref()) {
        Some(Class::NotAMember) => UserRefusal::NotAMember,
        Some(Class::UserDisabled) => UserRefusal::Disabled,
        Some(Class::NoRoles) => UserRefusal::NoRoles,
        _ => return Observed::Unknown(proves_nothing(call, answer, code.as_deref())),
    };
    Observed::Known(WhoAmI::Refused {
        seen: answer.seen(call, code),
        why,
    })
}

/// Who is asking, as WhoAmI tells it.
struct Ids {
    user: String,
    unit: String,
    organization: String,
}

/// Three ids, and none of them nobody's.
fn ids(call: &str, answer: &Answer) -> Result<Ids, Gap> {
    let body = shape::object(call, answer, &["WhoAmIResponse"])?;
    let fields = Fields::new(&body, call);
    let id = |field: &str| {
        let id = fields.guid(field)?;
        if id == guid::NIL {
            return Err(fields.odd(field));
        }
        Ok(id)
    };
    Ok(Ids {
        user: id("UserId")?,
        unit: id("BusinessUnitId")?,
        organization: id("OrganizationId")?,
    })
}

/// Whether the answer is a page of this set with one column of its rows in it.
fn column(
    call: &str,
    answer: &Answer,
    (set, column): (&str, &str),
    place: Place<'_>,
) -> Result<Page, Gap> {
    let page = pages::proof(call, answer, &[set], place)?;
    let named = |row: &Value| Fields::new(row, call).guid(column).is_ok();
    if page.rows.iter().all(named) {
        return Ok(page);
    }
    Err(answer.malformed(call, "a row of which is not what was asked for"))
}

/// One read of a table's ids with the audited credential.
pub(crate) fn read(
    call: &str,
    answer: &Answer,
    table: &TableName,
    place: Place<'_>,
) -> Observed<ReadAnswer> {
    if answer.is_success() {
        let page = column(call, answer, (&table.set_name, &table.primary_id), place);
        return page
            .map(|_| ReadAnswer::Read {
                seen: answer.seen(call, None),
            })
            .into();
    }
    let code = answer.odata_code();
    let why = match class(answer, code.as_deref()) {
        Some(Class::PrivilegeDenied) => ReadRefusal::Privilege,
        Some(Class::NoRoles) => ReadRefusal::NoRoles,
        Some(Class::NotAMember | Class::UserDisabled) => ReadRefusal::NotAUser,
        _ => return Observed::Unknown(proves_nothing(call, answer, code.as_deref())),
    };
    Observed::Known(ReadAnswer::Refused {
        seen: answer.seen(call, code),
        why,
    })
}

/// One read of metadata with the audited credential.
pub(crate) fn metadata(
    call: &str,
    answer: &Answer,
    target: &MetadataTarget,
    place: Place<'_>,
) -> Observed<MetadataAnswer> {
    if answer.is_success() {
        return is_about(call, answer, target, place)
            .map(|()| MetadataAnswer::Read {
                seen: answer.seen(call, None),
            })
            .into();
    }
    let code = answer.odata_code();
    let known = code.as_deref().and_then(codes::find).map(|code| code.class);
    match class(answer, code.as_deref()) {
        Some(Class::PrivilegeDenied | Class::NoRoles) => Observed::Known(MetadataAnswer::Refused {
            seen: answer.seen(call, code),
        }),
        _ if answer.status == 404 && known == Some(Class::NotFound) => {
            Observed::Known(MetadataAnswer::NotFound {
                seen: answer.seen(call, code),
            })
        }
        _ => Observed::Unknown(proves_nothing(call, answer, code.as_deref())),
    }
}

/// Whether the answer is this very piece of metadata.
fn is_about(
    call: &str,
    answer: &Answer,
    target: &MetadataTarget,
    place: Place<'_>,
) -> Result<(), Gap> {
    match target {
        // Every organisation has this one row.
        MetadataTarget::Organization => {
            let page = column(call, answer, ("organizations", "organizationid"), place)?;
            if page.rows.is_empty() {
                return Err(answer.malformed(call, "which names no organisation"));
            }
        }
        MetadataTarget::Tables => {
            let page = pages::proof(call, answer, &["EntityDefinitions"], place)?;
            let is_it = |row: &Value| {
                let name = Fields::new(row, call).text("LogicalName");
                name.is_ok_and(|name| name == ANY_TABLE)
            };
            if page.rows.len() != 1 || !page.rows.iter().all(is_it) {
                return Err(answer.malformed(call, "which is not the table that was asked for"));
            }
        }
        MetadataTarget::OptionSets => {
            let page = pages::proof(call, answer, &["GlobalOptionSetDefinitions"], place)?;
            let named = |row: &Value| {
                let name = Fields::new(row, call).text("Name");
                name.is_ok_and(|name| is_word(&name))
            };
            // Every organisation has those of the system.
            if page.rows.is_empty() || !page.rows.iter().all(named) {
                return Err(answer.malformed(call, "which names no option sets"));
            }
        }
        MetadataTarget::OptionSet(name) => {
            let body = shape::object(call, answer, &["GlobalOptionSetDefinitions"])?;
            let told = Fields::new(&body, call).text("Name")?;
            if !told.eq_ignore_ascii_case(name) {
                return Err(answer.malformed(call, "which is another option set"));
            }
        }
    }
    Ok(())
}

/// The class of a Dataverse code that came with a 403. A code that nobody has read or captured (the 400
/// form of a disabled user is one) decides nothing by itself: the auditor's list of users does.
pub(super) fn class(answer: &Answer, code: Option<&str>) -> Option<Class> {
    let code = codes::find(code.filter(|code| code.starts_with("0x"))?)?;
    (answer.status == 403 && code.source != Source::Recalled).then_some(code.class)
}

/// Anything that is no clear refusal: a firewall's 403, an unknown code, a 401.
pub(super) fn proves_nothing(call: &str, answer: &Answer, code: Option<&str>) -> Gap {
    let gap = answer.unrecognised(call, code);
    if answer.status == 401 {
        return Gap {
            seen: format!("{}: the token was not accepted", gap.seen).into(),
            ..gap
        }
        .with_remedy(
            "compare the environment's url with the Power Platform admin centre, and run again",
        );
    }
    match code.and_then(codes::find) {
        Some(known) => Gap {
            kind: if known.class == Class::Throttled {
                GapKind::Throttled
            } else {
                gap.kind
            },
            seen: format!(
                "{}, which is not an answer about privileges: {}",
                gap.seen, known.cause
            )
            .into(),
            remedy: Some(known.fix.to_owned().into()),
            ..gap
        },
        None => gap,
    }
}

/// What the auditor's own WhoAmI says.
#[derive(Clone, Debug)]
pub(crate) struct AuditorIds {
    pub(crate) organization: String,
    pub(crate) user_id: String,
}

pub(crate) fn auditor_ids(call: &str, answer: &Answer) -> Result<AuditorIds, Gap> {
    let ids = ids(call, answer)?;
    Ok(AuditorIds {
        organization: ids.organization,
        user_id: ids.user,
    })
}

/// One of the tables that were asked for, as metadata names it. Its names later stand in a path, so they
/// must be plain words. A table that nobody asked for is no answer to the question: then nothing may be
/// concluded of those that are missing.
pub(crate) fn table_name(row: &Value, asked: &[String]) -> Result<TableName, Gap> {
    let fields = Fields::new(row, "a table's metadata");
    let word = |field: &str| {
        fields
            .text(field)
            .ok()
            .filter(|word| is_word(word))
            .ok_or_else(|| fields.odd(field))
    };
    let logical_name = word("LogicalName")?;
    if !asked
        .iter()
        .any(|name| name.eq_ignore_ascii_case(&logical_name))
    {
        return Err(Gap::new(
            GapKind::Malformed,
            "a table's metadata is of one that was not asked for",
        ));
    }
    Ok(TableName {
        logical_name,
        set_name: word("EntitySetName")?,
        primary_id: word("PrimaryIdAttribute")?,
        privileges: privileges::of_table(row).into(),
    })
}

/// One application user.
pub(crate) fn application_user(row: &Value) -> Result<ApplicationUser, Gap> {
    let fields = Fields::new(row, "an application user");
    let user_id = fields.guid("systemuserid")?;
    let what = format!("application user {user_id}");
    let fields = Fields::new(row, &what);
    let unit = match row.get("businessunitid") {
        Some(unit @ Value::Object(_)) => Ok(Fields::new(unit, &what)),
        _ => Err(fields.odd("businessunitid")),
    };
    // The root is told by null; a field left out tells nothing.
    let in_root_unit = unit.clone().and_then(|unit| {
        let parent = "_parentbusinessunitid_value";
        match unit.value.get(parent) {
            Some(Value::Null) => Ok(true),
            _ => unit.guid(parent).map(|_| false),
        }
    });
    Ok(ApplicationUser {
        client_id: fields.guid("applicationid")?,
        name: fields.optional_text("fullname"),
        disabled: fields.flag("isdisabled").into(),
        business_unit_id: fields.guid("_businessunitid_value").into(),
        business_unit: unit.and_then(|unit| unit.text("name")).into(),
        in_root_unit: in_root_unit.into(),
        modified: fields.date("modifiedon").into(),
        principal: None,
        roles: None,
        user_id,
    })
}

/// The one user of this id.
pub(crate) fn one_user(call: &str, answer: &Answer, user_id: &str) -> Result<ApplicationUser, Gap> {
    let user = application_user(&shape::object(call, answer, &["systemusers"])?)?;
    if user.user_id.eq_ignore_ascii_case(user_id) {
        return Ok(user);
    }
    Err(answer.malformed(call, "which is another user"))
}

/// All application users, by client id; a row that is none cuts the list short.
pub(crate) fn application_users(list: Listing<Value>) -> Listing<ApplicationUser> {
    let mut users = read_rows(list, application_user);
    users.items.sort_by(|left, right| {
        (&left.client_id, &left.user_id).cmp(&(&right.client_id, &right.user_id))
    });
    users
}

/// Security roles, held directly or through `team`.
pub(crate) fn roles(list: Listing<Value>, team: Option<&str>) -> Listing<RoleGrant> {
    read_rows(list, |row| {
        let fields = Fields::new(row, "a security role");
        // A role without template is told by null; a field left out tells nothing.
        let template_id = match row.get("_roletemplateid_value") {
            Some(Value::Null) => None,
            _ => Some(fields.guid("_roletemplateid_value")?),
        };
        Ok(RoleGrant {
            name: fields.text("name")?,
            role_id: fields.guid("roleid")?,
            template_id,
            team: team.map(str::to_owned),
            reach: None,
        })
    })
}

/// The teams of a user.
pub(crate) fn teams(list: Listing<Value>) -> Listing<Team> {
    read_rows(list, |row| {
        let fields = Fields::new(row, "a team");
        Ok(Team {
            id: fields.guid("teamid")?,
            name: fields.text("name")?,
        })
    })
}
