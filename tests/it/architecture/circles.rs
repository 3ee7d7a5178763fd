//! No two modules beside each other need each other, however far round the circle goes.

use std::collections::{BTreeMap, BTreeSet};

use super::paths::{Module, Sources};

type Edges = BTreeMap<Module, BTreeMap<Module, String>>;

/// Between modules with the same parent, what names what, with one place each. Tests may look around.
fn edges(sources: &Sources) -> Edges {
    let mut edges = Edges::new();
    for named in sources.named() {
        let shared = named
            .from
            .iter()
            .zip(&named.to)
            .take_while(|(a, b)| a == b)
            .count();
        if named.test || shared >= named.from.len() || shared >= named.to.len() {
            continue;
        }
        edges
            .entry(named.from[..=shared].to_vec())
            .or_default()
            .entry(named.to[..=shared].to_vec())
            .or_insert_with(|| format!("{}:{}", named.from.join("::"), named.line));
    }
    edges
}

/// What can be reached from there.
fn reached(edges: &Edges, start: &Module) -> BTreeSet<Module> {
    let (mut seen, mut open) = (BTreeSet::new(), vec![start.clone()]);
    while let Some(here) = open.pop() {
        for next in edges.get(&here).into_iter().flat_map(BTreeMap::keys) {
            if seen.insert(next.clone()) {
                open.push(next.clone());
            }
        }
    }
    seen
}

/// Every circle, as the modules in it and the places that close it.
pub(crate) fn circles(sources: &Sources) -> Vec<String> {
    let edges = edges(sources);
    let reach: BTreeMap<&Module, BTreeSet<Module>> = edges
        .keys()
        .map(|one| (one, reached(&edges, one)))
        .collect();
    let mut found = BTreeSet::new();
    for (one, below) in &reach {
        if !below.contains(*one) {
            continue;
        }
        let round: BTreeSet<&Module> = below
            .iter()
            .filter(|other| reach.get(other).is_some_and(|back| back.contains(*one)))
            .collect();
        let mut lines = Vec::new();
        for from in &round {
            for (to, place) in edges.get(*from).into_iter().flatten() {
                if round.contains(to) {
                    lines.push(format!(
                        "{} -> {} ({place})",
                        from.join("::"),
                        to.join("::")
                    ));
                }
            }
        }
        found.insert(lines.join("\n    "));
    }
    found.into_iter().collect()
}

fn sources(files: &[(&str, &str)]) -> Sources {
    Sources::new(
        files
            .iter()
            .map(|(path, text)| ((*path).to_owned(), (*text).to_owned())),
    )
}

#[test]
fn a_circle_is_seen_whichever_way_it_is_written() {
    let ways = [
        ("use super::b::B;", "use super::a::A;"),
        ("use crate::room::b::B;", "fn f() { crate::room::a::g(); }"),
        (
            "use super::{c::C, b::{self, B}};",
            "mod deep { use super::super::a::A; }",
        ),
        ("use super::B;", "use super::a::A;"),
        (
            "fn f() -> super::b::B {}",
            "pub(crate) use super::a::A as Other;",
        ),
        (
            "const Q: &str = \"a \\\" {\"; use super::b::B;",
            "const Q: char = '{'; use super::a::A;",
        ),
    ];
    for (a, b) in ways {
        let files = [
            ("room/mod.rs", "pub mod a;\npub mod b;\npub use b::B;"),
            ("room/a.rs", a),
            ("room/b.rs", b),
        ];
        assert_eq!(circles(&sources(&files)).len(), 1, "{a} and {b}");
    }
}

#[test]
fn what_is_no_circle_is_none() {
    let ways = [
        ("use super::b::B;", "// use super::a::A;"),
        ("use super::b::B;", "const Q: &str = \"super::a::A\";"),
        (
            "use super::b::B;",
            "#[cfg(test)] mod tests { use super::super::a::A; }",
        ),
        ("use super::b::B;", "use crate::other::a::A;"),
    ];
    for (a, b) in ways {
        let files = [
            ("room/mod.rs", "pub mod a;\npub mod b;"),
            ("room/a.rs", a),
            ("room/b.rs", b),
            ("other.rs", ""),
        ];
        assert!(circles(&sources(&files)).is_empty(), "{a} and {b}");
    }
}

#[test]
fn nothing_goes_round_in_a_circle() {
    let found = circles(&super::sources_by_module());
    assert!(
        found.is_empty(),
        "{} circles:\n    {}",
        found.len(),
        found.join("\n\n    ")
    );
}
