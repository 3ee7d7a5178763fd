//! The text of a file that somebody saved: UTF-8, or what it is instead and how to save it right.

/// Why a file's bytes are not the text this tool reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NotUtf8 {
    #[error(
        "is UTF-16 text, which is what PowerShell 5's `>` and Notepad's \"Unicode\" write; save it as \
         UTF-8, in PowerShell by: Get-Content -Raw FILE | Set-Content -Encoding utf8 NEW-FILE"
    )]
    Utf16,
    #[error("is UTF-32 text; save it as UTF-8")]
    Utf32,
    #[error(
        "is not UTF-8 text: line {line}, column {column} has the byte 0x{byte:02x}, as editors write that save as \"ANSI\", \
         Latin-1 or Windows-1252; save it as UTF-8"
    )]
    SingleByte {
        line: usize,
        column: usize,
        byte: u8,
    },
    #[error("is {what}, not a text file; name the file that was meant")]
    Binary { what: &'static str },
}

/// How files of other kinds begin.
const MAGIC: [(&[u8], &str); 6] = [
    (b"PK\x03\x04", "a zip archive or an Office document"),
    (b"\x1f\x8b", "compressed by gzip"),
    (b"%PDF-", "a PDF"),
    (b"SQLite format 3\0", "an SQLite database"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90\0", "a program"),
];

/// The text of a file, without the mark that some editors put before it.
///
/// # Errors
/// What the bytes are instead, as words that follow a file's name.
pub(crate) fn decode(bytes: Vec<u8>) -> Result<String, NotUtf8> {
    if let Some((_, what)) = MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Err(NotUtf8::Binary { what });
    }
    match bytes.as_slice() {
        [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => return Err(NotUtf8::Utf32),
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => return Err(NotUtf8::Utf16),
        _ => {}
    }
    let zeros = bytes.iter().filter(|byte| **byte == 0).count();
    if zeros > 0 {
        // Latin text in UTF-16 has a zero in every second byte, in UTF-32 in three of four.
        return Err(match zeros * 100 / bytes.len() {
            65.. => NotUtf8::Utf32,
            25.. => NotUtf8::Utf16,
            _ => NotUtf8::Binary {
                what: "a file with zero bytes in it",
            },
        });
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(match text.strip_prefix('\u{feff}') {
            Some(rest) => rest.to_owned(),
            None => text,
        }),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let (before, from) = error.as_bytes().split_at(at);
            // All of it up to there is UTF-8.
            let before = String::from_utf8_lossy(before);
            let line = before.rsplit('\n').next().unwrap_or_default();
            Err(NotUtf8::SingleByte {
                line: before.matches('\n').count() + 1,
                column: line.chars().count() + 1,
                byte: from.first().copied().unwrap_or_default(),
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TEXT: &str = "version = 1\n[tenants.contoso]\n";

    fn wide(text: &str, little: bool, mark: bool) -> Vec<u8> {
        let mark = mark.then_some(0xfeff);
        mark.into_iter()
            .chain(text.encode_utf16())
            .flat_map(|unit| {
                if little {
                    unit.to_le_bytes()
                } else {
                    unit.to_be_bytes()
                }
            })
            .collect()
    }

    #[test]
    fn plain_text_is_taken_with_and_without_its_mark() {
        assert_eq!(decode(TEXT.into()).as_deref(), Ok(TEXT));
        let marked = format!("\u{feff}{TEXT}");
        assert_eq!(decode(marked.into()).as_deref(), Ok(TEXT));
        assert_eq!(decode(Vec::new()).as_deref(), Ok(""));
        assert_eq!(
            decode("name = \"ä\u{feff}\"".into()).as_deref(),
            Ok("name = \"ä\u{feff}\"")
        );
    }

    #[test]
    fn wide_text_is_named_with_and_without_its_mark() {
        for little in [true, false] {
            for mark in [true, false] {
                assert_eq!(decode(wide(TEXT, little, mark)), Err(NotUtf8::Utf16));
            }
        }
        let utf32: Vec<u8> = TEXT
            .chars()
            .flat_map(|one| u32::from(one).to_le_bytes())
            .collect();
        assert_eq!(decode(utf32), Err(NotUtf8::Utf32));
    }

    #[test]
    fn other_files_are_named() {
        // A letter in UTF-8 before it is one column, whatever its bytes.
        for (latin, line, column) in [
            (&b"version = 1\nname = \"\xe4\""[..], 2, 9),
            (b"# \xc3\xa4\xe4", 1, 4),
        ] {
            let byte = 0xe4;
            let wrong = NotUtf8::SingleByte { line, column, byte };
            assert_eq!(decode(latin.to_vec()), Err(wrong));
        }
        for bytes in [
            b"PK\x03\x04....".to_vec(),
            b"%PDF-1.7".to_vec(),
            b"a = 1\n\0\n and more".to_vec(),
        ] {
            assert!(matches!(decode(bytes), Err(NotUtf8::Binary { .. })));
        }
    }

    proptest! {
        #[test]
        fn any_bytes_have_an_answer(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
            let words = decode(bytes).map_err(|error| error.to_string());
            if let Err(words) = words {
                prop_assert!(words.starts_with("is "));
            }
        }
    }
}
