//! What one person is shown of an audit: of registrations that somebody else answers for, nothing.

use std::collections::BTreeSet;

use credaudit::inside::{Assessment, RegistrationView, audience};

use crate::tenant::Tenant;

/// By what a text can mean a registration: its name, its client id, and the entries of vaults that it uses.
fn words(view: &RegistrationView) -> BTreeSet<String> {
    let entries = view.whereabouts.entries.iter();
    let entries = entries.filter_map(|entry| entry.path().strip_prefix("vault-entry/"));
    let names = entries.clone().filter_map(|entry| entry.split('/').nth(1));
    let all = names.chain(entries).map(str::to_owned);
    all.chain([view.name.clone()])
        .chain(view.client_id.clone())
        .collect()
}

/// Whether a word stands in a text by itself, and not as a part of a longer one.
fn stands_in(text: &str, word: &str) -> bool {
    let is_part = |letter: Option<char>| {
        letter.is_some_and(|letter| letter.is_alphanumeric() || "-_".contains(letter))
    };
    text.match_indices(word).any(|(at, _)| {
        let behind = text[at + word.len()..].chars().next();
        !is_part(text[..at].chars().next_back()) && !is_part(behind)
    })
}

/// Each owner's registrations, and each registration alone.
fn owned(whole: &Assessment) -> BTreeSet<BTreeSet<String>> {
    let views = || whole.registrations.iter();
    let owners: BTreeSet<&String> = views().flat_map(|view| &view.route.to).collect();
    let of_owners = owners.into_iter().map(|owner| {
        let theirs = views().filter(|view| view.route.to.contains(owner));
        theirs.map(|view| view.name.clone()).collect()
    });
    let alone = views().map(|view| [view.name.clone()].into());
    of_owners.chain(alone).collect()
}

async fn nothing_of_others_in(scenario: &str) {
    let whole = Box::pin(Tenant::named(scenario).audit()).await.assessment;
    let mut searched = 0;
    for names in owned(&whole) {
        let part = audience(&whole, &names, "the whole");
        let part = serde_json::to_string(&part).unwrap();
        let (own, others): (Vec<_>, Vec<_>) =
            (whole.registrations.iter()).partition(|view| names.contains(&view.name));
        assert!(own.iter().all(|view| stands_in(&part, &view.name)));
        let own: BTreeSet<String> = own.into_iter().flat_map(words).collect();
        let others: BTreeSet<String> = others.into_iter().flat_map(words).collect();
        for word in others.difference(&own) {
            searched += 1;
            assert!(
                !stands_in(&part, word),
                "{scenario}: the part of {names:?} speaks of {word}: {part}"
            );
        }
    }
    assert!(searched > 20, "{scenario}: only {searched} words");
}

macro_rules! scenarios {
    ($($name:ident: $scenario:literal)*) => {
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                nothing_of_others_in($scenario).await;
            }
        )*
    };
}

scenarios! {
    nothing_of_others_in_the_tidy_estate: "tidy"
    nothing_of_others_in_the_neglected_estate: "neglected"
    nothing_of_others_where_half_is_permitted: "half-permitted"
    nothing_of_others_where_services_throttle: "throttled"
    nothing_of_others_where_much_is_broken: "broken"
    nothing_of_others_where_much_is_overprivileged: "overprivileged"
}
