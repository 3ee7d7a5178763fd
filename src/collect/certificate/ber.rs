//! BER (X.690) to DER as far as PKCS#12 needs it: Java's tools and Bouncy Castle write indefinite lengths and
//! octet strings in pieces, which the library under `pkcs12` does not read.

use zeroize::Zeroizing;

const OBJECT_IDENTIFIER: u8 = 0x06;
const OCTET_STRING: u8 = 0x04;
const SEQUENCE: u8 = 0x30;
/// An octet string in pieces.
const IN_PIECES: u8 = 0x24;
/// `[0]`, with elements inside.
const FIRST: u8 = 0xa0;
/// `[0]`, in place of an octet string's own tag.
const FIRST_PLAIN: u8 = 0x80;

const CONSTRUCTED: u8 = 0x20;
const INDEFINITE: u8 = 0x80;

/// How many elements may stand inside one another.
const DEEPEST: usize = 32;

pub(super) type Der = Zeroizing<Vec<u8>>;

/// How far into a value is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// What stands in octet strings stays as it is: a seal is over its very bytes.
    Outside,
    /// Octet strings that begin as a sequence of indefinite length are read as well.
    Within,
}

/// The first element in DER; what follows it is dropped. `None` where it is no BER.
pub(super) fn der(bytes: &[u8], reach: Reach) -> Option<Der> {
    let (element, _) = element(bytes, reach, DEEPEST)?;
    Some(written(&element))
}

/// One element, in DER already.
struct Element {
    tag: u8,
    content: Der,
    /// The elements inside, where they were read.
    inside: Vec<(u8, Der)>,
}

/// An element with this content.
pub(super) fn put(tag: u8, content: &[u8]) -> Der {
    let mut out = Zeroizing::new(Vec::with_capacity(content.len() + 6));
    out.push(tag);
    let digits = content.len().to_be_bytes();
    let zeros = digits.iter().take_while(|digit| **digit == 0).count();
    if content.len() >= 0x80 {
        // At most eight.
        let count = u8::try_from(digits.len() - zeros).unwrap_or(u8::MAX);
        out.push(0x80 | count);
        out.extend(digits.iter().skip(zeros));
    } else {
        out.extend(digits.iter().rev().take(1));
    }
    out.extend(content);
    out
}

fn written(element: &Element) -> Der {
    put(element.tag, &element.content)
}

fn element(bytes: &[u8], reach: Reach, depth: usize) -> Option<(Element, &[u8])> {
    let depth = depth.checked_sub(1)?;
    let (tag, rest) = bytes.split_first()?;
    // Tags of several bytes have no place in these files.
    if tag & 0x1f == 0x1f {
        return None;
    }
    let (length, rest) = length(rest)?;
    if tag & CONSTRUCTED == 0 {
        let (content, rest) = rest.split_at_checked(length?)?;
        let plain = Element {
            tag: *tag,
            content: primitive(*tag, content, reach, depth),
            inside: Vec::new(),
        };
        return Some((plain, rest));
    }
    let (inside, rest) = match length {
        Some(length) => {
            let (content, rest) = rest.split_at_checked(length)?;
            (elements(content, reach, depth)?, rest)
        }
        None => until_end(rest, reach, depth)?,
    };
    Some((joined(*tag, inside, reach, depth)?, rest))
}

/// `Some(None)` stands for a length that is not told.
fn length(bytes: &[u8]) -> Option<(Option<usize>, &[u8])> {
    let (first, rest) = bytes.split_first()?;
    match *first {
        INDEFINITE => Some((None, rest)),
        0..=0x7f => Some((Some(usize::from(*first)), rest)),
        0x81..=0x88 => {
            let (digits, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
            let mut length = 0_usize;
            for digit in digits {
                length = length
                    .checked_mul(0x100)?
                    .checked_add(usize::from(*digit))?;
            }
            Some((Some(length), rest))
        }
        _ => None,
    }
}

fn elements(mut bytes: &[u8], reach: Reach, depth: usize) -> Option<Vec<Element>> {
    let mut all = Vec::new();
    while !bytes.is_empty() {
        let (one, rest) = element(bytes, reach, depth)?;
        all.push(one);
        bytes = rest;
    }
    Some(all)
}

/// Elements up to two NULs, the end of an indefinite length.
fn until_end(mut bytes: &[u8], reach: Reach, depth: usize) -> Option<(Vec<Element>, &[u8])> {
    let mut all = Vec::new();
    loop {
        if let Some(rest) = bytes.strip_prefix(&[0, 0]) {
            return Some((all, rest));
        }
        let (one, rest) = element(bytes, reach, depth)?;
        all.push(one);
        bytes = rest;
    }
}

fn primitive(tag: u8, content: &[u8], reach: Reach, depth: usize) -> Der {
    if tag == OCTET_STRING
        && reach == Reach::Within
        && content.starts_with(&[SEQUENCE, INDEFINITE])
        && let Some((inner, [])) = element(content, reach, depth)
    {
        return written(&inner);
    }
    Zeroizing::new(content.to_vec())
}

fn joined(tag: u8, inside: Vec<Element>, reach: Reach, depth: usize) -> Option<Element> {
    if tag == IN_PIECES {
        let whole = pieces(&inside)?;
        return Some(Element {
            tag: OCTET_STRING,
            content: primitive(OCTET_STRING, &whole, reach, depth),
            inside: Vec::new(),
        });
    }
    let mut content = Zeroizing::new(Vec::new());
    let last = inside.len().wrapping_sub(1);
    for (place, one) in inside.iter().enumerate() {
        // EncryptedContentInfo (RFC 5652): what is encrypted is an octet string under the tag [0].
        let encrypted = tag == SEQUENCE
            && place == last
            && one.tag == FIRST
            && inside
                .iter()
                .map(|one| one.tag)
                .eq([OBJECT_IDENTIFIER, SEQUENCE, FIRST]);
        if encrypted {
            content.extend(put(FIRST_PLAIN, &one.pieces()?).iter());
        } else {
            content.extend(written(one).iter());
        }
    }
    let inside = inside.into_iter().map(|one| (one.tag, one.content));
    Some(Element {
        tag,
        content,
        inside: inside.collect(),
    })
}

impl Element {
    fn pieces(&self) -> Option<Der> {
        let mut whole = Zeroizing::new(Vec::with_capacity(self.content.len()));
        for (tag, content) in &self.inside {
            if *tag != OCTET_STRING {
                return None;
            }
            whole.extend(content.iter());
        }
        Some(whole)
    }
}

fn pieces(inside: &[Element]) -> Option<Der> {
    let mut whole = Zeroizing::new(Vec::new());
    for one in inside {
        if one.tag != OCTET_STRING {
            return None;
        }
        whole.extend(one.content.iter());
    }
    Some(whole)
}
