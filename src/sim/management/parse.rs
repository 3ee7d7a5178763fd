//! Queries to Azure Resource Graph, as far as they are served: `resources` with `where`, `project`, `order by`
//! and `limit`. Whatever else is written is refused at its place.

use super::resources::COLUMNS;
use super::tokens::{Token, TokenKind, tokens};

/// One step of a query, in the order written.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// All of them hold.
    Where(Vec<Condition>),
    Project(Vec<Column>),
    Order(Vec<Order>),
    Limit(usize),
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Condition {
    pub path: String,
    pub texts: Vec<String>,
    pub any_case: bool,
    pub not: bool,
}

/// A column of the answer, and where it comes from.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Column {
    pub name: String,
    pub path: String,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Order {
    pub path: String,
    pub descending: bool,
}

/// Where a query is not understood; nothing where it ends too early.
pub(super) type Refused = Option<Token>;

/// The steps of a query.
pub(super) fn parse(query: &str) -> Result<Vec<Step>, Refused> {
    let mut parser = Parser {
        tokens: tokens(query),
        next: 0,
        columns: COLUMNS.iter().map(|&column| column.to_owned()).collect(),
    };
    let table = parser.word()?;
    if !table.text.eq_ignore_ascii_case("resources") {
        return Err(Some(table));
    }
    let mut steps = Vec::new();
    while parser.peek().is_some() {
        parser.sign("|")?;
        steps.push(parser.step()?);
    }
    Ok(steps)
}

struct Parser {
    tokens: Vec<Token>,
    next: usize,
    /// Those there are at this step.
    columns: Vec<String>,
}

impl Parser {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.next)
    }

    fn take(&mut self) -> Result<Token, Refused> {
        let token = self.peek().cloned().ok_or(None)?;
        self.next += 1;
        Ok(token)
    }

    fn of_kind(&mut self, kind: TokenKind) -> Result<Token, Refused> {
        let token = self.take()?;
        if token.kind == kind {
            Ok(token)
        } else {
            Err(Some(token))
        }
    }

    fn word(&mut self) -> Result<Token, Refused> {
        self.of_kind(TokenKind::Word)
    }

    fn sign(&mut self, sign: &str) -> Result<(), Refused> {
        let token = self.take()?;
        if token.kind == TokenKind::Sign && token.text == sign {
            Ok(())
        } else {
            Err(Some(token))
        }
    }

    /// Takes this word or sign where it comes next.
    fn skip(&mut self, text: &str) -> bool {
        let found = self
            .peek()
            .is_some_and(|token| token.kind != TokenKind::Text && token.text == text);
        self.next += usize::from(found);
        found
    }

    /// A column there is, or a path that begins at one. What stands deeper may be missing: that is null.
    fn path(&mut self) -> Result<String, Refused> {
        let token = self.word()?;
        let root = token.text.split('.').next().unwrap_or_default();
        if self.columns.iter().any(|column| column == root) {
            Ok(token.text)
        } else {
            Err(Some(token))
        }
    }

    fn step(&mut self) -> Result<Step, Refused> {
        let operator = self.word()?;
        match operator.text.as_str() {
            "where" => self.conditions(),
            "project" => self.project(),
            "order" | "sort" => {
                if !self.skip("by") {
                    return Err(self.take().ok());
                }
                self.order()
            }
            "limit" | "take" => {
                let number = self.word()?;
                number
                    .text
                    .parse()
                    .map(Step::Limit)
                    .map_err(|_| Some(number))
            }
            _ => Err(Some(operator)),
        }
    }

    fn conditions(&mut self) -> Result<Step, Refused> {
        let mut all = vec![self.condition()?];
        while self.skip("and") {
            all.push(self.condition()?);
        }
        Ok(Step::Where(all))
    }

    fn condition(&mut self) -> Result<Condition, Refused> {
        let path = self.path()?;
        let operator = self.take()?;
        let (any_case, not, many) = match operator.text.as_str() {
            "==" => (false, false, false),
            "!=" => (false, true, false),
            "=~" => (true, false, false),
            "!~" => (true, true, false),
            "in" => (false, false, true),
            "in~" => (true, false, true),
            _ => return Err(Some(operator)),
        };
        let mut texts = Vec::new();
        if many {
            self.sign("(")?;
            texts.push(self.of_kind(TokenKind::Text)?.text);
            while self.skip(",") {
                texts.push(self.of_kind(TokenKind::Text)?.text);
            }
            self.sign(")")?;
        } else {
            texts.push(self.of_kind(TokenKind::Text)?.text);
        }
        Ok(Condition {
            path,
            texts,
            any_case,
            not,
        })
    }

    /// `project id, vaultUri = properties.vaultUri`. A path without a name of its own gets one: its dots
    /// become underscores.
    fn project(&mut self) -> Result<Step, Refused> {
        let mut columns = Vec::new();
        loop {
            let named = self
                .tokens
                .get(self.next + 1)
                .is_some_and(|token| token.text == "=");
            let name = if named {
                let name = self.word()?.text;
                self.sign("=")?;
                Some(name)
            } else {
                None
            };
            let path = self.path()?;
            let name = name.unwrap_or_else(|| path.replace('.', "_"));
            columns.push(Column { name, path });
            if !self.skip(",") {
                break;
            }
        }
        self.columns = columns.iter().map(|column| column.name.clone()).collect();
        Ok(Step::Project(columns))
    }

    /// Descending where nothing is said, as in Kusto.
    fn order(&mut self) -> Result<Step, Refused> {
        let mut orders = Vec::new();
        loop {
            let path = self.path()?;
            let ascending = self.skip("asc");
            if !ascending {
                self.skip("desc");
            }
            orders.push(Order {
                path,
                descending: !ascending,
            });
            if !self.skip(",") {
                return Ok(Step::Order(orders));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_query_for_vaults_is_understood() {
        let steps = parse(
            "resources\n| where type =~ 'microsoft.keyvault/vaults' and location in~ ('a', 'b')\n| project id, properties.vaultUri, uri = properties.vaultUri\n| order by id asc, uri\n| limit 5",
        )
        .unwrap_or_else(|refused| panic!("{refused:?}"));
        let [
            Step::Where(conditions),
            Step::Project(columns),
            Step::Order(orders),
            Step::Limit(5),
        ] = steps.as_slice()
        else {
            panic!("{steps:?}");
        };
        assert!(conditions[0].any_case && conditions[1].texts == ["a", "b"]);
        let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
        assert_eq!(names, ["id", "properties_vaultUri", "uri"]);
        assert!(!orders[0].descending && orders[1].descending);
    }

    #[test]
    fn what_is_not_understood_is_refused_at_its_place() {
        for (query, token) in [
            ("", None),
            ("resources |", None),
            ("resources | where type =~", None),
            ("securityresources | project id", Some("securityresources")),
            ("resources | summarize count()", Some("summarize")),
            ("resources | where kind contains 'x'", Some("contains")),
            ("resources | where isnotempty(name)", Some("isnotempty")),
            ("resources | where type == vaults", Some("vaults")),
            ("resources | project vaultUri", Some("vaultUri")),
            ("resources | project id | where type =~ 'x'", Some("type")),
            ("resources | order name", Some("name")),
            ("resources | limit all", Some("all")),
            ("resources where type =~ 'x'", Some("where")),
            ("resources | project id ;", Some(";")),
        ] {
            let refused = parse(query).expect_err(query);
            assert_eq!(refused.map(|token| token.text).as_deref(), token, "{query}");
        }
    }
}
