//! Writing to the terminal: color only where it is wanted, and a closed pipe is no failure.

use std::io::{self, IsTerminal, Write};

use crate::error::Error;

/// Writes to standard output. A reader that went away (`| head`) is not an error.
pub fn stdout(text: &str) -> Result<(), Error> {
    write(&mut io::stdout().lock(), text)
}

/// Writes to standard error; there is nowhere left to report a failure of that.
pub fn stderr(text: &str) {
    let _ = write(&mut io::stderr().lock(), text);
}

fn write(stream: &mut dyn Write, text: &str) -> Result<(), Error> {
    unless_gone(stream.write_all(text.as_bytes()).and_then(|()| stream.flush())).map(|_| ())
}

/// Whether anybody still reads what was written.
pub fn unless_gone(written: io::Result<()>) -> Result<bool, Error> {
    match written {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(false),
        Err(error) => Err(Error::Output { source: error }),
    }
}

/// Puts color around text, or leaves it as it is.
#[derive(Clone, Copy)]
pub struct Paint {
    /// Whether anything is colored.
    pub on: bool,
}

impl Paint {
    /// For text that goes to standard output.
    pub fn stdout() -> Paint {
        Paint { on: io::stdout().is_terminal() && color_wanted() }
    }

    /// For text that goes to standard error.
    pub fn stderr() -> Paint {
        Paint { on: io::stderr().is_terminal() && color_wanted() }
    }

    pub fn bold(self, text: &str) -> String {
        self.sgr("1", text)
    }

    pub fn dim(self, text: &str) -> String {
        self.sgr("2", text)
    }

    pub fn red(self, text: &str) -> String {
        self.sgr("1;31", text)
    }

    pub fn green(self, text: &str) -> String {
        self.sgr("32", text)
    }

    #[cfg(feature = "deploy")]
    pub fn yellow(self, text: &str) -> String {
        self.sgr("33", text)
    }

    pub fn blue(self, text: &str) -> String {
        self.sgr("1;34", text)
    }

    fn sgr(self, code: &str, text: &str) -> String {
        if self.on { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}

fn color_wanted() -> bool {
    let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let dumb = std::env::var_os("TERM").is_some_and(|value| value == "dumb");
    !no_color && !dumb
}

/// `1 file`, `2 files`.
pub fn count(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

/// `1 part not read`, of a template.
pub fn not_read(parts: usize) -> String {
    format!("{} not read", count(parts, "part"))
}

/// `a`, `a and b`, `a, b and c`.
pub fn list<T: AsRef<str>>(items: &[T]) -> String {
    match items {
        [] => String::new(),
        [one] => format!("`{}`", one.as_ref()),
        [start @ .., last] => {
            let start: Vec<String> = start.iter().map(|it| format!("`{}`", it.as_ref())).collect();
            format!("{} and `{}`", start.join(", "), last.as_ref())
        }
    }
}

/// The candidate a mistyped word most likely means.
pub fn similar<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    candidates
        .into_iter()
        .map(|it| (strsim::damerau_levenshtein(&word, &it.to_lowercase()), it))
        .filter(|(distance, it)| *distance <= 1 + it.len().max(word.len()) / 4)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, it)| it)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_near_word_is_offered_and_a_far_one_is_not() {
        assert_eq!(similar("prod-infa", ["kinexus", "prod-infra"]), Some("prod-infra"));
        assert_eq!(similar("AG203", ["AG0203", "AG0304"]), Some("AG0203"));
        assert_eq!(similar("zzz", ["kinexus", "prod-infra"]), None);
    }

    #[test]
    fn lists_read_like_a_sentence() {
        assert_eq!(list::<&str>(&[]), "");
        assert_eq!(list(&["a"]), "`a`");
        assert_eq!(list(&["a", "b", "c"]), "`a`, `b` and `c`");
    }
}
