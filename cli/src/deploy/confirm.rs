//! Asking whether the changes are wanted.

use std::io::{self, BufRead, IsTerminal};

use super::Error;
use crate::output;

/// Whether somebody can be asked.
pub fn can_ask() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Asks. Anything but yes means no.
pub async fn ask(question: &str) -> Result<bool, Error> {
    output::stderr(&format!("{question} [y/N] "));
    let read = tokio::task::spawn_blocking(|| {
        let mut answer = String::new();
        io::stdin().lock().read_line(&mut answer).map(|_| answer)
    });
    let answer = read
        .await
        .map_err(io::Error::other)
        .and_then(|it| it)
        .map_err(|source| Error::Prompt { source })?;
    Ok(is_yes(&answer))
}

fn is_yes(answer: &str) -> bool {
    matches!(answer.trim().to_lowercase().as_str(), "y" | "yes")
}

#[cfg(test)]
mod tests {
    use super::is_yes;

    #[test]
    fn only_yes_is_yes() {
        assert!(is_yes("y\n") && is_yes(" YES \n"));
        assert!(!is_yes("") && !is_yes("\n") && !is_yes("yep\n") && !is_yes("n\n"));
    }
}
