//! One talk with a mail server, step by step, so that an error can say which step failed.

use std::time::Duration;

use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::ClientId;
use lettre::{Address, Message};
use tokio::time::{Instant, timeout_at};

use super::seen::{password_is_off, seen, tls_cause};
use crate::deliver::error::DeliverError;
use crate::deliver::mail::{MailServer, Refused, SignIn, Tls};

/// A host that does not take the connection within this time is given up.
const CONNECT: Duration = Duration::from_secs(15);
/// The step at which a server says for whom it takes mail.
pub(super) const NAMING: &str = "naming a recipient";

/// What became of one try.
#[derive(Debug, Default)]
pub(super) struct Attempt {
    pub accepted: usize,
    /// Refused for good.
    pub refused: Vec<Refused>,
    /// Refused for now, with the server's words (a greylist).
    pub later: Vec<(Address, String)>,
}

/// One talk with one server.
pub(super) struct Talk<'a> {
    pub server: &'a MailServer,
    /// The server as messages name it.
    pub name: String,
    pub deadline: Duration,
    pub until: Instant,
    /// For the message itself: from its first line to the server's word that it has it.
    pub taking: Duration,
}

impl Talk<'_> {
    pub(super) async fn connect(
        &self,
        tls: TlsParameters,
    ) -> Result<AsyncSmtpConnection, DeliverError> {
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

    /// As `sign_in` of the server says, where the server offers that.
    pub(super) async fn sign_in(
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
        let answered = self
            .step("signing in", line.auth(mechanisms, credentials))
            .await?;
        let answered = match answered {
            // A token that is refused can be answered by 334 and a reason in JSON; an empty line then asks for
            // the refusal itself.
            Err(error) if error.is_client() && self.server.sign_in == SignIn::Token => {
                self.step("signing in", line.command("\r\n")).await?
            }
            answered => answered,
        };
        answered.map(|_| ()).map_err(|error| {
            self.refused("signing in", &error, |server, seen| {
                let user = self.server.user.clone().unwrap_or_default();
                match self.server.sign_in {
                    SignIn::Password => DeliverError::SignInRefused { server, user, seen },
                    SignIn::Token => DeliverError::TokenRefused { server, user, seen },
                }
            })
        })
    }

    /// One mail for `recipients`. Where the server takes it for none of them, no message is handed over.
    pub(super) async fn hand_over(
        &self,
        line: &mut AsyncSmtpConnection,
        message: &Message,
        sender: &str,
        recipients: &[Address],
    ) -> Result<Attempt, DeliverError> {
        let from = Mail::new(message.envelope().from().cloned(), Vec::new());
        self.step("naming the sender", line.command(from))
            .await?
            .map_err(|error| {
                self.refused("naming the sender", &error, |server, seen| {
                    DeliverError::SenderRefused {
                        server,
                        sender: sender.to_owned(),
                        seen,
                    }
                })
            })?;
        let mut attempt = Attempt::default();
        for address in recipients {
            let stage = NAMING;
            let recipient = Rcpt::new(address.clone(), Vec::new());
            match self.step(stage, line.command(recipient)).await? {
                Ok(_) => attempt.accepted += 1,
                Err(error) if error.is_transient() => {
                    attempt.later.push((address.clone(), self.seen(&error)));
                }
                Err(error) if self.signs_in_by_password() && password_is_off(&error) => {
                    return Err(self.password_off(&error));
                }
                Err(error) if error.is_permanent() => attempt.refused.push(Refused {
                    address: address.to_string(),
                    seen: self.seen(&error),
                }),
                Err(error) => return Err(self.broken_off(stage, &error)),
            }
        }
        if attempt.accepted == 0 {
            return Ok(attempt);
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
        // A server that looks a mail through answers late, and takes it all the same: given up too early,
        // it would come again with every run (RFC 5321, 4.5.3.2.6: ten minutes).
        let until = Instant::now() + self.taking;
        self.by(until, stage, line.message(&message.formatted()))
            .await?
            .map_err(refused)?;
        Ok(attempt)
    }

    /// One step under the deadline of the whole talk.
    async fn step<T>(
        &self,
        stage: &'static str,
        work: impl Future<Output = T>,
    ) -> Result<T, DeliverError> {
        self.by(self.until, stage, work).await
    }

    async fn by<T>(
        &self,
        until: Instant,
        stage: &'static str,
        work: impl Future<Output = T>,
    ) -> Result<T, DeliverError> {
        let begun = Instant::now();
        timeout_at(until, work)
            .await
            .map_err(|_| DeliverError::TimedOut {
                server: self.name.clone(),
                stage,
                seconds: if until == self.until {
                    self.deadline.as_secs()
                } else {
                    (until - begun).as_secs()
                },
            })
    }

    fn not_connected(&self, error: &SmtpError) -> DeliverError {
        let (server, seen) = (self.name.clone(), self.seen(error));
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
        let (server, seen) = (self.name.clone(), self.seen(error));
        if self.signs_in_by_password() && password_is_off(error) {
            self.password_off(error)
        } else if error.is_permanent() {
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

    fn signs_in_by_password(&self) -> bool {
        self.server.sign_in == SignIn::Password && self.server.user.is_some()
    }

    fn password_off(&self, error: &SmtpError) -> DeliverError {
        DeliverError::PasswordOff {
            server: self.name.clone(),
            user: self.server.user.clone().unwrap_or_default(),
            seen: self.seen(error),
        }
    }

    fn broken_off(&self, stage: &'static str, error: &SmtpError) -> DeliverError {
        DeliverError::BrokenOff {
            server: self.name.clone(),
            stage,
            seen: self.seen(error),
        }
    }

    fn seen(&self, error: &SmtpError) -> String {
        seen(error, self.server)
    }
}
