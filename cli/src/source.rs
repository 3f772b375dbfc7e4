//! Finding the source text that a place in a diagnostic names.
//!
//! `file!()` is relative to the folder rustc ran in, which is the root of the workspace of the crate.

use std::path::Path;

use archgen::Entry;
use archgen::build::source_path;

/// The text of `file`, when it can be found.
pub fn text(entry: &Entry, file: &str) -> Option<String> {
    std::fs::read_to_string(source_path(Path::new(entry.manifest_dir), file)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_found_from_the_crate_or_from_its_workspace() {
        let crate_folder = Path::new(env!("CARGO_MANIFEST_DIR"));
        assert!(source_path(crate_folder, "src/source.rs").is_some());
        assert!(source_path(crate_folder, file!()).is_some());
        assert!(source_path(crate_folder, "src/no_such_file.rs").is_none());
    }
}
