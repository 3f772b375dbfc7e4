//! Templates that nobody wrote with archgen: which names mean one, and reading it with those nested in
//! it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use archgen::cloudformation::read::{self, Options, Reading, Source};

use crate::error::Error;

/// How the names of templates end.
const ENDINGS: [&str; 4] = ["json", "yaml", "yml", "template"];

/// The file that a name means: one that exists, or that is called like a template.
pub fn path_of(name: &str) -> Option<PathBuf> {
    let path = Path::new(name);
    let ending = path.extension().and_then(|it| it.to_str()).unwrap_or_default();
    let named = ENDINGS.iter().any(|it| it.eq_ignore_ascii_case(ending));
    (named || path.is_file()).then(|| path.to_path_buf())
}

/// A template's text and what it says of the network.
pub fn read(path: &Path, parameters: &[(String, String)]) -> Result<Reading, Error> {
    let mut given = BTreeMap::new();
    for (name, value) in parameters {
        if given.insert(name.clone(), value.clone()).is_some() {
            return Err(Error::ParameterTwice { parameter: name.clone() });
        }
    }
    let text = std::fs::read_to_string(path).map_err(|source| Error::File {
        verb: "read",
        path: path.to_path_buf(),
        source,
    })?;
    let options = Options {
        parameters: given,
        load: &|path| std::fs::read_to_string(path).map_err(|error| error.to_string()),
        ..Options::default()
    };
    read::read(&Source { path, text: &text }, &options)
        .map_err(|source| Error::Template { path: path.to_path_buf(), source })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_is_a_file_or_called_like_one() {
        for name in ["t.json", "a/b.yaml", "x.YML", "stack.template", "Cargo.toml"] {
            assert_eq!(path_of(name), Some(PathBuf::from(name)), "{name}");
        }
        // A folder is none.
        for name in ["prod-infra", "src", "kinexus.production"] {
            assert_eq!(path_of(name), None, "{name}");
        }
    }
}
