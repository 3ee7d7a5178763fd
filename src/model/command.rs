//! A command as its parts, and the one line of each shell that runs it: nobody else puts a name in quotes.
//!
//! On Windows `az` is a batch file: PowerShell puts an argument in double quotes only where it has a space, and
//! the command processor then reads the line once more, so that a name with `&` or `%` could run another
//! command. Such a name has no line for PowerShell.
//! Sources: `doc/quoting-issues-with-powershell.md` of Azure/azure-cli; PowerShell's about_Quoting_Rules, which
//! takes typographic quotes for quotes.

mod graph;

pub(crate) use graph::GraphPermission;

/// One argument, or several plain ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// Words of the command itself, with spaces between them.
    Plain(String),
    /// A name from outside.
    Value(String),
    /// What another command prints, as a document: PowerShell cannot hand one over but in a file.
    Document(Call),
    /// The file that a secret is read from.
    Input,
    /// Bash's own: a word that it expands.
    Bash(&'static str),
    /// What [`Found`] looked up before.
    Found,
    /// What the case fills in, where a command is written once for every case.
    Blank(Blank),
}

/// What a command, or advice, leaves to the case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Blank {
    ClientId,
    /// `https://contoso.crm4.dynamics.com`.
    EnvironmentUrl,
    FinopsUrl,
    /// The vault entry's name.
    EntryName,
    /// The vault entry's address.
    Entry,
    /// Of the credential that it is about.
    KeyId,
    TenantId,
    /// The vault's name: the first label of its host.
    Vault,
    /// The one security role that the estate declares.
    Role,
}

impl Blank {
    pub(crate) const ALL: [Self; 9] = [
        Self::ClientId,
        Self::EnvironmentUrl,
        Self::FinopsUrl,
        Self::EntryName,
        Self::Entry,
        Self::KeyId,
        Self::TenantId,
        Self::Vault,
        Self::Role,
    ];

    /// What stands in its place where no case is at hand.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::ClientId => "CLIENT-ID",
            Self::EnvironmentUrl => "ENVIRONMENT-URL",
            Self::FinopsUrl => "FINOPS-URL",
            Self::EntryName => "ENTRY-NAME",
            Self::Entry => "ENTRY",
            Self::KeyId => "KEY-ID",
            Self::TenantId => "TENANT-ID",
            Self::Vault => "VAULT",
            Self::Role => "ROLE",
        }
    }
}

/// A program with its arguments.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Call(Vec<Part>);

impl Call {
    pub(crate) fn new(words: impl Into<String>) -> Self {
        Self(Vec::new()).plain(words)
    }

    pub(crate) fn plain(self, words: impl Into<String>) -> Self {
        self.with(Part::Plain(words.into()))
    }

    pub(crate) fn value(self, value: impl Into<String>) -> Self {
        self.with(Part::Value(value.into()))
    }

    pub(crate) fn blank(self, blank: Blank) -> Self {
        self.with(Part::Blank(blank))
    }

    /// The command of one case; `None` where `value` has nothing for one of its blanks.
    pub(crate) fn filled(&self, value: &dyn Fn(Blank) -> Option<String>) -> Option<Self> {
        let parts = self.0.iter().map(|part| {
            Some(match part {
                Part::Blank(blank) => Part::Value(value(*blank)?),
                Part::Document(call) => Part::Document(call.filled(value)?),
                other => other.clone(),
            })
        });
        parts.collect::<Option<Vec<_>>>().map(Self)
    }

    pub(crate) fn with(mut self, part: Part) -> Self {
        self.0.push(part);
        self
    }

    /// The line for bash; `None` where a name breaks the line.
    pub(crate) fn bash(&self) -> Option<String> {
        let words = self.0.iter().map(|part| match part {
            Part::Plain(words) => Some(words.clone()),
            Part::Value(value) => bash_word(value),
            Part::Document(call) => Some(format!("\"$({})\"", call.bash()?)),
            Part::Input => Some("/dev/stdin".to_owned()),
            Part::Bash(word) => Some((*word).to_owned()),
            Part::Found => Some("\"$FOUND\"".to_owned()),
            Part::Blank(blank) => Some(blank.name().to_owned()),
        });
        let words: Option<Vec<String>> = words.collect();
        Some(words?.join(" "))
    }

    fn powershell(&self) -> Option<String> {
        let words = self.0.iter().map(|part| match part {
            Part::Plain(words) => {
                let words: Option<Vec<_>> = words.split(' ').map(powershell_plain).collect();
                Some(words?.join(" "))
            }
            Part::Value(value) => powershell_word(value),
            Part::Document(_) => Some("\"@$file\"".to_owned()),
            Part::Input => Some("$file".to_owned()),
            Part::Bash(_) => None,
            Part::Found => Some("$found".to_owned()),
            Part::Blank(blank) => Some(blank.name().to_owned()),
        });
        let words: Option<Vec<String>> = words.collect();
        Some(words?.join(" "))
    }

    fn document(&self) -> Option<&Self> {
        self.0.iter().find_map(|part| match part {
            Part::Document(call) => Some(call),
            _ => None,
        })
    }
}

/// What fills the variable that a secret is kept in: it never stands in an argument, nor on the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// What the command prints. The text is said where that was made and not stored.
    Made(Call, String),
    /// What somebody types.
    Asked,
}

/// The place of an old secret in a text that holds more: only bash has a line for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// Prints the text as JSON.
    pub read: Call,
    /// jq's argument that says where.
    pub argument: Call,
    /// jq's filter that tells whether a text stands there.
    pub fits: &'static str,
    /// jq's filter that puts `$new` there.
    pub put: &'static str,
}

/// What is run in one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Command {
    Call(Call),
    /// A secret goes from where it is made into another command.
    Secret(Box<Secret>),
    /// Something is looked up first.
    Found(Box<Found>),
    /// An application permission of Microsoft Graph: each shell has a way of its own.
    Graph(Box<GraphPermission>),
}

/// What one command prints goes into another; where it prints nothing, the other does not run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    pub find: Call,
    /// What is said where it prints nothing.
    pub lacking: &'static str,
    /// Takes what was found where [`Part::Found`] stands.
    pub then: Call,
}

/// From where to where, and what is read before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Secret {
    pub source: Source,
    /// Prints the tags that the new version shall have, as JSON.
    pub tags: Option<Call>,
    pub place: Option<Place>,
    /// Stores what it reads from [`Part::Input`].
    pub store: Call,
}

impl Command {
    /// The line for bash; `None` where a name breaks the line.
    pub(crate) fn bash(&self) -> Option<String> {
        match self {
            Self::Call(call) => call.bash(),
            Self::Secret(secret) => secret.bash(),
            Self::Found(found) => found.bash(),
            Self::Graph(permission) => permission.bash(),
        }
    }

    /// The line for PowerShell, 5.1 and later; `None` where only bash has one.
    pub(crate) fn powershell(&self) -> Option<String> {
        match self {
            Self::Call(call) => {
                let line = call.powershell()?;
                let Some(document) = call.document() else {
                    return Some(line);
                };
                let document = document.powershell()?;
                Some(in_a_file(&format!(
                    "$text = {document}; if ($LASTEXITCODE -ne 0) {{ throw 'nothing was read, and nothing was changed' }}; [IO.File]::WriteAllText($file, ($text -join \"`n\")); {line}"
                )))
            }
            Self::Secret(secret) => secret.powershell(),
            Self::Found(found) => found.powershell(),
            Self::Graph(permission) => permission.powershell(),
        }
    }
}

/// PowerShell that has a file of its own, which is gone afterwards.
fn in_a_file(inner: &str) -> String {
    format!(
        "& {{ $file = (New-TemporaryFile).FullName; try {{ {inner} }} finally {{ Remove-Item -LiteralPath $file }} }}"
    )
}

impl Found {
    fn bash(&self) -> Option<String> {
        let (find, then) = (self.find.bash()?, self.then.bash()?);
        Some(format!(
            "( FOUND=$({find}) && [ -n \"$FOUND\" ] && {then} )"
        ))
    }

    fn powershell(&self) -> Option<String> {
        let (find, then) = (self.find.powershell()?, self.then.powershell()?);
        let lacking = powershell_literal(self.lacking);
        Some(format!(
            "& {{ $found = {find}; if (-not $found) {{ throw {lacking} }}; {then} }}"
        ))
    }
}

impl Secret {
    /// The line stands in brackets, so that it ends as its last part does and leaves no variable behind; where a
    /// part fails, nothing is stored. What the secret goes into is read and looked at before the secret is made.
    fn bash(&self) -> Option<String> {
        let tags = match &self.tags {
            Some(show) => format!(
                "TAGS=$({} | jq -r 'to_entries[] | \"\\(.key)=\\(.value)\"') && readarray -t TAGS <<<\"$TAGS\" && ",
                show.bash()?
            ),
            None => String::new(),
        };
        let store = self.store.bash()?;
        let Some(place) = &self.place else {
            let kept = self.kept(&format!("printf %s \"$SECRET\" | {store}"))?;
            return Some(format!("( set -o pipefail; {tags}{kept} )"));
        };
        let (argument, read) = (place.argument.bash()?, place.read.bash()?);
        let kept = self.kept(&format!(
            "ENTRY=$(printf %s \"$ENTRY\" | jq -j {argument} --rawfile new <(printf %s \"$SECRET\") '{}') && [ -n \"$ENTRY\" ] && printf %s \"$ENTRY\" | {store}",
            place.put
        ))?;
        Some(format!(
            "( set -o pipefail; {tags}ENTRY=$({read}) && printf %s \"$ENTRY\" | jq -e {argument} '{}' >/dev/null && {kept} )",
            place.fits
        ))
    }

    fn kept(&self, then: &str) -> Option<String> {
        Some(match &self.source {
            Source::Asked => {
                format!("IFS= read -rsp 'the secret: ' SECRET && [ -n \"$SECRET\" ] && {then}")
            }
            Source::Made(call, left) => format!(
                "SECRET=$({}) && {{ [ -n \"$SECRET\" ] && {then} || {{ echo {} >&2; false; }}; }}",
                call.bash()?,
                bash_word(left)?
            ),
        })
    }

    fn powershell(&self) -> Option<String> {
        if self.tags.is_some() || self.place.is_some() {
            return None;
        }
        let store = self.store.powershell()?;
        Some(in_a_file(&match &self.source {
            Source::Asked => format!(
                "$secret = [Net.NetworkCredential]::new('', (Read-Host 'the secret' -AsSecureString)).Password; if (-not $secret) {{ throw 'nothing was typed, and nothing was stored' }}; [IO.File]::WriteAllText($file, $secret); {store}"
            ),
            Source::Made(call, left) => format!(
                "$secret = {}; if ($LASTEXITCODE -ne 0) {{ throw 'no secret was made, and nothing was stored' }}; try {{ if (-not $secret) {{ throw 'empty' }}; [IO.File]::WriteAllText($file, $secret); {store}; if ($LASTEXITCODE -ne 0) {{ throw 'refused' }} }} catch {{ throw {} }}",
                call.powershell()?,
                powershell_literal(left)
            ),
        }))
    }
}

fn is_plain(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-/".contains(&byte);
    !text.is_empty() && !text.starts_with('-') && text.bytes().all(plain)
}

/// Whether a word needs no quotes in either shell, so that most lines are the same for both: to PowerShell, what
/// begins like a number may be one.
fn is_bare(text: &str) -> bool {
    is_plain(text) && text.starts_with(|one: char| one.is_ascii_alphabetic())
}

/// One word of a bash line: in quotes wherever a character could mean something else. `None` where it has a
/// character that ends the line or that a terminal acts on.
pub(crate) fn bash_word(text: &str) -> Option<String> {
    if text.chars().any(char::is_control) {
        return None;
    }
    if is_bare(text) {
        return Some(text.to_owned());
    }
    Some(format!("'{}'", text.replace('\'', "'\\''")))
}

/// A word of the command itself: an option, or a fixed value.
fn powershell_plain(word: &str) -> Option<String> {
    match word.starts_with("--") {
        true => Some(word.to_owned()),
        false => powershell_word(word),
    }
}

/// One word of a PowerShell line that reaches the program as it is, or `None`.
pub(crate) fn powershell_word(text: &str) -> Option<String> {
    let spaced = text.contains(' ');
    let breaks = |one: char| one.is_control() || "\"%".contains(one);
    let cuts = |one: char| !spaced && "&|<>^".contains(one);
    if text.is_empty() || text.ends_with('\\') || text.chars().any(|one| breaks(one) || cuts(one)) {
        return None;
    }
    if is_bare(text) {
        return Some(text.to_owned());
    }
    Some(powershell_literal(text))
}

/// A text in single quotes, of which PowerShell knows five.
fn powershell_literal(text: &str) -> String {
    let mut out = String::from("'");
    for one in text.chars() {
        if matches!(one, '\'' | '\u{2018}'..='\u{201b}') {
            out.push(one);
        }
        out.push(one);
    }
    out.push('\'');
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn bash(line: &str) -> std::process::Output {
        let mut shell = std::process::Command::new("bash");
        shell.args(["-c", line]).output().expect("bash is there")
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn a_hostile_name_is_one_word_of_bash(name in "[a-z'\"$`\\\\ ;&|()<>{}*?!#~=%@-]{0,24}") {
            let call = Call::new("printf %s\\\\n").value(name.as_str()).value("end");
            let shown = bash(&call.bash().expect("one line"));
            prop_assert!(shown.status.success());
            prop_assert_eq!(String::from_utf8_lossy(&shown.stdout), format!("{name}\nend\n"));
        }
    }

    #[test]
    fn a_name_of_two_lines_has_no_line() {
        for name in ["a\nb", "a\rb", "\u{1b}[2J"] {
            let command = Command::Call(Call::new("az x --name").value(name));
            assert_eq!((command.bash(), command.powershell()), (None, None));
        }
    }

    #[test]
    fn a_name_is_one_literal_of_powershell_or_has_no_line() {
        for (name, word) in [
            ("raia-secret", Some("raia-secret")),
            ("5b7a2f0e-2d35", Some("'5b7a2f0e-2d35'")),
            ("--rm", Some("'--rm'")),
            ("@new.pem", Some("'@new.pem'")),
            ("it's $x `n; rm", Some("'it''s $x `n; rm'")),
            ("it\u{2019}s", Some("'it\u{2019}\u{2019}s'")),
            ("Sales & Service", Some("'Sales & Service'")),
            ("a&calc", None),
            ("%PATH%", None),
            ("a\"b", None),
            ("a\\", None),
            ("", None),
        ] {
            assert_eq!(powershell_word(name).as_deref(), word, "{name}");
        }
    }

    #[test]
    fn a_blank_is_filled_with_one_word_or_there_is_no_command() {
        let call = Call::new("az ad sp create --id").blank(Blank::ClientId);
        assert_eq!(
            call.bash().as_deref(),
            Some("az ad sp create --id CLIENT-ID")
        );
        let hostile = call.filled(&|_| Some("x; $(rm -rf ~)".to_owned()));
        assert_eq!(
            hostile.and_then(|call| call.bash()).as_deref(),
            Some("az ad sp create --id 'x; $(rm -rf ~)'")
        );
        assert_eq!(call.filled(&|_| None), None);
    }

    #[test]
    fn a_document_goes_through_a_file_in_powershell() {
        let policy = Call::new("az keyvault certificate show --name").value("a b");
        let create = Call::new("az keyvault certificate create --policy")
            .with(Part::Document(policy))
            .plain("--output none");
        let command = Command::Call(create);
        assert_eq!(
            command.bash().as_deref(),
            Some(
                "az keyvault certificate create --policy \"$(az keyvault certificate show --name 'a b')\" --output none"
            )
        );
        assert_eq!(
            command.powershell().as_deref(),
            Some(
                "& { $file = (New-TemporaryFile).FullName; try { $text = az keyvault certificate show --name 'a b'; if ($LASTEXITCODE -ne 0) { throw 'nothing was read, and nothing was changed' }; [IO.File]::WriteAllText($file, ($text -join \"`n\")); az keyvault certificate create --policy \"@$file\" --output none } finally { Remove-Item -LiteralPath $file } }"
            )
        );
    }
}
