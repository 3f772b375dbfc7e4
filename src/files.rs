//! Writing a folder of files so that it is either the old or the new one, and never somebody else's.
//!
//! Everything is written into a temporary folder beside the real one first; only complete files are
//! renamed into place. `.archgen` in the folder lists what archgen wrote there; only those files are
//! ever replaced or removed.

use std::collections::BTreeSet;
use std::fmt;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use archgen_targets::Files;

/// The list of the files archgen wrote.
pub const MARKER: &str = ".archgen";
const MARKER_HEAD: &str =
    "# Written by archgen: it replaces and removes the files listed here, and no others.\n";

/// Why the files of a folder are not read or written.
#[derive(Debug)]
pub enum FileError {
    /// A file that archgen did not write is in the way.
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// The system refuses.
    Io {
        /// What was tried, such as `write`.
        verb: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FileError::Foreign { path } => {
                write!(f, "{} was not written by archgen and would be replaced", path.display())
            }
            FileError::Io { verb, path, source } => {
                write!(f, "cannot {verb} {}: {source}", path.display())
            }
        }
    }
}

impl std::error::Error for FileError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            FileError::Foreign { .. } => None,
            FileError::Io { source, .. } => Some(source),
        }
    }
}

/// How a file on disk differs from what it should be.
#[derive(Debug, PartialEq, Eq)]
pub enum Difference {
    /// The file is not there.
    Missing(String),
    /// The file holds something else.
    Changed {
        /// The file.
        path: String,
        /// What it holds.
        found: Vec<u8>,
    },
    /// archgen wrote it earlier and would not write it now.
    Stale(String),
}

/// Compares, and writes nothing.
///
/// # Errors
///
/// The folder cannot be read.
pub fn compare(folder: &Path, files: &Files) -> Result<Vec<Difference>, FileError> {
    let mut differences = Vec::new();
    for (path, expected) in files {
        match read(&folder.join(path))? {
            None => differences.push(Difference::Missing(path.clone())),
            Some(found) if found != *expected => {
                differences.push(Difference::Changed { path: path.clone(), found })
            }
            Some(_) => {}
        }
    }
    for path in owned(folder)? {
        if !files.contains_key(&path) && folder.join(&path).exists() {
            differences.push(Difference::Stale(path));
        }
    }
    Ok(differences)
}

/// Fails when a file that archgen did not write is in the way.
///
/// # Errors
///
/// One is, or the folder cannot be read.
pub fn refuse_foreign(folder: &Path, files: &Files) -> Result<(), FileError> {
    if !is_folder_or_absent(folder)? {
        return Err(FileError::Foreign { path: folder.to_path_buf() });
    }
    let owned = owned(folder)?;
    for (path, expected) in files {
        let place = folder.join(path);
        if owned.contains(path) {
            continue;
        }
        match read(&place) {
            Ok(None) => {}
            // The same bytes: nothing is lost by taking it over.
            Ok(Some(found)) if found == *expected => {}
            Ok(Some(_)) | Err(_) => return Err(FileError::Foreign { path: place }),
        }
    }
    Ok(())
}

/// Makes the folder hold `files`, beside whatever else others keep there. Says whether anything changed.
///
/// Callers run [`refuse_foreign`] first unless files of others are to be replaced.
///
/// # Errors
///
/// The system refuses: then the files are the old ones or the new ones, each whole.
pub fn write(folder: &Path, files: &Files) -> Result<bool, FileError> {
    let before = owned(folder)?;
    let now: BTreeSet<String> = files.keys().cloned().collect();
    if before == now && compare(folder, files)?.is_empty() {
        return Ok(false);
    }
    let temporary = Temporary::beside(folder)?;
    for (path, bytes) in files {
        let place = temporary.path.join(path);
        create_parent(&place)?;
        fs::write(&place, bytes).map_err(failed("write", &place))?;
    }
    let new_marker = temporary.path.join(MARKER);
    fs::write(&new_marker, marker(&now)).map_err(failed("write", &new_marker))?;

    if !folder.exists() {
        return fs::rename(&temporary.path, folder).map_err(failed("write", folder)).map(|()| true);
    }
    // Until the last rename both the old and the new files count as archgen's own.
    let both = temporary.path.join(".archgen-both");
    fs::write(&both, marker(&before.union(&now).cloned().collect()))
        .map_err(failed("write", &both))?;
    rename(&both, &folder.join(MARKER))?;
    for path in files.keys() {
        let place = folder.join(path);
        create_parent(&place)?;
        rename(&temporary.path.join(path), &place)?;
    }
    for stale in before.difference(&now) {
        remove_stale(folder, stale)?;
    }
    rename(&new_marker, &folder.join(MARKER))?;
    Ok(true)
}

/// The files the marker lists; none when there is no marker.
fn owned(folder: &Path) -> Result<BTreeSet<String>, FileError> {
    let Some(bytes) = read(&folder.join(MARKER))? else {
        return Ok(BTreeSet::new());
    };
    let text = String::from_utf8_lossy(&bytes);
    // A path that leads out of the folder was not written by archgen and must never be removed.
    let inside =
        |path: &&str| Path::new(path).components().all(|it| matches!(it, Component::Normal(_)));
    Ok(text
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .filter(inside)
        .map(str::to_owned)
        .collect())
}

fn marker(paths: &BTreeSet<String>) -> String {
    let mut text = MARKER_HEAD.to_owned();
    for path in paths {
        text += path;
        text.push('\n');
    }
    text
}

fn read(path: &Path) -> Result<Option<Vec<u8>>, FileError> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error)
            if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) =>
        {
            Ok(None)
        }
        Err(error) => Err(failed("read", path)(error)),
    }
}

fn is_folder_or_absent(folder: &Path) -> Result<bool, FileError> {
    match fs::metadata(folder) {
        Ok(metadata) => Ok(metadata.is_dir()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(failed("read", folder)(error)),
    }
}

fn create_parent(path: &Path) -> Result<(), FileError> {
    match path.parent() {
        Some(parent) => fs::create_dir_all(parent).map_err(failed("create", parent)),
        None => Ok(()),
    }
}

fn rename(from: &Path, to: &Path) -> Result<(), FileError> {
    fs::rename(from, to).map_err(failed("write", to))
}

/// Removes a file that is no longer written, and the folders that are empty without it.
fn remove_stale(folder: &Path, path: &str) -> Result<(), FileError> {
    let place = folder.join(path);
    match fs::remove_file(&place) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            return Err(failed("remove", &place)(error));
        }
        Ok(()) | Err(_) => {}
    }
    for parent in Path::new(path).ancestors().skip(1).filter(|it| !it.as_os_str().is_empty()) {
        if fs::remove_dir(folder.join(parent)).is_err() {
            break; // others keep files there
        }
    }
    Ok(())
}

fn failed(verb: &'static str, path: &Path) -> impl FnOnce(io::Error) -> FileError {
    let path = path.to_path_buf();
    move |source| FileError::Io { verb, path, source }
}

/// A folder beside the real one, gone again when the writing is over, however it ends.
struct Temporary {
    path: PathBuf,
}

impl Temporary {
    fn beside(folder: &Path) -> Result<Temporary, FileError> {
        let name = folder.file_name().unwrap_or_default().to_string_lossy();
        let path = folder.with_file_name(format!(".{name}.archgen-{}", std::process::id()));
        create_parent(&path)?;
        if path.exists() {
            fs::remove_dir_all(&path).map_err(failed("remove", &path))?;
        }
        fs::create_dir(&path).map_err(failed("create", &path))?;
        Ok(Temporary { path })
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.path);
    }
}

#[cfg(test)]
#[path = "files_tests.rs"]
mod tests;
