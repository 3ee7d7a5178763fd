//! Which of Dataverse's answers prove something, and which do not.

use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::map::{application_users, is_word, read, roles, table_name, whoami};
use crate::collect::http::Answer;
use crate::evidence::{ReadAnswer, ReadRefusal, UserRefusal, WhoAmI};
use crate::model::{GapKind, Listing, Observed};

fn answer(status: u16, body: &Value) -> Answer {
    Answer {
        status,
        content_type: "application/json".into(),
        retry_after: None,
        challenge: None,
        body: Zeroizing::new(body.to_string().into_bytes()),
        at: "2026-11-21T06:00:00Z".parse().expect("a date"),
    }
}

fn error(status: u16, code: &str) -> Answer {
    answer(status, &json!({"error": {"code": code, "message": "no"}}))
}

#[test]
fn only_privilege_codes_refuse_a_read() {
    let refused = |status, code| match read("a read", &error(status, code)) {
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
    let gap = read("a read", &page).gap().cloned().expect("a gap");
    assert_eq!(gap.kind, GapKind::Unrecognised);
    page.status = 200;
    let gap = read("a read", &page).gap().cloned().expect("a gap");
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
    assert!(table_name(&row).is_err());
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
