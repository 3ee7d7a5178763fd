//! Which of Dataverse's answers prove something, and which do not.

use serde_json::{Value, json};

use super::map::{
    application_users, auditor_ids, metadata, one_user, read, roles, table_name, whoami,
};
use super::privileges;
use crate::collect::fields::is_word;
use crate::collect::http::Answer;
use crate::collect::pages::Place;
use crate::collect::tests::spoiled;
use crate::evidence::{
    MetadataAnswer, MetadataTarget, ReadAnswer, ReadRefusal, TableName, UserRefusal, WhoAmI,
};
use crate::model::{Gap, GapKind, Listing, Observed, guid};

fn answer(status: u16, body: &Value) -> Answer {
    spoiled::answer(status, body.to_string())
}

const PLACE: Place<'static> = Place {
    host: "contoso.api.crm4.dynamics.com",
    also: Some("contoso.crm4.dynamics.com"),
};

fn error(status: u16, code: &str) -> Answer {
    answer(status, &json!({"error": {"code": code, "message": "no"}}))
}

fn contact() -> TableName {
    TableName {
        logical_name: "contact".into(),
        set_name: "contacts".into(),
        primary_id: "contactid".into(),
        privileges: Observed::Known(Vec::new()),
    }
}

#[test]
fn only_privilege_codes_refuse_a_read() {
    let refused = |status, code| match read("a read", &error(status, code), &contact(), PLACE) {
        Observed::Known(ReadAnswer::Refused { why, .. }) => Some(why),
        Observed::Known(other) => panic!("{other:?}"),
        Observed::Unknown(gap) => {
            assert!(gap.seen.contains(code), "the code is shown: {gap}");
            None
        }
    };
    assert_eq!(refused(403, "0x80040220"), Some(ReadRefusal::Privilege));
    assert_eq!(refused(403, "0x80040231"), Some(ReadRefusal::Privilege));
    assert_eq!(refused(403, "0x80042f09"), Some(ReadRefusal::NoRoles));
    assert_eq!(refused(403, "0x80072560"), Some(ReadRefusal::NotAUser));
    assert_eq!(refused(403, "0x80040225"), Some(ReadRefusal::NotAUser));
    for (status, code) in [
        (403, "0x80048306"),
        (403, "0x80048405"),
        (403, "0x80095ffe"),
        (403, "0x8004A113"),
        (403, "0x80099999"),
        (403, "ForbiddenByFirewall"),
        (404, "0x80040220"),
        (500, "0x80040220"),
        (401, "0x80040220"),
    ] {
        assert_eq!(refused(status, code), None, "{status} {code}");
    }
}

#[test]
fn a_page_of_html_proves_nothing() {
    let mut page = answer(403, &json!("<html>"));
    page.content_type = "text/html".into();
    let gap = read("a read", &page, &contact(), PLACE)
        .gap()
        .cloned()
        .expect("a gap");
    assert_eq!(gap.kind, GapKind::Unrecognised);
    page.status = 200;
    let gap = read("a read", &page, &contact(), PLACE)
        .gap()
        .cloned()
        .expect("a gap");
    assert_eq!(gap.kind, GapKind::Malformed);
}

#[test]
fn whoami_tells_why_an_application_is_no_user() {
    let why = |status, code| match whoami("WhoAmI", &error(status, code)) {
        Observed::Known(WhoAmI::Refused { why, .. }) => Some(why),
        _ => None,
    };
    assert_eq!(why(403, "0x80072560"), Some(UserRefusal::NotAMember));
    assert_eq!(why(403, "0x80040225"), Some(UserRefusal::Disabled));
    assert_eq!(why(400, "0x80041d1f"), None, "from memory only");
    assert_eq!(why(403, "0x80042f09"), Some(UserRefusal::NoRoles));
    assert_eq!(why(403, "0x80095ffe"), None);
    assert_eq!(why(401, "0x80072560"), None);
    let half = answer(
        200,
        &json!({"UserId": "11111111-0000-4000-8000-000000000001"}),
    );
    assert!(
        whoami("WhoAmI", &half)
            .gap()
            .is_some_and(|gap| gap.kind == GapKind::Malformed)
    );
}

#[test]
fn names_that_could_leave_their_place_are_refused() {
    assert!(is_word("cdm_contact2"));
    assert!(!is_word("contact' or '1' eq '1"));
    let row = json!({"LogicalName": "contact", "EntitySetName": "../admin", "PrimaryIdAttribute": "contactid"});
    assert!(table_name(&row, &["contact".into()]).is_err());
}

#[test]
fn a_row_that_is_no_user_cuts_the_list_short() {
    let id = "11111111-0000-4000-8000-00000000000";
    let user = |last: u8| json!({"systemuserid": format!("{id}{last}"), "applicationid": format!("{id}{last}")});
    let list = Listing::complete(vec![user(2), json!({"systemuserid": 7}), user(1)]);
    let users = application_users(list);
    assert_eq!(users.items.len(), 2);
    assert!(users.items[0].client_id < users.items[1].client_id);
    assert!(users.items[0].disabled.gap().is_some());
    assert!(users.gap.is_some_and(|gap| gap.kind == GapKind::Malformed));
}

#[test]
fn a_role_that_leaves_its_template_out_is_not_one_without_template() {
    let role = |template: Option<Value>| {
        let mut row = json!({"roleid": "77777777-0000-4000-8000-000000000001", "name": "Sync"});
        if let Some(template) = template {
            row["_roletemplateid_value"] = template;
        }
        roles(Listing::complete(vec![row]), None)
    };
    assert!(role(Some(Value::Null)).gap.is_none());
    assert!(role(None).gap.is_some());
    let administrator = role(Some(json!("627090FF-40A3-4053-8790-584EDC5BE201")));
    assert_eq!(
        administrator.items[0].template_id.as_deref(),
        Some("627090ff-40a3-4053-8790-584edc5be201")
    );
}

const CONTEXT: &str = "https://contoso.crm4.dynamics.com/api/data/v9.2/$metadata#";
const ID: &str = "11111111-0000-4000-8000-000000000001";

/// A call in words, what it is answered when all is well, and how an answer is judged.
type Call = (&'static str, Value, fn(&Answer) -> Option<GapKind>);

fn calls() -> Vec<Call> {
    let list = |set: &str, row: Value| json!({"@odata.context": format!("{CONTEXT}{set}"), "value": [row]});
    let one = |set: &str, mut row: Value| {
        row["@odata.context"] = format!("{CONTEXT}{set}").into();
        row
    };
    let ids = || json!({"UserId": ID, "BusinessUnitId": ID, "OrganizationId": ID});
    let context = "Microsoft.Dynamics.CRM.WhoAmIResponse";
    vec![
        ("WhoAmI", one(context, ids()), |answer| {
            kind(whoami("a call", answer).get().map_err(Clone::clone))
        }),
        ("the auditor's WhoAmI", one(context, ids()), |answer| {
            kind(auditor_ids("a call", answer))
        }),
        (
            "a read",
            list("contacts(contactid)", json!({"contactid": ID})),
            |answer| {
                kind(
                    read("a call", answer, &contact(), PLACE)
                        .get()
                        .map_err(Clone::clone),
                )
            },
        ),
        (
            "the organisation",
            list(
                "organizations(organizationid)",
                json!({"organizationid": ID}),
            ),
            |answer| kind(about(answer, &MetadataTarget::Organization)),
        ),
        (
            "an option set",
            one(
                "GlobalOptionSetDefinitions/$entity",
                json!({"Name": "need"}),
            ),
            |answer| kind(about(answer, &MetadataTarget::OptionSet("need".into()))),
        ),
        (
            "privileges",
            one(
                "Microsoft.Dynamics.CRM.RetrieveUserPrivilegesResponse",
                json!({"RolePrivileges": [{"PrivilegeId": ID, "PrivilegeName": "prvReadContact", "Depth": "Global"}]}),
            ),
            |answer| {
                let rows = privileges::rows("a call", answer, "RetrieveUserPrivileges");
                kind(rows.and_then(|rows| rows.gap.map_or(Ok(()), Err)))
            },
        ),
        (
            "one user",
            one(
                "systemusers/$entity",
                json!({"systemuserid": ID, "applicationid": ID}),
            ),
            |answer| kind(one_user("a call", answer, ID)),
        ),
    ]
}

fn kind<T>(judged: Result<T, Gap>) -> Option<GapKind> {
    judged.err().map(|gap| gap.kind)
}

fn about(answer: &Answer, target: &MetadataTarget) -> Result<MetadataAnswer, Gap> {
    match metadata("a call", answer, target, PLACE) {
        Observed::Known(told) => Ok(told),
        Observed::Unknown(gap) => Err(gap),
    }
}

#[test]
fn no_spoiled_answer_of_success_proves_anything() {
    for (call, right, judge) in calls() {
        assert_eq!(
            judge(&spoiled::answer(200, right.to_string())),
            None,
            "{call}"
        );
        let forms = if right.get("value").is_some() {
            spoiled::lists(&right)
        } else {
            spoiled::odata(&right)
        };
        assert!(forms.len() > 40, "{call}");
        for (what, answer) in forms {
            assert_eq!(judge(&answer), Some(GapKind::Malformed), "{call}: {what}");
        }
    }
}

/// What a reader of an answer makes of it: a gap, or none.
type Reader<'r> = &'r dyn Fn(&Answer) -> Option<GapKind>;

#[test]
fn what_goes_on_at_another_place_is_nobody_s_read() {
    let page = |set: &str, row: Value, next: &str| {
        let body = json!({"@odata.context": format!("{CONTEXT}{set}"), "value": [row], "@odata.nextLink": next});
        spoiled::answer(200, body.to_string())
    };
    let target = |target| move |answer: &Answer| kind(about(answer, &target));
    let contacts = |answer: &Answer| {
        kind(
            read("a read", answer, &contact(), PLACE)
                .get()
                .map_err(Clone::clone),
        )
    };
    let calls: [(&str, Value, Reader<'_>); 4] = [
        ("contacts", json!({"contactid": ID}), &contacts),
        (
            "organizations",
            json!({"organizationid": ID}),
            &target(MetadataTarget::Organization),
        ),
        (
            "EntityDefinitions",
            json!({"LogicalName": "systemuser"}),
            &target(MetadataTarget::Tables),
        ),
        (
            "GlobalOptionSetDefinitions",
            json!({"Name": "need"}),
            &target(MetadataTarget::OptionSets),
        ),
    ];
    for (set, row, judge) in calls {
        let same = format!("https://contoso.crm4.dynamics.com/api/data/v9.2/{set}?$skiptoken=a");
        assert_eq!(judge(&page(set, row.clone(), &same)), None, "{set}");
        for other in [
            "https://evil.example/",
            "http://contoso.crm4.dynamics.com/",
            "",
        ] {
            let kind = judge(&page(set, row.clone(), other));
            assert_eq!(kind, Some(GapKind::Malformed), "{set} {other}");
        }
    }
}

#[test]
fn an_empty_table_is_a_read_and_nobody_s_ids_are_none() {
    let empty = json!({"@odata.context": format!("{CONTEXT}contacts(contactid)"), "value": []});
    let empty = spoiled::answer(200, empty.to_string());
    assert!(read("a read", &empty, &contact(), PLACE).known().is_some());
    let none = json!({"@odata.context": format!("{CONTEXT}organizations"), "value": []});
    let none = spoiled::answer(200, none.to_string());
    assert!(about(&none, &MetadataTarget::Organization).is_err());
    let nobody = json!({"UserId": guid::NIL, "BusinessUnitId": ID, "OrganizationId": ID});
    let nobody = spoiled::answer(200, nobody.to_string());
    assert!(whoami("WhoAmI", &nobody).gap().is_some());
}

#[test]
fn an_answer_about_another_is_none() {
    let other = "11111111-0000-4000-8000-000000000002";
    let user = json!({"systemuserid": other, "applicationid": ID});
    assert!(one_user("a read", &spoiled::answer(200, user.to_string()), ID).is_err());
    let set = json!({"Name": "budgetstatus"});
    let set = spoiled::answer(200, set.to_string());
    assert!(about(&set, &MetadataTarget::OptionSet("need".into())).is_err());
    let row =
        json!({"LogicalName": "lead", "EntitySetName": "leads", "PrimaryIdAttribute": "leadid"});
    assert!(table_name(&row, &["lead".into()]).is_ok());
    assert!(table_name(&row, &["contact".into()]).is_err());
}
