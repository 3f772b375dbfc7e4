//! The binary made for a library: a package under its target folder whose `main` is one line.
//!
//! archgen-cli is taken from where the library takes archgen, and all versions from its `Cargo.lock`.

use std::fs;
use std::path::{Path, PathBuf};

use toml::{Table, Value};

use super::Error;
use super::manifest::{self, Package};

/// The name of the binary: its own for each library, since they may share a target folder.
pub fn binary(package: &Package) -> String {
    format!("archgen-of-{}", package.name)
}

/// Writes the package and gives its manifest.
pub fn write(package: &Package) -> Result<PathBuf, Error> {
    let folder = package.target_directory.join("archgen").join(&package.name);
    let source = folder.join("src");
    fs::create_dir_all(&source).map_err(failed(&source))?;
    let root = manifest::read(&package.workspace_root.join("Cargo.toml"))?;
    let library = package.library.clone().unwrap_or_default();
    let manifest_path = folder.join("Cargo.toml");
    write_if_new(&manifest_path, manifest(package, &root).to_string().as_bytes())?;
    let main = format!(
        "//! Made by archgen: runs the architectures of `{}`.\n\nfn main() -> std::process::ExitCode {{\n    archgen_cli::main({library}::ARCHITECTURES)\n}}\n",
        package.name,
    );
    write_if_new(&source.join("main.rs"), main.as_bytes())?;
    copy_lock(&package.workspace_root.join("Cargo.lock"), &folder)?;
    Ok(manifest_path)
}

fn manifest(package: &Package, root: &Table) -> Table {
    let crate_folder = package.manifest_path.parent().unwrap_or(Path::new(""));
    let mut user = Table::new();
    user.insert("path".into(), string(crate_folder));
    user.insert("package".into(), Value::String(package.name.clone()));
    let mut dependencies = Table::new();
    dependencies.insert(package.library.clone().unwrap_or_default(), Value::Table(user));
    dependencies.insert("archgen-cli".into(), Value::Table(cli(package)));

    let mut about = Table::new();
    about.insert("name".into(), Value::String(binary(package)));
    about.insert("version".into(), Value::String("0.0.0".into()));
    about.insert("edition".into(), Value::String("2024".into()));
    about.insert("publish".into(), Value::Boolean(false));

    let mut manifest = Table::new();
    manifest.insert("package".into(), Value::Table(about));
    manifest.insert("dependencies".into(), Value::Table(dependencies));
    manifest.insert("workspace".into(), Value::Table(Table::new()));
    // Both apply only to the root of a workspace, and this package is one of its own.
    if let Some(profile) = root.get("profile") {
        manifest.insert("profile".into(), profile.clone());
    }
    if let Some(patch) = root.get("patch") {
        manifest.insert("patch".into(), absolute_paths(patch, &package.workspace_root));
    }
    manifest
}

/// archgen-cli from where the crate takes archgen.
fn cli(package: &Package) -> Table {
    let mut table = Table::new();
    let archgen = package.dependency("archgen");
    let Some(dependency) = package.dependency("archgen-cli").or(archgen) else {
        return table;
    };
    if let Some(path) = &dependency.path {
        // archgen lies at the root of its workspace, archgen-cli in a folder of it.
        let is_cli = package.dependency("archgen-cli").is_some();
        table.insert("path".into(), string(&if is_cli { path.clone() } else { path.join("cli") }));
    } else if let Some((git, selector)) = dependency.source.as_deref().and_then(git_source) {
        table.insert("git".into(), Value::String(git));
        if let Some((key, value)) = selector {
            table.insert(key, Value::String(value));
        }
    } else {
        table.insert("version".into(), Value::String(dependency.requirement.clone()));
    }
    table
}

/// `git+URL?branch=NAME#COMMIT` taken apart.
fn git_source(source: &str) -> Option<(String, Option<(String, String)>)> {
    let url = source.strip_prefix("git+")?;
    let url = url.split_once('#').map_or(url, |(url, _)| url);
    Some(match url.split_once('?') {
        Some((url, query)) => (
            url.to_owned(),
            query.split_once('=').map(|(key, value)| (key.to_owned(), value.to_owned())),
        ),
        None => (url.to_owned(), None),
    })
}

/// The same value with each `path = "…"` in it made absolute.
fn absolute_paths(value: &Value, root: &Path) -> Value {
    let Value::Table(table) = value else {
        return value.clone();
    };
    let entries = table.iter().map(|(key, value)| match value.as_str() {
        Some(path) if key == "path" => (key.clone(), string(&root.join(path))),
        Some(_) | None => (key.clone(), absolute_paths(value, root)),
    });
    Value::Table(entries.collect())
}

/// Copies the lock file, but only when it changed: cargo adds to the copy what archgen-cli needs.
fn copy_lock(lock: &Path, folder: &Path) -> Result<(), Error> {
    let Ok(bytes) = fs::read(lock) else {
        return Ok(());
    }; // the crate was never built
    if write_if_new(&folder.join("Cargo.lock.copied"), &bytes)? {
        let copy = folder.join("Cargo.lock");
        fs::write(&copy, bytes).map_err(failed(&copy))?;
    }
    Ok(())
}

/// Leaves a file with the same content alone, so that cargo sees no change.
fn write_if_new(path: &Path, bytes: &[u8]) -> Result<bool, Error> {
    if fs::read(path).is_ok_and(|found| found == bytes) {
        return Ok(false);
    }
    fs::write(path, bytes).map_err(failed(path)).map(|()| true)
}

fn string(path: &Path) -> Value {
    Value::String(path.display().to_string())
}

fn failed(path: &Path) -> impl FnOnce(std::io::Error) -> Error {
    let path = path.to_path_buf();
    move |source| Error::Shim { path, source }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_git_source_keeps_its_branch() {
        assert_eq!(
            git_source("git+https://host.example/a?branch=b#c0ffee"),
            Some(("https://host.example/a".into(), Some(("branch".into(), "b".into()))))
        );
        assert_eq!(
            git_source("git+https://host.example/a"),
            Some(("https://host.example/a".into(), None))
        );
        assert_eq!(git_source("registry+https://host.example/a"), None);
    }

    #[test]
    fn patches_point_to_the_same_folders() {
        let patch: Table =
            "[crates-io]\narchgen = { path = \"../archgen\" }\n".parse().expect("it is TOML");
        let absolute = absolute_paths(&Value::Table(patch), Path::new("/w"));
        assert_eq!(absolute["crates-io"]["archgen"]["path"].as_str(), Some("/w/../archgen"));
    }
}
