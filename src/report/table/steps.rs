//! What to do next, step by step, with command lines that can be pasted.

use crate::model::assessment::Step;
use crate::report::text::clean;

use super::page::{Page, Tone};

/// The steps, numbered. A command that is too long goes on behind a backslash, as a shell takes it.
pub(super) fn steps(page: &mut Page, indent: usize, steps: &[Step]) {
    for (number, step) in steps.iter().enumerate() {
        let label = format!("{}.", number + 1);
        page.field(indent, indent + 3, &label, &step.say);
        let Some(run) = &step.run else { continue };
        let room = usize::from(page.look.width).saturating_sub(indent + 7);
        for (place, line) in command(&clean(run), room).iter().enumerate() {
            let indent = indent + if place == 0 { 5 } else { 7 };
            page.paragraph(indent, indent + 2, line, Tone::Plain);
        }
    }
}

/// Breaks a command before its options and its pipes, each line but the last ended by a backslash.
fn command(run: &str, room: usize) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    for word in run.split(' ') {
        match pieces.last_mut() {
            Some(piece) if !word.starts_with("--") && word != "|" && word != "&&" => {
                piece.push(' ');
                piece.push_str(word);
            }
            _ => pieces.push(word.to_owned()),
        }
    }
    let mut lines: Vec<String> = Vec::new();
    for piece in pieces {
        match lines.last_mut() {
            // Two columns for the space and the backslash.
            Some(line) if line.chars().count() + piece.chars().count() + 3 <= room => {
                line.push(' ');
                line.push_str(&piece);
            }
            _ => lines.push(piece),
        }
    }
    let last = lines.len().saturating_sub(1);
    for line in lines.iter_mut().take(last) {
        line.push_str(" \\");
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::command;

    #[test]
    fn a_long_command_goes_on_behind_a_backslash() {
        let run = "az ad app credential delete --id 5b7a2f0e --key-id 1a2b3c4d";
        assert_eq!(command(run, 80), [run]);
        assert_eq!(
            command(run, 45),
            [
                "az ad app credential delete --id 5b7a2f0e \\",
                "--key-id 1a2b3c4d"
            ]
        );
        let joined = command(run, 20).join(" ").replace(" \\", "");
        assert_eq!(joined, run);
    }
}
