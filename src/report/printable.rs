//! Makes text from files and services harmless to print: no control, no escape, no hidden direction.

/// How many combining marks may sit on one character; more only serve to smear over other lines.
const MARKS_IN_A_ROW: usize = 3;

/// `text` on one line, with nothing in it that a terminal or mail client would act on.
///
/// White space of any kind becomes one space; control and invisible formatting characters become
/// their escape (`\u{1b}`), so that a reader sees that something was there.
pub(crate) fn clean(text: &str) -> String {
    let mut cleaned = String::with_capacity(text.len());
    let mut marks = 0;
    for character in text.chars() {
        marks = if is_mark(character) { marks + 1 } else { 0 };
        if marks > MARKS_IN_A_ROW {
            continue;
        }
        if character.is_whitespace() {
            if !cleaned.ends_with(' ') {
                cleaned.push(' ');
            }
        } else if is_hostile(character) {
            cleaned.extend(character.escape_unicode());
        } else {
            cleaned.push(character);
        }
    }
    cleaned.trim().to_owned()
}

/// A command on one line: its spaces stay, since a quoted name may hold several in a row, and what a
/// terminal would act on becomes an escape, which a shell then takes for another name and refuses.
pub(crate) fn command_line(command: &str) -> String {
    let mut line = String::with_capacity(command.len());
    for character in command.chars() {
        if character == ' ' || !(character.is_whitespace() || is_hostile(character)) {
            line.push(character);
        } else {
            line.extend(character.escape_unicode());
        }
    }
    line
}

/// `text` in at most so many characters, with an ellipsis where something is cut.
pub(crate) fn cut(text: &str, longest: usize) -> String {
    if text.chars().count() <= longest {
        return text.to_owned();
    }
    let kept: String = text.chars().take(longest.saturating_sub(1)).collect();
    format!("{kept}\u{2026}")
}

/// `text` with a capital at its beginning.
pub(crate) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|one| one.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

/// Whether a character can steer what shows it: C0 and C1 controls, line separators, direction marks,
/// zero-width and other invisible format characters, tags, and variation selectors.
pub(crate) fn is_hostile(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{00ad}'
                | '\u{034f}'
                | '\u{0600}'..='\u{0605}'
                | '\u{061c}'
                | '\u{06dd}'
                | '\u{070f}'
                | '\u{115f}'..='\u{1160}'
                | '\u{17b4}'..='\u{17b5}'
                | '\u{180b}'..='\u{180f}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{3164}'
                | '\u{fe00}'..='\u{fe0f}'
                | '\u{feff}'
                | '\u{ffa0}'
                | '\u{fff0}'..='\u{fffb}'
                | '\u{1d173}'..='\u{1d17a}'
                | '\u{e0000}'..='\u{e0fff}'
        )
}

const fn is_mark(character: char) -> bool {
    matches!(
        character,
        '\u{0300}'..='\u{036f}'
            | '\u{1ab0}'..='\u{1aff}'
            | '\u{1dc0}'..='\u{1dff}'
            | '\u{20d0}'..='\u{20ff}'
            | '\u{fe20}'..='\u{fe2f}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_text_of_any_language_stays() {
        for text in ["raia-contact-sync", "Größe", "日本語の名前", "שלום", "😀"] {
            assert_eq!(clean(text), text);
        }
    }

    #[test]
    fn lines_become_one_line() {
        assert_eq!(clean("a\r\nBcc: x@y\tz\u{2028}q \n"), "a Bcc: x@y z q");
    }

    #[test]
    fn escapes_and_direction_marks_are_shown_not_obeyed() {
        assert_eq!(clean("\u{1b}[31mred"), "\\u{1b}[31mred");
        assert_eq!(clean("\u{9b}2J"), "\\u{9b}2J");
        assert_eq!(
            clean("a\u{202e}b\u{200b}c\u{0}"),
            "a\\u{202e}b\\u{200b}c\\u{0}"
        );
    }

    #[test]
    fn a_command_keeps_its_spaces_and_stays_on_one_line() {
        assert_eq!(command_line("az x --name 'a  b'"), "az x --name 'a  b'");
        assert_eq!(command_line("az x\nrm y\u{1b}"), "az x\\u{a}rm y\\u{1b}");
    }

    #[test]
    fn stacked_marks_are_cut() {
        assert_eq!(
            clean(&format!("e{}x", "\u{301}".repeat(40))),
            "e\u{301}\u{301}\u{301}x"
        );
    }
}
