//! What `credaudit doctor` saw on a page: what is wrong first, with what it costs and how to grant it.

use std::collections::BTreeMap;

use super::page::{Page, Tone};
use super::steps::steps;
use super::{NARROWEST, TableOptions, look_from};
use crate::model::diagnosis::{
    Diagnosis, HostLook, MissingRight, NameLook, Read, ReadLook, SignIn, Target, Trust,
};
use crate::model::plural::count;
use crate::model::{Gap, Service};

/// How many checks are named.
const NAMED: usize = 3;
/// Seconds between two clocks that matter to nobody.
const NEAR: i64 = 30;

/// The page.
pub(crate) fn doctor(diagnosis: &Diagnosis, options: &TableOptions) -> String {
    let mut page = Page::new(look_from(NARROWEST, options));
    head(&mut page, diagnosis);
    for one in &diagnosis.identities {
        if let Some(gap) = &one.gap {
            nobody(&mut page, one, gap);
        }
    }
    network_problems(&mut page, diagnosis);
    unread(&mut page, diagnosis);
    rights(&mut page, diagnosis);
    signed_in(&mut page, diagnosis);
    readable(&mut page, diagnosis);
    machine(&mut page, diagnosis);
    next(&mut page, diagnosis);
    page.into_text()
}

fn looks(diagnosis: &Diagnosis) -> impl Iterator<Item = &ReadLook> {
    diagnosis.services.iter().flat_map(|target| &target.reads)
}

fn head(page: &mut Page, diagnosis: &Diagnosis) {
    let whose = match &diagnosis.estate {
        Some(file) => format!(" \u{b7} {file}"),
        None if diagnosis.machine.pretend => " \u{b7} demo tenant".to_owned(),
        None => " \u{b7} no estate file".to_owned(),
    };
    page.paragraph(0, 2, &format!("{}{whose}", diagnosis.tool), Tone::Quiet);
    let (text, tone) = verdict(diagnosis);
    page.paragraph(0, 2, &text, tone);
}

fn verdict(diagnosis: &Diagnosis) -> (String, Tone) {
    let all = looks(diagnosis).count();
    if diagnosis.exit_code == 0 {
        let services = count(diagnosis.services.len(), "service");
        let text = format!(
            "OK: everything can be read ({} at {services})",
            count(all, "read")
        );
        return (text, Tone::Good);
    }
    if diagnosis
        .identities
        .iter()
        .all(|one| one.signed_in.is_none())
    {
        let text = "NOT READY: the audit cannot sign in, so nothing was read".to_owned();
        return (text, Tone::Bad);
    }
    let refused = looks(diagnosis).filter(|look| look.is_refused()).count();
    let text = format!(
        "NOT READY: {refused} of {} refused or failed, so {} of {} checks cannot run everywhere",
        count(all, "read"),
        diagnosis.checks_lost.len(),
        diagnosis.all_checks
    );
    (text, Tone::Bad)
}

fn nobody(page: &mut Page, one: &SignIn, gap: &Gap) {
    page.heading(&format!("CANNOT SIGN IN to {}", scope(one)));
    let identity = one.identity;
    page.paragraph(
        2,
        4,
        &format!("tried ({identity}), in this order:"),
        Tone::Plain,
    );
    for tried in &one.tried {
        page.paragraph(2, 4, &format!("x {tried}"), Tone::Bad);
    }
    if one.tried.is_empty() {
        page.paragraph(2, 4, &format!("x {}", gap.seen), Tone::Bad);
    }
    remedy(page, gap);
}

/// `tenant contoso (8f0c…)`.
fn scope(one: &SignIn) -> String {
    let name = match one.scope.split_once('/') {
        Some((_, environment)) => format!("environment {environment}"),
        None => format!("tenant {}", one.scope),
    };
    match one.tenant.as_str() {
        "" => "a tenant: none is named, and nobody is signed in who has one".to_owned(),
        id => format!("{name} ({id})"),
    }
}

fn remedy(page: &mut Page, gap: &Gap) {
    if let Some(remedy) = &gap.remedy {
        page.field(
            2,
            6,
            "do",
            &crate::model::plural::raised(&remedy.to_string()),
        );
    }
}

/// `key vault crm-prod (kv-crm-prod.vault.azure.net)`.
fn title(target: &Target) -> String {
    let (kind, name) = (kind(target.service), &target.name);
    format!("{kind} {name} ({})", target.host)
}

const fn kind(service: Service) -> &'static str {
    match service {
        Service::Entra => "Entra ID of",
        Service::Graph => "Microsoft Graph of",
        Service::KeyVault => "key vault",
        Service::Dataverse => "Dataverse of",
        Service::FinOps => "F&O of",
        Service::PowerPlatform => "Power Platform of",
        Service::ResourceManager => "Azure of",
    }
}

/// Each service that refuses something; what is refused for one reason stands together.
fn unread(page: &mut Page, diagnosis: &Diagnosis) {
    let signed_in = |target: &&Target| {
        let mut identities = diagnosis.identities.iter();
        identities.any(|one| one.scope == target.identity && one.signed_in.is_some())
    };
    for target in diagnosis.services.iter().filter(signed_in) {
        let mut reasons: BTreeMap<&Gap, Vec<&ReadLook>> = BTreeMap::new();
        for look in &target.reads {
            if let Some(gap) = &look.gap {
                reasons.entry(gap).or_default().push(look);
            }
        }
        if reasons.is_empty() {
            continue;
        }
        page.heading(&format!("CANNOT READ {}", title(target)));
        for (gap, looks) in reasons {
            reason(page, gap, &looks, diagnosis.all_checks);
        }
    }
}

fn reason(page: &mut Page, gap: &Gap, looks: &[&ReadLook], all_checks: usize) {
    let what: Vec<&str> = looks.iter().map(|look| look.read.title()).collect();
    let (mark, tone) = match looks.iter().any(|look| look.is_refused()) {
        true => ("x", Tone::Bad),
        false => ("-", Tone::Quiet),
    };
    page.paragraph(
        2,
        4,
        &format!("{mark} {}: {}", what.join(", "), gap.seen),
        tone,
    );
    let mut checks: Vec<&str> = looks
        .iter()
        .flat_map(|look| &look.checks)
        .copied()
        .collect();
    checks.sort_unstable();
    checks.dedup();
    if !checks.is_empty() {
        let named = named(&checks);
        let text = format!("costs {} of {all_checks} checks: {named}", checks.len());
        page.paragraph(4, 6, &text, Tone::Plain);
    }
    if gap.missing.is_none() {
        remedy(page, gap);
    }
}

/// The first few, and how many more.
fn named(checks: &[&str]) -> String {
    let shown: Vec<&str> = checks.iter().take(NAMED).copied().collect();
    match checks.len() - shown.len() {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

fn rights(page: &mut Page, diagnosis: &Diagnosis) {
    if diagnosis.missing.is_empty() {
        return;
    }
    let number = count(diagnosis.missing.len(), "right");
    page.heading(&format!("MISSING {number}: how to grant them"));
    for right in &diagnosis.missing {
        let MissingRight {
            grant, steps: how, ..
        } = right;
        page.blank();
        let text = format!("{} on {} to {}", grant.role, grant.scope, grant.identity);
        page.paragraph(2, 4, &text, Tone::Doubt);
        let opens = match right.checks.len() {
            0 => "no check waits for it".to_owned(),
            number => format!("opens {}", count(number, "check")),
        };
        page.paragraph(4, 4, &opens, Tone::Quiet);
        steps(page, 4, how);
    }
}

fn signed_in(page: &mut Page, diagnosis: &Diagnosis) {
    let there = diagnosis.identities.iter();
    let there: Vec<_> = there
        .filter_map(|one| Some((one, one.signed_in.as_ref()?)))
        .collect();
    if there.is_empty() {
        return;
    }
    page.heading("SIGNED IN");
    for (one, who) in there {
        let text = format!("{}, by {}", scope(one), who.by);
        page.paragraph(2, 4, &text, Tone::Good);
        let facts = [
            ("user", &who.user_name),
            ("client id", &who.client_id),
            ("object id", &who.object_id),
        ];
        for (label, value) in facts {
            if let Some(value) = value {
                page.field(4, 14, label, value);
            }
        }
        // Where more than one was tried, it matters which ones were not there.
        if one.tried.len() > 1 {
            page.field(4, 14, "tried", &one.tried.join("; "));
        }
    }
}

/// What can be read, places of one kind that show the same together.
fn readable(page: &mut Page, diagnosis: &Diagnosis) {
    let mut alike: BTreeMap<(Service, Vec<Read>), Vec<&Target>> = BTreeMap::new();
    for target in &diagnosis.services {
        let open = target.reads.iter().filter(|look| look.gap.is_none());
        let reads: Vec<Read> = open.map(|look| look.read).collect();
        if !reads.is_empty() {
            alike
                .entry((target.service, reads))
                .or_default()
                .push(target);
        }
    }
    if alike.is_empty() {
        return;
    }
    page.heading("CAN READ");
    for ((service, reads), targets) in alike {
        let names: Vec<&str> = targets.iter().map(|target| target.name.as_str()).collect();
        let what = reads.iter().map(|read| match read {
            Read::SecretValue => format!("{} ({})", read.title(), tried(&targets)),
            read => read.title().to_owned(),
        });
        let what: Vec<String> = what.collect();
        let text = format!(
            "{} {}: {}",
            kind(service),
            names.join(", "),
            what.join(", ")
        );
        page.paragraph(2, 4, &text, Tone::Plain);
    }
}

/// The entries whose values were read, and not kept.
fn tried(targets: &[&Target]) -> String {
    let looks = targets.iter().flat_map(|target| &target.reads);
    let entries = looks.filter(|look| look.read == Read::SecretValue);
    let entries: Vec<&str> = entries.filter_map(|look| look.result.as_deref()).collect();
    format!("tried and dropped: {}", entries.join(", "))
}

/// What is wrong with the way to the services.
fn network_problems(page: &mut Page, diagnosis: &Diagnosis) {
    let untrusted: Vec<(&HostLook, &str)> = issuers(diagnosis, Trust::Untrusted);
    let lost: Vec<&HostLook> = diagnosis
        .hosts
        .iter()
        .filter(|host| host.fault.is_some())
        .collect();
    if untrusted.is_empty() && lost.is_empty() {
        return;
    }
    page.heading("NETWORK");
    for (issuer, hosts) in by_issuer(&untrusted) {
        let text = format!(
            "x TLS: {} certificates issued by \"{issuer}\", which this machine does not trust. Something between this machine and the services opens the connections (a proxy that inspects TLS), or the clock or the certificate store is wrong. Nothing is sent over such a connection",
            shows(&hosts, diagnosis)
        );
        page.paragraph(2, 4, &text, Tone::Bad);
        page.field(4, 8, "do", "Add the certificate of that authority to this machine's store if your organisation runs it, or have these hosts excepted from the inspection");
    }
    faults(page, diagnosis, &lost);
}

/// The hosts whose certificate is trusted so far, and who issued it.
fn issuers(diagnosis: &Diagnosis, trust: Trust) -> Vec<(&HostLook, &str)> {
    let hosts = diagnosis.hosts.iter();
    hosts
        .filter_map(|host| Some((host, host.certificate.as_ref()?)))
        .filter(|(_, certificate)| certificate.trust == trust)
        .map(|(host, certificate)| (host, certificate.issuer.as_str()))
        .collect()
}

fn by_issuer<'a>(all: &[(&'a HostLook, &'a str)]) -> BTreeMap<&'a str, Vec<&'a str>> {
    let mut hosts: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (host, issuer) in all {
        hosts.entry(issuer).or_default().push(&host.host);
    }
    hosts
}

/// `all 9 hosts show`, `login.microsoftonline.com shows`.
fn shows(hosts: &[&str], diagnosis: &Diagnosis) -> String {
    match hosts {
        [one] => format!("{one} shows"),
        _ if hosts.len() == diagnosis.hosts.len() => format!("all {} hosts show", hosts.len()),
        _ => format!("{} show", hosts.join(", ")),
    }
}

fn faults(page: &mut Page, diagnosis: &Diagnosis, lost: &[&HostLook]) {
    let proxy = diagnosis.machine.proxy.as_ref();
    let mut reasons: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for host in lost {
        let why = match (host.name, &host.fault) {
            (NameLook::NotFound, _) => {
                "its name is not found: the estate names a host that does not exist, or this machine has no name server that knows it".to_owned()
            }
            (NameLook::Silent, _) => "no name server answers: is this machine connected?".to_owned(),
            (_, fault) => fault.clone().unwrap_or_default(),
        };
        reasons.entry(why).or_default().push(&host.host);
    }
    for (why, hosts) in reasons {
        let which = match hosts.len() {
            all if all == diagnosis.hosts.len() && all > 1 => {
                format!("none of {all} hosts can be reached")
            }
            _ => format!("cannot reach {}", hosts.join(", ")),
        };
        page.paragraph(2, 4, &format!("x {which}: {why}"), Tone::Bad);
    }
    if let (Some(proxy), false) = (proxy, lost.is_empty()) {
        let text = format!(
            "x the way leads through the proxy {} ({}): does it run, and does it let these hosts through?",
            proxy.address, proxy.variable
        );
        page.paragraph(2, 4, &text, Tone::Bad);
    }
}

fn machine(page: &mut Page, diagnosis: &Diagnosis) {
    page.heading("THIS MACHINE");
    let about = &diagnosis.machine;
    let (clock, tone) = clock(about.ahead_seconds);
    page.toned_field(2, 10, "clock", &clock, tone);
    let proxy = match &about.proxy {
        Some(proxy) => match &proxy.except {
            Some(except) => format!(
                "{} ({}), except for {except}",
                proxy.address, proxy.variable
            ),
            None => format!("{} ({})", proxy.address, proxy.variable),
        },
        None => "none named by HTTPS_PROXY or ALL_PROXY".to_owned(),
    };
    if about.pretend {
        page.field(
            2,
            10,
            "network",
            "not looked at: the demo tenant runs in this process",
        );
        return;
    }
    page.field(2, 10, "proxy", &proxy);
    names(page, diagnosis);
    certificates(page, diagnosis);
    for file in &about.files {
        page.toned_field(2, 10, "file", file, Tone::Doubt);
    }
}

fn clock(ahead_seconds: Option<i64>) -> (String, Tone) {
    let Some(ahead) = ahead_seconds else {
        return ("not compared: no service answered".to_owned(), Tone::Quiet);
    };
    if ahead.abs() <= NEAR {
        return ("agrees with the services".to_owned(), Tone::Plain);
    }
    let side = if ahead > 0 { "behind" } else { "ahead of" };
    (
        format!(
            "{} {side} the services: set it (NTP). The audit reckons with the services' clock; sign-in by certificate and other programs may not",
            spelled(ahead.unsigned_abs())
        ),
        Tone::Doubt,
    )
}

/// `45 seconds`, `12 minutes`, `25 days`.
fn spelled(seconds: u64) -> String {
    let (number, noun) = match seconds {
        0..120 => (seconds, "second"),
        120..7200 => (seconds / 60, "minute"),
        7200..172_800 => (seconds / 3600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    count(usize::try_from(number).unwrap_or(usize::MAX), noun)
}

fn names(page: &mut Page, diagnosis: &Diagnosis) {
    let all = diagnosis.hosts.len();
    let of = |look: NameLook| {
        diagnosis
            .hosts
            .iter()
            .filter(|host| host.name == look)
            .count()
    };
    let text = if of(NameLook::ByProxy) == all {
        "resolved by the proxy".to_owned()
    } else {
        format!(
            "{} of {} resolved",
            of(NameLook::Resolved),
            count(all, "host")
        )
    };
    page.field(2, 10, "names", &text);
}

fn certificates(page: &mut Page, diagnosis: &Diagnosis) {
    let private = issuers(diagnosis, Trust::Private);
    for (issuer, hosts) in by_issuer(&private) {
        let text = format!(
            "{} certificates issued by \"{issuer}\", which this machine trusts and no public authority vouches for: whoever runs it can read every token and secret that passes",
            shows(&hosts, diagnosis)
        );
        page.toned_field(2, 10, "TLS", &text, Tone::Doubt);
    }
    let public = issuers(diagnosis, Trust::Public);
    if !public.is_empty() {
        let text = format!(
            "{} with certificates of public authorities",
            count(public.len(), "host")
        );
        page.field(2, 10, "TLS", &text);
    }
}

fn next(page: &mut Page, diagnosis: &Diagnosis) {
    let pretend = diagnosis.machine.pretend;
    let text = match (&diagnosis.estate, diagnosis.exit_code) {
        (None, _) if !pretend => {
            "There is no estate file here, so that no vault and no environment was tried: `credaudit init` writes one"
        }
        (_, 0) => "Next: `credaudit audit`",
        _ => return,
    };
    page.gap();
    page.paragraph(0, 2, text, Tone::Plain);
}
