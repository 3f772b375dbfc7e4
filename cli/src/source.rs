//! Finding the source text that a place in a diagnostic names.
//!
//! `file!()` is relative to the folder rustc ran in, which is the root of the workspace of the crate.

use std::path::{Path, PathBuf};

use archgen::Entry;

/// Where the file may lie: as given, then below the crate and each folder above it.
fn locate(manifest_dir: &Path, file: &str) -> Option<PathBuf> {
    let file = Path::new(file);
    if file.is_absolute() {
        return file.is_file().then(|| file.to_path_buf());
    }
    manifest_dir.ancestors().map(|folder| folder.join(file)).find(|path| path.is_file())
}

/// The text of `file`, when it can be found.
pub fn text(entry: &Entry, file: &str) -> Option<String> {
    std::fs::read_to_string(locate(Path::new(entry.manifest_dir), file)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_found_from_the_crate_or_from_its_workspace() {
        let crate_folder = Path::new(env!("CARGO_MANIFEST_DIR"));
        assert!(locate(crate_folder, "src/source.rs").is_some());
        assert!(locate(crate_folder, file!()).is_some());
        assert!(locate(crate_folder, "src/no_such_file.rs").is_none());
    }
}
