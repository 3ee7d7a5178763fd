//! How Dataverse refuses, with the codes and the wording of recorded answers.

use serde_json::json;

use super::people;
use crate::sim::catalogue::Table;
use crate::sim::names;
use crate::sim::scenario::{DisabledAnswer, Environment, User};
use crate::sim::tokens::Caller;
use crate::sim::wire::{Answer, Call};
use crate::sim::world::World;

pub(super) fn error(status: u16, code: &str, message: &str) -> Answer {
    Answer::json(
        status,
        &json!({ "error": { "code": code, "message": message } }),
    )
    .with("content-type", "application/json; odata.metadata=minimal")
}

/// Whose token it is; 401 when it is missing, expired, or meant for something else.
pub(super) fn caller(
    world: &World,
    environment: &Environment,
    call: &Call,
) -> Result<Caller, Answer> {
    let Some(tenant) = world.tenant(&environment.tenant) else {
        return Err(Answer::text(421, ""));
    };
    let root = format!("https://{}", environment.host);
    let refuse = |why: &str| {
        let challenge = format!(
            "Bearer authorization_uri=https://{}/{}/oauth2/authorize, resource_id={root}/{why}",
            tenant.cloud.login(),
            tenant.id
        );
        Answer::text(401, "").with("www-authenticate", challenge)
    };
    let token = call.bearer().ok_or_else(|| refuse(""))?;
    let caller = world
        .key
        .verify(token, world.now())
        .map_err(|_| refuse(", error=invalid_token"))?;
    if !caller.is_for(&root) || !caller.tid.eq_ignore_ascii_case(&tenant.id) {
        return Err(refuse(", error=invalid_token"));
    }
    Ok(caller)
}

/// 404 of a path the service does not know.
pub(super) fn no_segment(segment: &str) -> Answer {
    let message = format!("Resource not found for the segment '{segment}'.");
    error(404, "0x80060888", &message)
}

pub(super) fn no_record(environment: &Environment, table: &Table, key: &str) -> Answer {
    let message = format!("Entity '{}' With Id = {key} Does Not Exist", table.name);
    error(404, &environment.absent_row_code, &message)
}

pub(super) fn not_a_member() -> Answer {
    error(
        403,
        "0x80072560",
        "The user is not a member of the organization.",
    )
}

pub(super) fn disabled(environment: &Environment, user: &User) -> Answer {
    let id = people::user_id(environment, user);
    match environment.disabled_user {
        DisabledAnswer::Forbidden => error(
            403,
            "0x80040225",
            &format!("The specified user(Id = {id}) is disabled. Consider enabling this user."),
        ),
        DisabledAnswer::BadRequest => error(
            400,
            "0x80041d1f",
            &format!("The user with SystemUserId={id} is disabled."),
        ),
    }
}

pub(super) fn no_roles(environment: &Environment, user: &User) -> Answer {
    let id = people::user_id(environment, user);
    let message = format!(
        "RetrievePrivilegeForUser: The user with id {id} has not been assigned any roles. They need a role with the prvReadUser privilege."
    );
    error(403, "0x80042f09", &message)
}

/// 403 of a missing privilege; `operation` is `Read`, `Create` ..
pub(super) fn missing_privilege(
    environment: &Environment,
    user: &User,
    operation: &str,
    table: &Table,
    roles: usize,
) -> Answer {
    let id = people::user_id(environment, user);
    let unit = people::unit_id(environment, people::unit_of(environment, user));
    let privilege = table.privilege(operation);
    let privilege_id = names::guid("privilege", &privilege);
    let message = format!(
        "Principal user (Id={id}, type=8, roleCount={roles}, privilegeCount={}, accessMode=4, MetadataCachePrivilegesCount=4977, businessUnitId={unit}), is missing {privilege} privilege (Id={privilege_id}) on OTC={} for entity '{}' (LocalizedName='{}'). context.Caller={id}. Consider adding missed privilege to one of the principal (user/team) roles.",
        roles * 61,
        table.type_code,
        table.name,
        table.label()
    );
    error(403, "0x80040220", &message)
}

/// 403 of a row that the caller's privilege does not reach.
pub(super) fn no_access(
    environment: &Environment,
    user: &User,
    table: &Table,
    key: &str,
) -> Answer {
    let message = format!(
        "SecLib::AccessCheckEx2 failed. Entity Name: {}, OwnershipTypeMask: BusinessOwned, ObjectId: {key}, principal user (Id={}) does not have ReadAccess right(s) for record.",
        table.name,
        people::user_id(environment, user)
    );
    error(403, "0x80048306", &message)
}

pub(super) fn bad_query(message: &str) -> Answer {
    error(400, "0x80060888", message)
}
