//! The difference of two texts, line by line, as `diff -u` shows it.

/// Lines shown around what differs.
const AROUND: usize = 3;

/// What a line is in the difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Same,
    Old,
    New,
}

/// The difference in unified form; empty where the texts are the same.
pub(crate) fn unified(name: &str, old: &str, new: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let lines = lines(&old, &new);
    let mut out = String::new();
    let (mut at_old, mut at_new) = (0, 0);
    let mut shown = 0;
    let changed: Vec<bool> = lines.iter().map(|(kind, _)| *kind != Kind::Same).collect();
    for (place, (kind, line)) in lines.iter().enumerate() {
        let from = place.saturating_sub(AROUND);
        let to = (place + AROUND + 1).min(lines.len());
        let is_near = changed
            .get(from..to)
            .is_some_and(|near| near.contains(&true));
        if is_near {
            if out.is_empty() {
                out.push_str(&format!("--- {name}\n+++ {name} (updated)\n"));
            }
            if shown == 0 || shown != place {
                out.push_str(&format!("@@ -{} +{} @@\n", at_old + 1, at_new + 1));
            }
            shown = place + 1;
            let mark = match kind {
                Kind::Same => ' ',
                Kind::Old => '-',
                Kind::New => '+',
            };
            out.push_str(&format!("{mark}{line}\n"));
        }
        at_old += usize::from(*kind != Kind::New);
        at_new += usize::from(*kind != Kind::Old);
    }
    out
}

/// Both texts as one, the longest common part of them the same.
fn lines<'t>(old: &[&'t str], new: &[&'t str]) -> Vec<(Kind, &'t str)> {
    let same = |(one, other): &(&&str, &&str)| one == other;
    let head = old.iter().zip(new).take_while(same).count();
    let tails = old.iter().rev().zip(new.iter().rev());
    let most = old.len().min(new.len()) - head;
    let tail = tails.take(most).take_while(same).count();
    let middle_old = old.get(head..old.len() - tail).unwrap_or_default();
    let middle_new = new.get(head..new.len() - tail).unwrap_or_default();
    let mut lines: Vec<(Kind, &str)> = Vec::new();
    lines.extend(old.iter().take(head).map(|line| (Kind::Same, *line)));
    lines.extend(middle(middle_old, middle_new));
    lines.extend(
        old.iter()
            .skip(old.len() - tail)
            .map(|line| (Kind::Same, *line)),
    );
    lines
}

/// What an update keeps is in its order, and most of what it changes is new: each old line is looked for from where
/// the last one was found.
fn middle<'t>(old: &[&'t str], new: &[&'t str]) -> Vec<(Kind, &'t str)> {
    let mut lines = Vec::new();
    let mut at = 0;
    for (place, line) in old.iter().enumerate() {
        let rest = new.get(at..).unwrap_or_default();
        // A line that stands in many places (an empty one) is that before the same next line.
        let next = old.get(place + 1);
        let found = rest.iter().enumerate().position(|(ahead, other)| {
            other == line && (next.is_none() || rest.get(ahead + 1) == next)
        });
        let found = found.or_else(|| rest.iter().position(|other| other == line));
        match found {
            Some(ahead) => {
                lines.extend(rest.iter().take(ahead).map(|line| (Kind::New, *line)));
                lines.push((Kind::Same, *line));
                at += ahead + 1;
            }
            None => lines.push((Kind::Old, *line)),
        }
    }
    lines.extend(new.iter().skip(at).map(|line| (Kind::New, *line)));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_added_and_replaced_is_marked_and_what_is_far_away_left_out() {
        let old: Vec<String> = (1..=20).map(|number| format!("line {number}")).collect();
        let mut new = old.clone();
        new[1] = "line two".to_owned();
        new.insert(15, "between".to_owned());
        let told = unified("estate.toml", &old.join("\n"), &new.join("\n"));
        assert_eq!(
            told,
            "--- estate.toml\n+++ estate.toml (updated)\n@@ -1 +1 @@\n line 1\n-line 2\n+line two\n line 3\n \
             line 4\n line 5\n@@ -13 +13 @@\n line 13\n line 14\n line 15\n+between\n line 16\n line 17\n line 18\n"
        );
        assert_eq!(unified("x", "a\nb\n", "a\nb\n"), "");
    }

    #[test]
    fn every_line_of_both_is_in_it_once_and_in_order() {
        let texts = [
            "",
            "a",
            "a\nb\nc",
            "b\na\nc\na",
            "c\nc\n\n\nb",
            "x\n\na\n\nb\n\nc",
        ];
        for old in texts {
            for new in texts {
                let (old, new): (Vec<&str>, Vec<&str>) =
                    (old.lines().collect(), new.lines().collect());
                let all = lines(&old, &new);
                let of = |other: Kind| -> Vec<&str> {
                    all.iter()
                        .filter(|(kind, _)| *kind != other)
                        .map(|(_, line)| *line)
                        .collect()
                };
                assert_eq!(of(Kind::New), old, "{old:?} {new:?}");
                assert_eq!(of(Kind::Old), new, "{old:?} {new:?}");
            }
        }
    }
}
