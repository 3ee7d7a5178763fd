//! A request as the services read it, and an answer as they give it.

use axum::http::{HeaderMap, Method};
use chrono::{DateTime, Utc};
use serde_json::Value;

/// One request, its host already found (HTTP/2 sends no Host header).
#[derive(Clone, Debug)]
pub(super) struct Call {
    pub host: String,
    pub method: Method,
    /// As sent.
    pub path_and_query: String,
    /// Percent-decoded.
    pub path: String,
    /// Percent-decoded, in the order sent.
    pub query: Vec<(String, String)>,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Call {
    pub(super) fn new(
        host: String,
        method: Method,
        path_and_query: &str,
        headers: HeaderMap,
        body: Vec<u8>,
    ) -> Self {
        let (path, query) = path_and_query
            .split_once('?')
            .unwrap_or((path_and_query, ""));
        Self {
            host,
            method,
            path_and_query: path_and_query.to_owned(),
            path: percent_decoded(path),
            query: url::form_urlencoded::parse(query.as_bytes())
                .into_owned()
                .collect(),
            headers,
            body,
        }
    }

    /// The first query parameter of this name. OData option names are matched without regard to case.
    pub(super) fn query(&self, name: &str) -> Option<&str> {
        self.query
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The token of an `Authorization: Bearer` header.
    pub(super) fn bearer(&self) -> Option<&str> {
        let (scheme, token) = self.header("authorization")?.split_once(' ')?;
        scheme
            .eq_ignore_ascii_case("bearer")
            .then_some(token.trim())
    }

    /// The path's parts; a trailing slash adds none.
    pub(super) fn segments(&self) -> Vec<&str> {
        self.path
            .split('/')
            .filter(|part| !part.is_empty())
            .collect()
    }

    /// The same address with `$skiptoken` (and nothing else) exchanged, for a `nextLink`.
    pub(super) fn link_with_skiptoken(&self, authority: &str, token: &str) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (key, value) in &self.query {
            if !key.eq_ignore_ascii_case("$skiptoken") {
                query.append_pair(key, value);
            }
        }
        query.append_pair("$skiptoken", token);
        let path = self.path_and_query.split('?').next().unwrap_or("/");
        // The services leave `$` bare in the links they write.
        format!(
            "https://{authority}{path}?{}",
            query.finish().replace("%24", "$")
        )
    }

    /// Where the page this request asks for begins.
    pub(super) fn skip(&self) -> usize {
        self.query("$skiptoken")
            .and_then(|token| token.rsplit('-').next()?.parse().ok())
            .unwrap_or(0)
    }
}

/// One answer.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    /// The connection breaks off before the body is whole.
    pub broken: bool,
}

impl Answer {
    pub(super) fn json(status: u16, body: &Value) -> Self {
        Self::text(status, body.to_string()).with("content-type", "application/json; charset=utf-8")
    }

    pub(super) fn text(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: body.into(),
            broken: false,
        }
    }

    /// Sets a header, replacing an earlier one.
    pub(super) fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers
            .retain(|(key, _)| !key.eq_ignore_ascii_case(name));
        self.headers.push((name.to_owned(), value.into()));
        self
    }
}

/// `Sat, 21 Nov 2026 06:00:00 GMT`
pub(super) fn http_date(moment: DateTime<Utc>) -> String {
    moment.format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// Decodes `%41` to `A`; what is no escape stays as it is, and `+` stays a plus (this is a path).
pub(super) fn percent_decoded(text: &str) -> String {
    let decoded = percent_encoding::percent_decode_str(text);
    decoded.decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(path: &str) -> Call {
        let host = "contoso.crm4.dynamics.com".to_owned();
        Call::new(host, Method::GET, path, HeaderMap::new(), Vec::new())
    }

    #[test]
    fn paths_and_queries_are_decoded_each_in_its_own_way() {
        let call = call("/a%28appId%3D%27x+y%27%29/?%24filter=a+eq%201");
        assert_eq!(call.segments(), ["a(appId='x+y')"]);
        assert_eq!(call.query("$filter"), Some("a eq 1"));
    }

    #[test]
    fn broken_escapes_are_left_alone() {
        for path in ["/%", "/%4", "/%zz", "/%e4\u{20ac}"] {
            assert!(!call(path).path.is_empty());
        }
    }

    #[test]
    fn a_next_link_keeps_every_other_option() {
        let link = call("/secrets?api-version=7.5&$skiptoken=old-1&maxresults=1")
            .link_with_skiptoken("h:443", "page-2");
        assert_eq!(
            link,
            "https://h:443/secrets?api-version=7.5&maxresults=1&$skiptoken=page-2"
        );
    }
}
