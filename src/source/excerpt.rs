//! The one line of a file that a problem shows: secrets hidden, hostile characters made harmless,
//! long lines cut around the place.

use std::ops::Range;

use super::{SourceFile, line_at};

const HIDDEN: &str = "***";

/// A line made fit for drawing.
#[derive(Debug)]
pub(super) struct Excerpt {
    pub text: String,
    /// What to underline, in bytes of `text`; never empty.
    pub mark: Range<usize>,
    /// Counted from 1.
    pub line: usize,
    /// Counted from 1, in characters of the file as it is.
    pub column: usize,
}

/// One drawn piece: usually a character.
struct Piece {
    text: String,
    width: usize,
    marked: bool,
}

/// Cuts out the line on which `span` begins, at most `room` columns of it.
pub(super) fn cut(
    file: &SourceFile,
    span: &Range<usize>,
    secrets: &[Range<usize>],
    room: usize,
) -> Excerpt {
    let text = file.text.as_str();
    let start = floor(text, span.start);
    let end = floor(text, span.end.max(start));
    let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
    let line_end = text[start..].find('\n').map_or(text.len(), |at| start + at);
    let line = text[line_start..line_end]
        .strip_suffix('\r')
        .unwrap_or(&text[line_start..line_end]);
    // A byte order mark is no character of the first line.
    let (line_start, line) = match line.strip_prefix('\u{feff}') {
        Some(rest) if line_start == 0 => (line_start + '\u{feff}'.len_utf8(), rest),
        _ => (line_start, line),
    };
    let column = text
        .get(line_start..start)
        .map_or(1, |before| before.chars().count() + 1);
    let (text_out, mark) = fit(&pieces(line, line_start, start..end, secrets), room);
    Excerpt {
        text: text_out,
        mark,
        line: line_at(text, start),
        column,
    }
}

fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn pieces(line: &str, offset: usize, span: Range<usize>, secrets: &[Range<usize>]) -> Vec<Piece> {
    let mut all: Vec<Piece> = Vec::new();
    let mut hidden_now: Option<usize> = None;
    let mut column = 0;
    for (at, letter) in line.char_indices() {
        let at = offset + at;
        let marked = span.contains(&at) || span.start == at;
        // Ranges are in order and apart, so the last one that begins here or before is the one.
        let nth = secrets.partition_point(|range| range.start <= at);
        let inside = nth.checked_sub(1).filter(|nth| at < secrets[*nth].end);
        let piece = match inside {
            Some(_) if inside == hidden_now => {
                if let Some(last) = all.last_mut() {
                    last.marked |= marked;
                }
                continue;
            }
            Some(_) => Piece {
                text: HIDDEN.to_owned(),
                width: HIDDEN.len(),
                marked,
            },
            None => harmless(letter, column, marked),
        };
        hidden_now = inside;
        column += piece.width;
        all.push(piece);
    }
    // Something to point at behind the last character, and on an empty line.
    let marked = !all.iter().any(|piece| piece.marked);
    all.push(Piece {
        text: " ".to_owned(),
        width: 1,
        marked,
    });
    all
}

fn harmless(letter: char, column: usize, marked: bool) -> Piece {
    let (text, width) = match letter {
        '\t' => {
            let width = 4 - column % 4;
            (" ".repeat(width), width)
        }
        // Marks that turn or hide the text around them.
        '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}' => ("\u{fffd}".to_owned(), 1),
        letter if letter.is_control() => ("\u{fffd}".to_owned(), 1),
        // Wide scripts and pictures take two columns; a guess is enough to fit the line.
        letter if u32::from(letter) >= 0x1100 && letter != '\u{fffd}' => (letter.to_string(), 2),
        letter => (letter.to_string(), 1),
    };
    Piece {
        text,
        width,
        marked,
    }
}

/// Joins the pieces, leaving out what is too far from the mark.
fn fit(pieces: &[Piece], room: usize) -> (String, Range<usize>) {
    let room = room.max(20);
    let mark_at = pieces.iter().position(|piece| piece.marked).unwrap_or(0);
    let total: usize = pieces.iter().map(|piece| piece.width).sum();
    let mut first = 0;
    if total > room {
        // A third of the room before the mark, more when the line ends soon after it.
        let mut before = pieces[mark_at..]
            .iter()
            .map(|piece| piece.width)
            .sum::<usize>();
        before = (room / 3).max(room.saturating_sub(before + 2));
        first = mark_at;
        while first > 0 && before >= pieces[first - 1].width {
            first -= 1;
            before -= pieces[first].width;
        }
    }
    let mut text = String::new();
    let mut left = room;
    if first > 0 {
        text.push('…');
        left -= 1;
    }
    let mut mark: Option<Range<usize>> = None;
    for (nth, piece) in pieces.iter().enumerate().skip(first) {
        let is_last = nth + 1 == pieces.len();
        if piece.width + usize::from(!is_last) > left && nth > mark_at {
            text.push('…');
            break;
        }
        let start = text.len();
        text.push_str(&piece.text);
        left = left.saturating_sub(piece.width);
        if piece.marked {
            let begin = mark.map_or(start, |mark| mark.start);
            mark = Some(begin..text.len());
        }
    }
    (text, mark.unwrap_or(0..1))
}
