//! Why a report did not arrive: what was seen, what it means, what to do.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

/// A report that could not be delivered. No variant holds a password.
#[derive(Debug, Error)]
pub enum DeliverError {
    #[error(
        "`{address}` cannot be used as a mail address: {reason}; correct it where it comes from: the estate file, \
         Entra, or a vault entry's tag"
    )]
    Address { address: String, reason: String },
    #[error(
        "[mail] has no recipients; add at least one address under `to` in [mail] of the estate file"
    )]
    NoRecipient,
    #[error("the mail could not be put together: {seen}")]
    Message { seen: String },
    #[error(
        "could not reach the mail server {server}: {seen}; check host and port of `smtp` in [mail], and that \
         this machine may connect there"
    )]
    Unreachable { server: String, seen: String },
    #[error(
        "the mail server {server} does not offer STARTTLS, so the connection would stay unencrypted and \
         nothing was sent; use tls = \"implicit\" (often port 465), or a server that offers STARTTLS"
    )]
    NoStartTls { server: String },
    #[error(
        "the certificate of the mail server {server} is not trusted: {seen}; the host in [mail] must be a name \
         in the certificate, and its issuer must be among the trusted roots of this machine, or in the \
         file that `ca` of `smtp` names"
    )]
    Untrusted { server: String, seen: String },
    #[error(
        "the encrypted connection to the mail server {server} failed: {seen}; check that `tls` in [mail] fits \
         the port: \"starttls\" (often 587) or \"implicit\" (often 465)"
    )]
    Encryption { server: String, seen: String },
    #[error(
        "the mail server {server} refused the sign-in of {user}: {seen}; check user and password of `smtp` in \
         [mail], and that the account may send by SMTP"
    )]
    SignInRefused {
        server: String,
        user: String,
        seen: String,
    },
    #[error(
        "the mail server {server} refused {user}: {seen}; signing in by password is switched off there, so no \
         password helps: set auth = \"xoauth2\" in place of `password` of `smtp` in [mail] (the mailbox must allow \
         SMTP AUTH), or send by `graph`"
    )]
    PasswordOff {
        server: String,
        user: String,
        seen: String,
    },
    #[error(
        "the mail server {server} refused the token for the mailbox {user}: {seen}; the audit's identity needs \
         the application permission SMTP.SendAsApp of Office 365 Exchange Online, must be known there \
         (New-ServicePrincipal) and may send as this mailbox, and the mailbox must allow SMTP AUTH"
    )]
    TokenRefused {
        server: String,
        user: String,
        seen: String,
    },
    #[error(
        "the mail server {server} offers no sign-in {wanted}; use a server that does, or leave `user` out if it \
         needs none"
    )]
    NoSignIn {
        server: String,
        wanted: &'static str,
    },
    #[error(
        "`smtp` in [mail] has {present} but no {absent}; a sign-in needs both, a server without sign-in needs \
         neither"
    )]
    HalfASignIn {
        present: &'static str,
        absent: &'static str,
    },
    #[error(
        "the mail server {server} refused the sender {sender}: {seen}; use a `from` in [mail] that this account \
         may send as"
    )]
    SenderRefused {
        server: String,
        sender: String,
        seen: String,
    },
    #[error(
        "the mail server {server} refused every recipient: {seen}; check `to` in [mail], and that this server \
         takes mail for them"
    )]
    RecipientsRefused { server: String, seen: String },
    #[error(
        "the mail server {server} refused the message: {seen}; ask whoever runs the server what it refuses"
    )]
    MessageRefused { server: String, seen: String },
    #[error(
        "the mail server {server} is not ready ({stage}): {seen}; that is temporary by its own word, so send \
         the report again later"
    )]
    NotNow {
        server: String,
        stage: &'static str,
        seen: String,
    },
    #[error(
        "the mail server {server} did not go on within {seconds} s ({stage}); check that `tls` in [mail] fits \
         the port, or send the report again later"
    )]
    TimedOut {
        server: String,
        stage: &'static str,
        seconds: u64,
    },
    #[error(
        "the talk with the mail server {server} broke off ({stage}): {seen}; send the report again later"
    )]
    BrokenOff {
        server: String,
        stage: &'static str,
        seen: String,
    },
    #[error(
        "Microsoft Graph refused to send as {sender}: {seen}; the audit's identity needs the role Application \
         Mail.Send for this mailbox (Exchange Online, RBAC for applications), which reaches no other mailbox, or \
         the application permission Mail.Send, which reaches all"
    )]
    GraphRefused { sender: String, seen: String },
    #[error(
        "Microsoft Graph knows no mailbox {sender}: {seen}; correct `sender` of `graph` in [mail] of the estate \
         file"
    )]
    NoMailbox { sender: String, seen: String },
    #[error(
        "Microsoft Graph does not take a mail of this size: {seen}; send by `smtp`, or write the report into a \
         file (-o) and mail reminders alone"
    )]
    GraphTooLarge { seen: String },
    #[error(
        "Microsoft Graph does not take the mail: {seen}; check `from`, `to` and `sender` in [mail] of the \
         estate file"
    )]
    GraphUnwilling { seen: String },
    #[error("could not hand the mail to Microsoft Graph: {seen}; send the report again later")]
    Graph { seen: String },
    #[error("the address of the {kind} webhook is not an https address: {why}; correct {place}")]
    WebhookAddress {
        kind: &'static str,
        why: &'static str,
        place: String,
    },
    #[error("the {kind} webhook ({place}) did not take the message: {seen}")]
    Webhook {
        kind: &'static str,
        place: String,
        seen: String,
    },
    #[error("could not read the certificates in {path} (`ca` of `smtp` in [mail]): {seen}")]
    Authorities { path: PathBuf, seen: String },
    #[error("could not write {path}: the folder {folder} does not exist; create it first")]
    NoFolder { path: PathBuf, folder: PathBuf },
    #[error("could not write {path}: it is a folder; name a file in it")]
    IsFolder { path: PathBuf },
    #[error("could not write {path}: {source}")]
    Write {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
}
