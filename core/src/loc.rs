//! Where in the author's source something was written.

use std::fmt;

/// A place in the author's source: file, line and column (both from 1) and the length of the token.
///
/// `token` is 0 outside the macros; while compiling it is the macro's own key for the token, so
/// that a diagnostic can be put exactly there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Loc {
    /// The file as rustc names it (`file!()`).
    pub file: &'static str,
    /// Line, from 1.
    pub line: u32,
    /// Column, from 1.
    pub column: u32,
    /// Length of the token in characters, 1 at least when known.
    pub len: u32,
    /// The macros' key for the token; 0 elsewhere.
    pub token: u32,
}

impl Loc {
    /// No place: for values that archgen itself supplies.
    pub const NONE: Loc = Loc { file: "", line: 0, column: 0, len: 0, token: 0 };

    /// A place at run time, as the macros write it into their expansion.
    pub const fn new(file: &'static str, line: u32, column: u32, len: u32) -> Loc {
        Loc { file, line, column, len, token: 0 }
    }

    /// Whether this is a real place.
    pub fn is_known(&self) -> bool {
        self.line != 0
    }
}

impl fmt::Display for Loc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_known() {
            write!(f, "{}:{}:{}", self.file, self.line, self.column)
        } else {
            f.write_str("archgen's defaults")
        }
    }
}
