//! What Microsoft's services come with everywhere, as data: below the scenarios and the services, which both
//! read it.

mod collections;
mod refusals;
mod resources;
mod tables;

pub(super) use collections::{Collection, NOT_PUBLIC, collections};
pub(super) use refusals::usual_refusal;
pub(super) use resources::{PermissionType, Resource, ResourceName};
pub(super) use tables::{Ownership, Table, tables};
