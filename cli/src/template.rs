//! Templates and Terraform modules that nobody wrote with archgen, and the stacks of an architecture that archgen
//! emitted: which names mean one, and reading it with those nested in it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use archgen::read::Reading;
use archgen::terraform::read::FolderFiles;
use archgen::{cloudformation, terraform};
use serde::Deserialize;

use crate::error::Error;

/// How the names of templates end.
const ENDINGS: [&str; 4] = ["json", "yaml", "yml", "template"];

/// How the names of the files of modules end.
const MODULE_ENDINGS: [&str; 2] = [".tf", ".tf.json"];

/// How the names of files end that give a module's variables values.
const ASSIGNMENT_ENDINGS: [&str; 2] = [".tfvars", ".tfvars.json"];

/// The file or folder that a name means: the manifest of several stacks, for which their folder stands, a file that
/// exists or is called like a template, or a folder with a Terraform module, for which any file in it stands:
/// Terraform reads no less.
pub fn path_of(name: &str) -> Option<PathBuf> {
    let path = Path::new(name);
    if path.is_dir() {
        let stacks = path.join(cloudformation::MANIFEST);
        if stacks.is_file() {
            return Some(stacks);
        }
        let module = names(path).is_ok_and(|it| !it.is_empty());
        return module.then(|| path.to_path_buf());
    }
    let ending = path.extension().and_then(|it| it.to_str()).unwrap_or_default();
    let named = ENDINGS.iter().any(|it| it.eq_ignore_ascii_case(ending));
    if path.is_file() && is_of_module(path) {
        let parent = path.parent().filter(|it| !it.as_os_str().is_empty());
        return Some(parent.unwrap_or(Path::new(".")).to_path_buf());
    }
    (named || is_of_module(path) || path.is_file()).then(|| path.to_path_buf())
}

/// What a template, or the module in a folder, says of the network.
pub fn read(path: &Path, parameters: &[(String, String)]) -> Result<Reading, Error> {
    let mut given = BTreeMap::new();
    for (name, value) in parameters {
        if given.insert(name.clone(), value.clone()).is_some() {
            return Err(Error::ParameterTwice { parameter: name.clone() });
        }
    }
    let failed = |source| Error::File { verb: "read", path: path.to_path_buf(), source };
    if path.is_dir() {
        return module(path, &folder(path).map_err(failed)?, given);
    }
    let templates = texts(path)?;
    let sources: Vec<cloudformation::read::Source<'_>> =
        templates.iter().map(|(path, text)| cloudformation::read::Source { path, text }).collect();
    let options = cloudformation::read::Options {
        parameters: given,
        load: &|path| std::fs::read_to_string(path).map_err(|error| error.to_string()),
        ..Default::default()
    };
    cloudformation::read::read_all(&sources, &options)
        .map_err(|source| Error::Template { path: path.to_path_buf(), source })
}

/// The templates that a name stands for, with their texts: itself, or what the manifest of several stacks lists,
/// for which their folder stands.
pub fn texts(path: &Path) -> Result<Vec<(PathBuf, String)>, Error> {
    let manifest = path.join(cloudformation::MANIFEST);
    let path = if manifest.is_file() { &manifest } else { path };
    let text = std::fs::read_to_string(path).map_err(|source| Error::File {
        verb: "read",
        path: path.to_path_buf(),
        source,
    })?;
    match path.file_name().filter(|it| *it == cloudformation::MANIFEST) {
        Some(_) => listed(path, &text),
        None => Ok(vec![(path.to_path_buf(), text)]),
    }
}

/// What a manifest lists.
#[derive(Deserialize)]
struct Manifest {
    stacks: Vec<Listed>,
}

#[derive(Deserialize)]
struct Listed {
    file: PathBuf,
}

/// The templates that a manifest lists, with their texts.
fn listed(path: &Path, text: &str) -> Result<Vec<(PathBuf, String)>, Error> {
    let manifest: Manifest = serde_json::from_str(text)
        .map_err(|source| Error::Manifest { path: path.to_path_buf(), source })?;
    let folder = path.parent().unwrap_or(Path::new(""));
    let mut all = Vec::new();
    for Listed { file } in manifest.stacks {
        let path = folder.join(file);
        let text = std::fs::read_to_string(&path).map_err(|source| Error::File {
            verb: "read",
            path: path.clone(),
            source,
        })?;
        all.push((path, text));
    }
    Ok(all)
}

fn module(
    path: &Path,
    files: &FolderFiles,
    parameters: BTreeMap<String, String>,
) -> Result<Reading, Error> {
    let sources: Vec<terraform::read::Source<'_>> =
        files.iter().map(|(path, text)| terraform::read::Source { path, text }).collect();
    let options = terraform::read::Options {
        parameters,
        load: &|path| folder(path).map_err(|error| error.to_string()),
        ..Default::default()
    };
    terraform::read::read(&sources, &options)
        .map_err(|source| Error::Module { path: path.to_path_buf(), source })
}

/// Whether a file is one of a Terraform module.
fn is_of_module(path: &Path) -> bool {
    ends(path, &MODULE_ENDINGS)
}

fn ends(path: &Path, endings: &[&str]) -> bool {
    let name = path.file_name().and_then(|it| it.to_str()).unwrap_or_default();
    endings.iter().any(|it| name.ends_with(it))
}

/// The files of the module in a folder, by name, with those that give its variables values; none where there
/// is no module. Like Terraform it leaves out hidden ones.
fn names(path: &Path) -> std::io::Result<Vec<PathBuf>> {
    // Places are called `main.tf` in the current folder, not `./main.tf`.
    let prefix = if path == Path::new(".") { Path::new("") } else { path };
    let mut paths: Vec<PathBuf> = std::fs::read_dir(path)?
        .map(|it| it.map(|it| prefix.join(it.file_name())))
        .collect::<std::io::Result<_>>()?;
    let hidden = |it: &Path| it.file_name().is_some_and(|it| it.to_string_lossy().starts_with('.'));
    paths.retain(|it| (is_of_module(it) || ends(it, &ASSIGNMENT_ENDINGS)) && !hidden(it));
    if !paths.iter().any(|it| is_of_module(it)) {
        return Ok(Vec::new());
    }
    paths.sort();
    Ok(paths)
}

/// Those files with their texts.
fn folder(path: &Path) -> std::io::Result<FolderFiles> {
    let paths = names(path)?.into_iter();
    paths.map(|it| Ok((it.clone(), std::fs::read_to_string(it)?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_is_a_file_or_called_like_one() {
        for name in ["main.tf", "a/network.tf.json"] {
            assert_eq!(path_of(name), Some(PathBuf::from(name)), "{name}");
        }
        for name in ["t.json", "a/b.yaml", "x.YML", "stack.template", "Cargo.toml"] {
            assert_eq!(path_of(name), Some(PathBuf::from(name)), "{name}");
        }
        // A folder without a Terraform module is none.
        for name in ["prod-infra", "src", "kinexus.production"] {
            assert_eq!(path_of(name), None, "{name}");
        }
    }
}
