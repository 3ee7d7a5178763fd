//! What one registration is to another environment: the decision, from what is granted there, what a
//! real call was answered, and which controls that answer stands on.

use crate::facts::prelude::*;

/// What the other environment's list of users says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Granted {
    /// The list could not be read, or not to its end.
    Unknown,
    /// Read to its end: no such user.
    Absent,
    Disabled,
    /// Enabled, without any role.
    NoRoles,
    /// It is there; whether it is enabled, or has a role, could not be read.
    Listed,
    /// Enabled and, in Dataverse, with a role.
    Active,
}

/// What the credential was answered there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answered {
    /// Policy or estate leave the call out.
    NotTried,
    /// The call told nothing: no answer, a firewall, Conditional Access, an unknown code.
    Unknown,
    /// 2xx.
    Open,
    /// F&O's own 403: the client is known there, where its list says so, too.
    LetIn,
    /// Dataverse 0x80072560.
    NotAMember,
    /// Dataverse 0x80040225.
    UserDisabled,
    /// Dataverse 0x80042f09.
    NoRoles,
    /// F&O's 401.
    Rejected,
    /// Entra issues no token for that resource to this application (AADSTS501051).
    NotAssigned,
}

/// What a refusal stands on (invariant 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Control {
    /// The same credential got a token at home.
    pub token: bool,
    /// And a 2xx there.
    pub home: bool,
    /// The other environment answered a 2xx to someone in this run.
    pub target: bool,
}

/// What is missing before something can be said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Missing {
    Call,
    List,
    Home,
    Target,
}

/// What one of the two checks says of the cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ruling {
    Pass,
    Fail,
    Unknown(Missing),
    /// The question does not arise; the words say why.
    Beside(&'static str),
}

/// The cell, for the matrix and for both checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Decision {
    pub state: CellState,
    /// Whether the credential is accepted, as far as `state` tells.
    pub open: Option<bool>,
    /// `foreign-environment-open`.
    pub environment: Ruling,
    /// `foreign-application-user`.
    pub user: Ruling,
}

/// Decides one cell. Whatever becomes unknown, no ruling that was Fail or Unknown becomes better.
pub(crate) fn decide(granted: Granted, answered: Answered, control: Control) -> Decision {
    let answered = answered.beside(granted);
    let (state, open) = state(granted, answered, control);
    Decision {
        state,
        open,
        environment: environment(granted, answered, control),
        user: user(granted, answered),
    }
}

impl Decision {
    /// Of two, the worse weighs more.
    pub(crate) fn weight(&self) -> (bool, bool, bool, bool) {
        let unknown = |ruling: Ruling| matches!(ruling, Ruling::Unknown(_));
        (
            self.environment == Ruling::Fail,
            self.user == Ruling::Fail,
            unknown(self.environment),
            unknown(self.user),
        )
    }
}

impl Answered {
    /// What the answer is worth beside the list. F&O's 403 has no code, and anything on the way may
    /// answer one: it shows a client that was accepted only where the list has it.
    pub(crate) const fn beside(self, granted: Granted) -> Self {
        match self {
            Self::LetIn if !granted.is_there() => Self::Unknown,
            other => other,
        }
    }

    pub(crate) const fn lets_in(self) -> bool {
        matches!(self, Self::Open | Self::LetIn)
    }

    /// A refusal that says itself that the user is there.
    pub(crate) const fn names_user(self) -> bool {
        matches!(self, Self::UserDisabled | Self::NoRoles)
    }

    const fn refuses(self) -> bool {
        matches!(self, Self::NotAMember | Self::Rejected | Self::NotAssigned) || self.names_user()
    }

    /// What a refusal lacks to prove something. Dataverse's words about the user itself need nothing.
    const fn lacks(self, control: Control) -> Option<Missing> {
        match self {
            // Entra's own answer: the token at home shows that the credential is good.
            Self::NotAssigned if control.token => None,
            Self::NotAMember | Self::Rejected if !control.home || !control.token => {
                Some(Missing::Home)
            }
            Self::NotAMember | Self::Rejected if !control.target => Some(Missing::Target),
            Self::NotAssigned => Some(Missing::Home),
            _ => None,
        }
    }
}

impl Granted {
    pub(crate) const fn is_there(self) -> bool {
        !matches!(self, Self::Unknown | Self::Absent)
    }

    /// Whether a refusal is what the list leads to expect.
    const fn explains(self, refusal: Answered) -> bool {
        use Answered as A;
        match self {
            Self::Unknown | Self::Active => false,
            Self::Absent => matches!(refusal, A::NotAMember | A::Rejected | A::NotAssigned),
            Self::Disabled => matches!(refusal, A::UserDisabled | A::Rejected | A::NotAssigned),
            Self::NoRoles => matches!(refusal, A::NoRoles | A::NotAssigned),
            Self::Listed => !matches!(refusal, A::NotAMember),
        }
    }

    /// What the list alone leads to expect.
    const fn expects(self) -> Option<bool> {
        match self {
            Self::Absent | Self::Disabled => Some(false),
            Self::Active => Some(true),
            Self::Unknown | Self::NoRoles | Self::Listed => None,
        }
    }
}

fn environment(granted: Granted, answered: Answered, control: Control) -> Ruling {
    match answered {
        Answered::NotTried => Ruling::Beside("its credential is not tried there"),
        Answered::Unknown => Ruling::Unknown(Missing::Call),
        _ if answered.lets_in() => Ruling::Fail,
        // Refused though it is a user: never a pass.
        _ if granted.is_there() || answered.names_user() => {
            Ruling::Beside("it is a user there: foreign-application-user says so")
        }
        _ => answered
            .lacks(control)
            .map_or(Ruling::Pass, Ruling::Unknown),
    }
}

fn user(granted: Granted, answered: Answered) -> Ruling {
    if answered.lets_in() {
        return Ruling::Beside("it is accepted there: foreign-environment-open says so");
    }
    match granted {
        _ if answered.names_user() || granted.is_there() => Ruling::Fail,
        Granted::Unknown => Ruling::Unknown(Missing::List),
        // What the call would have said may contradict the list.
        _ if answered == Answered::Unknown => Ruling::Unknown(Missing::Call),
        _ => Ruling::Pass,
    }
}

fn state(granted: Granted, answered: Answered, control: Control) -> (CellState, Option<bool>) {
    let unread = granted == Granted::Unknown;
    if answered.lets_in() {
        let state = match granted {
            Granted::Unknown => CellState::ObservedOnly,
            Granted::Absent | Granted::Disabled => CellState::Disagrees,
            Granted::NoRoles | Granted::Listed | Granted::Active => CellState::ProvenOpen,
        };
        return (state, Some(true));
    }
    if answered.refuses() && answered.lacks(control).is_none() {
        let state = match granted {
            Granted::Unknown => CellState::ObservedOnly,
            _ if granted.explains(answered) => CellState::ProvenRefused,
            _ => CellState::Disagrees,
        };
        return (state, Some(false));
    }
    match answered {
        _ if !unread => (CellState::GrantedOnly, granted.expects()),
        Answered::NotTried => (CellState::NotTried, None),
        _ => (CellState::Unknown, None),
    }
}

#[cfg(test)]
pub(crate) const GRANTED: [Granted; 6] = [
    Granted::Unknown,
    Granted::Absent,
    Granted::Disabled,
    Granted::NoRoles,
    Granted::Listed,
    Granted::Active,
];

#[cfg(test)]
pub(crate) const ANSWERED: [Answered; 9] = [
    Answered::NotTried,
    Answered::Unknown,
    Answered::Open,
    Answered::LetIn,
    Answered::NotAMember,
    Answered::UserDisabled,
    Answered::NoRoles,
    Answered::Rejected,
    Answered::NotAssigned,
];
