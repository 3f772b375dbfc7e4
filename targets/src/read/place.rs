//! Places in templates as [`Loc`]s: the path of each file is kept once for the life of the process.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use archgen_core::Loc;

/// Every path that was read. [`Loc::file`] lives as long as the process, as what rustc's `file!()`
/// gives does, so the text of a path is leaked: once per path, however often it is read.
static PATHS: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());

/// The path as a [`Loc`] holds it.
pub(crate) fn file(path: &Path) -> &'static str {
    let text = path.to_string_lossy();
    let mut paths = PATHS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = paths.get(text.as_ref()) {
        return known;
    }
    let kept: &'static str = Box::leak(text.into_owned().into_boxed_str());
    paths.insert(kept);
    kept
}

/// A place; numbers that do not fit are the largest that do.
pub(crate) fn loc(file: &'static str, line: usize, column: usize, len: usize) -> Loc {
    let fit = |it: usize| u32::try_from(it).unwrap_or(u32::MAX);
    Loc::new(file, fit(line), fit(column), fit(len).max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_kept_once() {
        let first = file(Path::new("some/template.yaml"));
        let second = file(Path::new("some/template.yaml"));
        assert!(std::ptr::eq(first, second));
    }
}
