//! The talk with the mail server, step by step, so that an error can say which step failed.

use std::error::Error as _;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use lettre::Message;
use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::ClientId;
use secrecy::ExposeSecret;
use tokio::time::{Instant, timeout_at};

use super::error::DeliverError;
use super::mail::{MailServer, Outgoing, Refused, Sent, SignIn, Tls, message};

/// The whole talk is over within this time.
const DEADLINE: Duration = Duration::from_secs(30);
/// A host that does not take the connection within this time is given up.
const CONNECT: Duration = Duration::from_secs(15);
/// Before each further try, where the server asks to come back later.
const PAUSES: [Duration; 2] = [Duration::from_secs(5), Duration::from_secs(20)];
/// How much of a server's answer is repeated.
const QUOTED: usize = 200;

/// Hands `mail` to `server`. A recipient that is refused does not keep the mail from the others.
///
/// `extra_ca` is a certificate (PEM) trusted besides the machine's own, for callers that run the server
/// themselves; no flag or file entry leads here.
///
/// # Errors
/// Which step failed, what was seen and what to do; never with the password in it.
pub async fn send(
    server: &MailServer,
    mail: &Outgoing,
    extra_ca: Option<&str>,
) -> Result<Sent, DeliverError> {
    send_again(server, mail, extra_ca, &PAUSES).await
}

/// Tries again where the server's "no" is temporary by its own word. The Message-ID stays the same, so
/// that a server which took the mail after all can tell the two apart from two mails.
async fn send_again(
    server: &MailServer,
    mail: &Outgoing,
    extra_ca: Option<&str>,
    pauses: &[Duration],
) -> Result<Sent, DeliverError> {
    let mut pauses = pauses.iter();
    loop {
        let sent = send_within(server, mail, extra_ca, DEADLINE).await;
        match (&sent, pauses.next()) {
            (Err(DeliverError::NotNow { .. }), Some(pause)) => tokio::time::sleep(*pause).await,
            _ => return sent,
        }
    }
}

async fn send_within(
    server: &MailServer,
    mail: &Outgoing,
    extra_ca: Option<&str>,
    deadline: Duration,
) -> Result<Sent, DeliverError> {
    let message = message(mail)?;
    let credentials = credentials(server)?;
    let tls = tls_parameters(server, extra_ca)?;
    let talk = Talk {
        server,
        name: server.to_string(),
        deadline,
        until: Instant::now() + deadline,
    };
    let mut line = talk.connect(tls).await?;
    if let Some(credentials) = &credentials {
        talk.sign_in(&mut line, credentials).await?;
    }
    let sent = talk.hand_over(&mut line, &message, mail).await;
    // The mail is with the server or it is not: a goodbye that fails changes nothing.
    let _ = timeout_at(talk.until, line.quit()).await;
    sent
}

fn credentials(server: &MailServer) -> Result<Option<Credentials>, DeliverError> {
    match (&server.user, &server.password) {
        (Some(user), Some(password)) => Ok(Some(Credentials::new(
            user.clone(),
            password.expose_secret().to_owned(),
        ))),
        (None, None) => Ok(None),
        (Some(_), None) => Err(DeliverError::HalfASignIn {
            present: "a user",
            absent: "password",
        }),
        (None, Some(_)) => Err(DeliverError::HalfASignIn {
            present: "a password",
            absent: "user",
        }),
    }
}

/// The machine's own roots (`SSL_CERT_FILE` on Linux), TLS 1.2 at least, the name checked.
fn tls_parameters(
    server: &MailServer,
    extra_ca: Option<&str>,
) -> Result<TlsParameters, DeliverError> {
    let failed = |error: SmtpError| DeliverError::Encryption {
        server: server.to_string(),
        seen: words(&error, server),
    };
    let mut builder = TlsParameters::builder(server.host.clone());
    if let Some(pem) = extra_ca {
        let certificate = Certificate::from_pem(pem.as_bytes()).map_err(failed)?;
        builder = builder.add_root_certificate(certificate);
    }
    builder.build().map_err(failed)
}

/// One talk with one server.
struct Talk<'a> {
    server: &'a MailServer,
    name: String,
    deadline: Duration,
    until: Instant,
}

impl Talk<'_> {
    async fn connect(&self, tls: TlsParameters) -> Result<AsyncSmtpConnection, DeliverError> {
        let address = (self.server.host.as_str(), self.server.port);
        let hello = ClientId::default();
        let implicit = (self.server.tls == Tls::Implicit).then(|| tls.clone());
        let connecting =
            AsyncSmtpConnection::connect_tokio1(address, Some(CONNECT), &hello, implicit, None);
        let mut line = self
            .step("connecting", connecting)
            .await?
            .map_err(|error| self.not_connected(&error))?;
        if self.server.tls == Tls::StartTls {
            if !line.can_starttls() {
                return Err(DeliverError::NoStartTls {
                    server: self.name.clone(),
                });
            }
            self.step("starting TLS", line.starttls(tls, &hello))
                .await?
                .map_err(|error| self.not_connected(&error))?;
        }
        Ok(line)
    }

    async fn sign_in(
        &self,
        line: &mut AsyncSmtpConnection,
        credentials: &Credentials,
    ) -> Result<(), DeliverError> {
        let mechanisms: &[Mechanism] = match self.server.sign_in {
            SignIn::Password => &[Mechanism::Plain, Mechanism::Login],
            SignIn::Token => &[Mechanism::Xoauth2],
        };
        if !mechanisms
            .iter()
            .any(|one| line.server_info().supports_auth_mechanism(*one))
        {
            let wanted = match self.server.sign_in {
                SignIn::Password => "by password (PLAIN or LOGIN)",
                SignIn::Token => "by token (XOAUTH2)",
            };
            return Err(DeliverError::NoSignIn {
                server: self.name.clone(),
                wanted,
            });
        }
        self.step("signing in", line.auth(mechanisms, credentials))
            .await?
            .map(|_| ())
            .map_err(|error| {
                self.refused("signing in", &error, |server, seen| {
                    DeliverError::SignInRefused {
                        server,
                        user: self.server.user.clone().unwrap_or_default(),
                        seen,
                    }
                })
            })
    }

    async fn hand_over(
        &self,
        line: &mut AsyncSmtpConnection,
        message: &Message,
        mail: &Outgoing,
    ) -> Result<Sent, DeliverError> {
        let envelope = message.envelope();
        let from = Mail::new(envelope.from().cloned(), Vec::new());
        self.step("naming the sender", line.command(from))
            .await?
            .map_err(|error| {
                self.refused("naming the sender", &error, |server, seen| {
                    DeliverError::SenderRefused {
                        server,
                        sender: mail.from.clone(),
                        seen,
                    }
                })
            })?;
        let mut sent = Sent {
            accepted: 0,
            refused: Vec::new(),
        };
        for address in envelope.to() {
            let stage = "naming a recipient";
            let recipient = Rcpt::new(address.clone(), Vec::new());
            match self.step(stage, line.command(recipient)).await? {
                Ok(_) => sent.accepted += 1,
                Err(error) if error.is_permanent() || error.is_transient() => {
                    sent.refused.push(Refused {
                        address: address.to_string(),
                        seen: self.words(&error),
                    });
                }
                Err(error) => return Err(self.broken_off(stage, &error)),
            }
        }
        if sent.accepted == 0 {
            return Err(DeliverError::RecipientsRefused {
                server: self.name.clone(),
                seen: sent
                    .refused
                    .iter()
                    .map(|one| format!("{} ({})", one.address, one.seen))
                    .collect::<Vec<_>>()
                    .join(", "),
            });
        }
        let stage = "handing over the message";
        let refused = |error: SmtpError| {
            self.refused(stage, &error, |server, seen| DeliverError::MessageRefused {
                server,
                seen,
            })
        };
        self.step(stage, line.command(Data))
            .await?
            .map_err(refused)?;
        self.step(stage, line.message(&message.formatted()))
            .await?
            .map_err(refused)?;
        Ok(sent)
    }

    /// One step under the deadline of the whole talk.
    async fn step<T>(
        &self,
        stage: &'static str,
        work: impl Future<Output = T>,
    ) -> Result<T, DeliverError> {
        timeout_at(self.until, work)
            .await
            .map_err(|_| DeliverError::TimedOut {
                server: self.name.clone(),
                stage,
                seconds: self.deadline.as_secs(),
            })
    }

    fn not_connected(&self, error: &SmtpError) -> DeliverError {
        let (server, seen) = (self.name.clone(), self.words(error));
        if error.is_transient() {
            DeliverError::NotNow {
                server,
                stage: "connecting",
                seen,
            }
        } else if seen.contains("certificate") {
            DeliverError::Untrusted { server, seen }
        } else if error.is_tls()
            || self.server.tls == Tls::Implicit && !error.is_timeout() && tls_cause(error)
        {
            DeliverError::Encryption { server, seen }
        } else if error.is_permanent() || error.is_response() {
            DeliverError::BrokenOff {
                server,
                stage: "connecting",
                seen,
            }
        } else {
            DeliverError::Unreachable { server, seen }
        }
    }

    /// What a server's "no" means at this step; a temporary one is told as such.
    fn refused(
        &self,
        stage: &'static str,
        error: &SmtpError,
        permanent: impl FnOnce(String, String) -> DeliverError,
    ) -> DeliverError {
        let (server, seen) = (self.name.clone(), self.words(error));
        if error.is_permanent() {
            permanent(server, seen)
        } else if error.is_transient() {
            DeliverError::NotNow {
                server,
                stage,
                seen,
            }
        } else {
            self.broken_off(stage, error)
        }
    }

    fn broken_off(&self, stage: &'static str, error: &SmtpError) -> DeliverError {
        DeliverError::BrokenOff {
            server: self.name.clone(),
            stage,
            seen: self.words(error),
        }
    }

    fn words(&self, error: &SmtpError) -> String {
        words(error, self.server)
    }
}

/// Whether TLS itself is behind an error: it travels inside an I/O error.
fn tls_cause(error: &SmtpError) -> bool {
    let mut cause = error.source();
    while let Some(one) = cause {
        let io = one.downcast_ref::<std::io::Error>();
        if io
            .and_then(std::io::Error::get_ref)
            .is_some_and(<dyn std::error::Error + Send + Sync>::is::<rustls::Error>)
        {
            return true;
        }
        cause = one.source();
    }
    false
}

/// The server's or system's words on one line, shortened, with the password struck out should a server
/// repeat it, as it is or as it was sent.
fn words(error: &SmtpError, server: &MailServer) -> String {
    let mut text = error.to_string();
    let password = server.password.as_ref().map(ExposeSecret::expose_secret);
    if let Some(password) = password.filter(|one| !one.is_empty()) {
        let user = server.user.as_deref().unwrap_or_default();
        text = text
            .replace(
                &BASE64.encode(format!("\0{user}\0{password}")),
                "(password)",
            )
            .replace(
                &BASE64.encode(format!("user={user}\x01auth=Bearer {password}\x01\x01")),
                "(password)",
            )
            .replace(&BASE64.encode(password), "(password)")
            .replace(password, "(password)");
    }
    let line: String = text
        .chars()
        .map(|one| if one.is_control() { ' ' } else { one })
        .take(QUOTED)
        .collect();
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
