//! The environments an architecture is emitted for.

use std::fmt;
use std::str::FromStr;

/// An environment of an architecture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Environment {
    /// For developers; small and cheap.
    Development,
    /// A rehearsal of production.
    Staging,
    /// What users reach.
    Production,
    /// What takes over from production in another Region. Only architectures that list it have it.
    Recovery,
}

impl Environment {
    /// Every environment, in the order in which changes travel.
    pub const ALL: &'static [Environment] = &[
        Environment::Development,
        Environment::Staging,
        Environment::Production,
        Environment::Recovery,
    ];

    /// Those of an architecture that lists none.
    pub const USUAL: &'static [Environment] =
        &[Environment::Development, Environment::Staging, Environment::Production];

    /// The name as it is written on the command line and in physical names.
    pub const fn as_str(self) -> &'static str {
        match self {
            Environment::Development => "development",
            Environment::Staging => "staging",
            Environment::Production => "production",
            Environment::Recovery => "recovery",
        }
    }

    /// The name in short, as files of Helm values have it: `values-prod.yaml`.
    pub const fn short(self) -> &'static str {
        match self {
            Environment::Development => "dev",
            Environment::Staging => "staging",
            Environment::Production => "prod",
            Environment::Recovery => "dr",
        }
    }

    /// The variant as it is written in Rust.
    pub const fn variant(self) -> &'static str {
        match self {
            Environment::Development => "Development",
            Environment::Staging => "Staging",
            Environment::Production => "Production",
            Environment::Recovery => "Recovery",
        }
    }
}

impl fmt::Display for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The name is not that of an environment.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no environment `{0}`; there are `development`, `staging`, `production` and `recovery`")]
pub struct UnknownEnvironment(pub String);

impl FromStr for Environment {
    type Err = UnknownEnvironment;

    fn from_str(text: &str) -> Result<Environment, UnknownEnvironment> {
        Environment::ALL
            .iter()
            .copied()
            .find(|it| it.as_str() == text)
            .ok_or_else(|| UnknownEnvironment(text.to_string()))
    }
}
