//! What a cell of the isolation matrix says in words: of the call, and of the list of users.

use super::cell::Cell;
use super::truth_table::{Answered, Granted};
use crate::facts::prelude::*;

/// An environment and its tier, which many an estate calls by the same word: `prod (production)`, `test`.
pub(crate) fn place(name: &str, tier: Tier) -> String {
    if name == tier.as_str() {
        return name.to_owned();
    }
    format!("{name} ({tier})")
}

/// Where the other environment is, as a link or a person finds it.
pub(crate) fn url(cell: &Cell<'_>) -> String {
    let host = match cell.service {
        Service::FinOps => &cell.target.finops,
        _ => &cell.target.dataverse,
    };
    let host = host.as_deref();
    host.map_or_else(|| cell.name.to_owned(), |host| format!("https://{host}"))
}

/// How to take the registration out of the other environment.
pub(crate) fn removal(cell: &Cell<'_>) -> String {
    let url = url(cell);
    match cell.service {
        Service::FinOps => format!(
            "In {url}, delete the row of client id CLIENT-ID under System administration > Setup > Microsoft Entra ID applications"
        ),
        _ => format!(
            "Deactivate and then delete application user CLIENT-ID in the Power Platform admin centre (Environments > {url} > Settings > Users + permissions > Application users)"
        ),
    }
}

/// What a real call was answered, or why there was none: `403 0x80072560`.
pub(crate) fn observed(cell: &Cell<'_>) -> String {
    match seen(cell) {
        _ if cell.answered == Answered::Unknown => {
            let gap = cell.untold();
            format!("{}: {}", gap.kind, gap.seen)
        }
        Some(seen) => match &seen.code {
            Some(code) => format!("{} {code}", seen.status),
            None => seen.status.to_string(),
        },
        None => not_tried(cell),
    }
}

/// What the list of users says, or why that is not known.
pub(crate) fn granted(cell: &Cell<'_>) -> String {
    match cell.granted {
        Granted::Unknown => {
            let gap = cell.unread();
            format!("{}: {}", gap.kind, gap.seen)
        }
        Granted::Absent => match cell.service {
            Service::FinOps => "no such client".to_owned(),
            _ => "no such user".to_owned(),
        },
        _ => user(cell).map_or_else(String::new, |user| listed(user, cell.service)),
    }
}

/// Why nobody tried.
pub(crate) fn not_tried(cell: &Cell<'_>) -> String {
    if cell.case.registration.prove == Prove::Never {
        return Prove::NOT_TRIED.to_owned();
    }
    let probe = cell.case.snapshot().isolation;
    format!("not tried: isolation.probe = \"{probe}\"")
}

/// Whether no call was made, because estate or policy leave it out.
pub(crate) fn is_untried(cell: &Cell<'_>) -> bool {
    cell.answered != Answered::Unknown && seen(cell).is_none()
}

/// The answer behind the decision: of the environment, else of the token endpoint.
pub(crate) fn seen<'a>(cell: &Cell<'a>) -> Option<&'a Seen> {
    let tried = cell.proof?.tried.as_ref()?;
    match (&tried.answer, &tried.token) {
        (
            Observed::Known(
                ForeignAnswer::Open { seen }
                | ForeignAnswer::LetIn { seen }
                | ForeignAnswer::Rejected { seen }
                | ForeignAnswer::Refused { seen, .. },
            ),
            _,
        )
        | (_, Observed::Known(TokenAnswer::Refused { seen, .. })) => Some(seen),
        _ => None,
    }
}

fn user<'a>(cell: &Cell<'a>) -> Option<&'a ForeignUser> {
    cell.proof?.user.known().and_then(Presence::present)
}

/// `user 1b2c…, enabled, roles A and B`.
fn listed(user: &ForeignUser, service: Service) -> String {
    let state = match user.disabled.known() {
        Some(true) => "disabled",
        Some(false) => "enabled",
        None => "enabled or disabled: not read",
    };
    let mut words = match service {
        Service::FinOps => format!("a client, mapped to user {}, {state}", user.user_id),
        _ => format!("user {}, {state}", user.user_id),
    };
    let roles: Vec<&str> = user
        .roles
        .items
        .iter()
        .map(|role| role.name.as_str())
        .collect();
    match (roles.is_empty(), &user.roles.gap) {
        (false, _) => words.push_str(&format!(", roles {}", roles.join(", "))),
        (true, None) => words.push_str(", no roles"),
        (true, Some(_)) if service == Service::FinOps => {}
        (true, Some(_)) => words.push_str(", roles not read"),
    }
    words
}
