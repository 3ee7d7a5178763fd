//! A real mail server (npm's smtp-server) in a process of its own, and how its mails are read.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use base64::Engine as _;
use serde_json::Value;

use crate::certificate::Localhost;

/// The server process, the CA it can be trusted by, and what it says.
pub(crate) struct Server {
    process: Child,
    said: std::io::Lines<BufReader<std::process::ChildStdout>>,
    pub port: u16,
    pub ca: String,
    /// Holds `ca.pem`.
    pub folder: tempfile::TempDir,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Server {
    /// `mode` is one that the script knows.
    pub(crate) fn start(mode: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let made = Localhost::new();
        let file = |name: &str, text: &str| {
            let file = folder.path().join(name);
            std::fs::write(&file, text).expect("written");
            file
        };
        let key = file("key.pem", &made.key);
        let certificate = file("cert.pem", &made.certificate);
        file("ca.pem", &made.ca);
        assert!(
            std::env::var_os("CREDAUDIT_SMTP_SERVER_DIR").is_some(),
            "CREDAUDIT_SMTP_SERVER_DIR must name a folder where `npm install smtp-server` was run"
        );
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/smtp-server.mjs");
        let mut process = Command::new("node")
            .arg(script)
            .args([&key, &certificate])
            .arg(mode)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("node starts");
        let mut said = BufReader::new(process.stdout.take().expect("its output")).lines();
        let port = said
            .next()
            .expect("a line")
            .expect("text")
            .parse()
            .expect("a port");
        Self {
            process,
            said,
            port,
            ca: made.ca,
            folder,
        }
    }

    /// The next mail that arrived.
    pub(crate) fn mail(&mut self) -> Value {
        let line = self.said.next().expect("a mail").expect("text");
        serde_json::from_str(&line).expect("JSON")
    }

    /// Ends the server: everything it has said and nobody has read.
    pub(crate) fn rest(mut self) -> Vec<Value> {
        drop(self.process.stdin.take());
        let lines = self.said.by_ref();
        lines
            .map(|line| serde_json::from_str(&line.expect("text")).expect("JSON"))
            .collect()
    }
}

/// The text of a mail with one part, whatever its transfer encoding.
pub(crate) fn body(raw: &str) -> String {
    let (headers, body) = raw.split_once("\r\n\r\n").expect("headers and a body");
    let bytes = if headers.contains("Content-Transfer-Encoding: base64") {
        let packed: String = body.split_whitespace().collect();
        base64::engine::general_purpose::STANDARD
            .decode(packed)
            .expect("base64")
    } else {
        assert!(
            headers.contains("Content-Transfer-Encoding: quoted-printable"),
            "{headers}"
        );
        unquoted(body)
    };
    String::from_utf8(bytes)
        .expect("UTF-8")
        .replace("\r\n", "\n")
}

/// The plain text of a mail with several parts, with that part's headers.
pub(crate) fn plain_part(raw: &str) -> &str {
    let start = raw.find("Content-Type: text/plain").expect("a plain part");
    let (before, part) = raw.split_at(start);
    // The line before the part is its boundary.
    let boundary = before.trim_end().lines().last().expect("a boundary");
    part.split_once(boundary).map_or(part, |(part, _)| part)
}

fn unquoted(text: &str) -> Vec<u8> {
    let joined = text.replace("=\r\n", "");
    let mut parts = joined.split('=');
    let mut bytes = parts.next().expect("a first part").as_bytes().to_vec();
    for part in parts {
        bytes.push(u8::from_str_radix(&part[..2], 16).expect("two hex digits"));
        bytes.extend(&part.as_bytes()[2..]);
    }
    bytes
}
