//! `$filter`: comparisons with `eq`, `ne` and `in`, `startswith`, joined by `and`, `or`, `not`, brackets; where a
//! service has it, `collection/any(x:x/field eq ..)`.

use serde_json::Value;

/// A parsed filter.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::sim) enum Filter {
    Any(Vec<Filter>),
    All(Vec<Filter>),
    Not(Box<Filter>),
    Equals(String, Literal),
    /// `tolower(field) eq tolower('text')`
    EqualsInAnyCase(String, String),
    StartsWith(String, String),
    /// `collection/any(x:..)`: one element of the collection fits.
    Element(String, Box<Filter>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::sim) enum Literal {
    Null,
    Bool(bool),
    Text(String),
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Word(String),
    Quoted(String),
    Open,
    Close,
    Comma,
}

impl Filter {
    /// `None` when the text is no filter this simulator understands.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        Self::with_elements(text).filter(|filter| filter.looks_into().is_empty())
    }

    /// The same where filters may look into collections.
    pub(crate) fn with_elements(text: &str) -> Option<Self> {
        let mut tokens = tokens(text)?;
        tokens.reverse();
        let filter = any(&mut tokens, 0)?;
        tokens.is_empty().then_some(filter)
    }

    /// Texts are compared as most services do, without regard to case.
    pub(crate) fn matches(&self, row: &Value) -> bool {
        self.judge(row, false)
    }

    /// Texts are compared letter by letter.
    pub(crate) fn matches_exactly(&self, row: &Value) -> bool {
        self.judge(row, true)
    }

    /// The fields it looks at.
    pub(crate) fn fields(&self) -> Vec<&str> {
        match self {
            Self::Any(parts) | Self::All(parts) => parts.iter().flat_map(Self::fields).collect(),
            Self::Not(part) => part.fields(),
            Self::Equals(field, _)
            | Self::EqualsInAnyCase(field, _)
            | Self::StartsWith(field, _)
            | Self::Element(field, _) => vec![field],
        }
    }

    /// The collections it looks into.
    pub(crate) fn looks_into(&self) -> Vec<&str> {
        match self {
            Self::Any(parts) | Self::All(parts) => {
                parts.iter().flat_map(Self::looks_into).collect()
            }
            Self::Not(part) => part.looks_into(),
            Self::Element(collection, _) => vec![collection],
            Self::Equals(..) | Self::EqualsInAnyCase(..) | Self::StartsWith(..) => Vec::new(),
        }
    }

    /// The filter of an element, from one whose fields all begin with the element's variable.
    fn of_element(self, start: &str) -> Option<Self> {
        let each = |parts: Vec<Self>| -> Option<Vec<Self>> {
            parts
                .into_iter()
                .map(|part| part.of_element(start))
                .collect()
        };
        let bare = |field: String| field.strip_prefix(start).map(str::to_owned);
        Some(match self {
            Self::Any(parts) => Self::Any(each(parts)?),
            Self::All(parts) => Self::All(each(parts)?),
            Self::Not(part) => Self::Not(Box::new(part.of_element(start)?)),
            Self::Equals(field, literal) => Self::Equals(bare(field)?, literal),
            Self::EqualsInAnyCase(field, text) => Self::EqualsInAnyCase(bare(field)?, text),
            Self::StartsWith(field, text) => Self::StartsWith(bare(field)?, text),
            Self::Element(..) => return None,
        })
    }

    fn judge(&self, row: &Value, exactly: bool) -> bool {
        match self {
            Self::Any(parts) => parts.iter().any(|part| part.judge(row, exactly)),
            Self::All(parts) => parts.iter().all(|part| part.judge(row, exactly)),
            Self::Not(part) => !part.judge(row, exactly),
            Self::Equals(field, Literal::Text(text)) if exactly => row[field] == text.as_str(),
            Self::Equals(field, literal) => literal.equals(&row[field]),
            Self::EqualsInAnyCase(field, text) => row[field]
                .as_str()
                .is_some_and(|value| value.to_lowercase() == text.to_lowercase()),
            Self::StartsWith(field, start) => row[field].as_str().is_some_and(|text| {
                text.to_ascii_lowercase()
                    .starts_with(&start.to_ascii_lowercase())
            }),
            Self::Element(collection, fits) => row[collection]
                .as_array()
                .is_some_and(|elements| elements.iter().any(|one| fits.judge(one, exactly))),
        }
    }
}

impl Literal {
    fn equals(&self, value: &Value) -> bool {
        match self {
            Self::Null => value.is_null(),
            Self::Bool(wanted) => value.as_bool() == Some(*wanted),
            Self::Text(wanted) => match value {
                Value::String(text) => text.eq_ignore_ascii_case(wanted),
                Value::Number(number) => &number.to_string() == wanted,
                _ => false,
            },
        }
    }
}

/// Deeper nesting than any client sends.
const DEEPEST: usize = 32;

fn any(tokens: &mut Vec<Token>, depth: usize) -> Option<Filter> {
    joined(tokens, depth, "or", all, Filter::Any)
}

fn all(tokens: &mut Vec<Token>, depth: usize) -> Option<Filter> {
    joined(tokens, depth, "and", one, Filter::All)
}

fn joined(
    tokens: &mut Vec<Token>,
    depth: usize,
    word: &str,
    part: fn(&mut Vec<Token>, usize) -> Option<Filter>,
    join: fn(Vec<Filter>) -> Filter,
) -> Option<Filter> {
    let mut parts = vec![part(tokens, depth)?];
    while matches!(tokens.last(), Some(Token::Word(next)) if next.eq_ignore_ascii_case(word)) {
        tokens.pop();
        parts.push(part(tokens, depth)?);
    }
    if parts.len() == 1 {
        parts.pop()
    } else {
        Some(join(parts))
    }
}

fn one(tokens: &mut Vec<Token>, depth: usize) -> Option<Filter> {
    if depth > DEEPEST {
        return None;
    }
    match tokens.pop()? {
        Token::Open => {
            let inner = any(tokens, depth + 1)?;
            (tokens.pop()? == Token::Close).then_some(inner)
        }
        Token::Word(word) if word == "not" => Some(Filter::Not(Box::new(one(tokens, depth + 1)?))),
        Token::Word(word) if word == "startswith" => {
            let (Token::Open, Token::Word(field), Token::Comma, Token::Quoted(start), Token::Close) = (
                tokens.pop()?,
                tokens.pop()?,
                tokens.pop()?,
                tokens.pop()?,
                tokens.pop()?,
            ) else {
                return None;
            };
            Some(Filter::StartsWith(field, start))
        }
        Token::Word(word) if word == "tolower" => in_any_case(tokens),
        Token::Word(field) => match field.strip_suffix("/any") {
            Some(collection) => element(tokens, collection, depth),
            None => comparison(tokens, field),
        },
        _ => None,
    }
}

/// What follows `collection/any`: `(x:x/field eq 'text')`.
fn element(tokens: &mut Vec<Token>, collection: &str, depth: usize) -> Option<Filter> {
    let (Token::Open, Token::Word(word)) = (tokens.pop()?, tokens.pop()?) else {
        return None;
    };
    let (variable, rest) = word.split_once(':')?;
    if !rest.is_empty() {
        tokens.push(Token::Word(rest.to_owned()));
    }
    let fits = any(tokens, depth + 1)?.of_element(&format!("{variable}/"))?;
    let closed = tokens.pop()? == Token::Close;
    closed.then(|| Filter::Element(collection.to_owned(), Box::new(fits)))
}

/// What follows the first `tolower`: `(field) eq tolower('text')`, or a text in small letters.
fn in_any_case(tokens: &mut Vec<Token>) -> Option<Filter> {
    let (Token::Open, Token::Word(field), Token::Close, Token::Word(operator)) =
        (tokens.pop()?, tokens.pop()?, tokens.pop()?, tokens.pop()?)
    else {
        return None;
    };
    let text = match tokens.pop()? {
        Token::Quoted(text) => text,
        Token::Word(word) if word == "tolower" => {
            let (Token::Open, Token::Quoted(text), Token::Close) =
                (tokens.pop()?, tokens.pop()?, tokens.pop()?)
            else {
                return None;
            };
            text
        }
        _ => return None,
    };
    (operator == "eq").then_some(Filter::EqualsInAnyCase(field, text))
}

fn comparison(tokens: &mut Vec<Token>, field: String) -> Option<Filter> {
    let Token::Word(operator) = tokens.pop()? else {
        return None;
    };
    match operator.as_str() {
        "eq" => Some(Filter::Equals(field, literal(tokens.pop()?)?)),
        "ne" => {
            let equals = Filter::Equals(field, literal(tokens.pop()?)?);
            Some(Filter::Not(Box::new(equals)))
        }
        "in" => {
            let mut parts = Vec::new();
            if tokens.pop()? != Token::Open {
                return None;
            }
            loop {
                parts.push(Filter::Equals(field.clone(), literal(tokens.pop()?)?));
                match tokens.pop()? {
                    Token::Comma => {}
                    Token::Close => return Some(Filter::Any(parts)),
                    _ => return None,
                }
            }
        }
        _ => None,
    }
}

fn literal(token: Token) -> Option<Literal> {
    match token {
        Token::Quoted(text) => Some(Literal::Text(text)),
        Token::Word(word) => Some(match word.as_str() {
            "null" => Literal::Null,
            "true" => Literal::Bool(true),
            "false" => Literal::Bool(false),
            _ => Literal::Text(word),
        }),
        _ => None,
    }
}

fn tokens(text: &str) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            ' ' => {}
            '(' => tokens.push(Token::Open),
            ')' => tokens.push(Token::Close),
            ',' => tokens.push(Token::Comma),
            '\'' => {
                let mut quoted = String::new();
                loop {
                    match letters.next()? {
                        // A doubled quote stands for one.
                        '\'' if letters.peek() == Some(&'\'') => quoted.extend(letters.next()),
                        '\'' => break,
                        other => quoted.push(other),
                    }
                }
                tokens.push(Token::Quoted(quoted));
            }
            first => {
                let mut word = String::from(first);
                while let Some(next) = letters.next_if(|next| !" (),'".contains(*next)) {
                    word.push(next);
                }
                tokens.push(Token::Word(word));
            }
        }
    }
    Some(tokens)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Filter;

    #[test]
    fn filters_choose_rows() {
        let row = json!({ "appId": "A-1", "on": true, "gone": null, "name": "it's" });
        for (text, expected) in [
            ("appId eq 'a-1'", true),
            ("appId eq a-1", true),
            ("appId eq 'b' or appId eq 'A-1'", true),
            ("appId in ('b','A-1')", true),
            ("gone ne null", false),
            ("absent eq null and on eq true", true),
            ("not (on eq true or name eq 'x')", false),
            ("name eq 'it''s'", true),
            ("startswith(name,'IT')", true),
            ("tolower(appId) eq tolower('a-1')", true),
            ("(tolower(name) eq 'it''s' and on eq true)", true),
        ] {
            let filter = Filter::parse(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(filter.matches(&row), expected, "{text}");
        }
        let filter = Filter::parse("appId eq 'a-1'").unwrap();
        assert!(filter.matches(&row) && !filter.matches_exactly(&row));
    }

    #[test]
    fn a_filter_looks_into_collections_where_it_may() {
        let row = json!({ "parts": [{ "id": "A", "on": true }, { "id": "B", "on": false }] });
        for (text, expected) in [
            ("parts/any(p:p/id eq 'a')", true),
            ("parts/any(p: p/id eq B and p/on eq true)", false),
            (
                "parts/any(p:p/id eq 'c') or parts/any(x:x/on eq false)",
                true,
            ),
            ("not parts/any(p:startswith(p/id,'A'))", false),
            ("absent/any(p:p/id eq 'a')", false),
        ] {
            let filter = Filter::with_elements(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(filter.matches(&row), expected, "{text}");
            assert_eq!(Filter::parse(text), None, "{text}");
        }
        for text in [
            "parts/any(p:id eq 'a')",
            "parts/any(p/id eq 'a')",
            "parts/any(p:p/id eq 'a'",
            "parts/any()",
            "parts/any(p:p/q/any(r:r/id eq 'a'))",
        ] {
            assert_eq!(Filter::with_elements(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_no_filter_is_refused() {
        for text in [
            "",
            "appId",
            "appId eq",
            "appId gt 1",
            "(appId eq 1",
            "appId eq 'x",
            "a eq 1 b",
        ] {
            assert_eq!(Filter::parse(text), None, "{text}");
        }
        assert_eq!(Filter::parse(&"(".repeat(100_000)), None);
    }
}
