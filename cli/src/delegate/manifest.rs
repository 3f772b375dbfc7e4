//! Finding the crate of a folder and what it has to do with archgen.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::{Error, cargo};

/// Where the command was started.
#[derive(Debug, PartialEq, Eq)]
pub enum Surroundings {
    /// In archgen's own workspace.
    Archgen,
    /// Below this manifest.
    Crate(PathBuf),
    /// Below no manifest.
    NoCrate,
}

/// Looks upwards from `folder`, reading manifests only.
pub fn surroundings(folder: &Path) -> Result<Surroundings, Error> {
    let Some(nearest) = folder.ancestors().map(|it| it.join("Cargo.toml")).find(|it| it.is_file())
    else {
        return Ok(Surroundings::NoCrate);
    };
    let crate_folder = nearest.parent().unwrap_or(folder);
    for ancestor in crate_folder.ancestors() {
        let path = ancestor.join("Cargo.toml");
        if path.is_file() && is_archgen_workspace_with(&path, crate_folder)? {
            return Ok(Surroundings::Archgen);
        }
    }
    Ok(Surroundings::Crate(nearest))
}

/// Whether the manifest is the root of archgen itself, and the folder belongs to that workspace.
fn is_archgen_workspace_with(path: &Path, folder: &Path) -> Result<bool, Error> {
    let table = read(path)?;
    let name = table.get("package").and_then(|it| it.get("name")).and_then(toml::Value::as_str);
    let (Some("archgen"), Some(workspace)) = (name, table.get("workspace")) else {
        return Ok(false);
    };
    let root = path.parent().unwrap_or(path);
    let excluded = workspace.get("exclude").and_then(toml::Value::as_array).into_iter().flatten();
    Ok(!excluded.filter_map(toml::Value::as_str).any(|it| folder.starts_with(root.join(it))))
}

/// Reads a manifest as TOML.
pub fn read(path: &Path) -> Result<toml::Table, Error> {
    let text = std::fs::read_to_string(path)
        .map_err(|source| Error::Read { path: path.to_path_buf(), source })?;
    text.parse().map_err(|source| Error::Manifest { path: path.to_path_buf(), source })
}

/// A crate that uses archgen.
#[derive(Debug)]
pub struct Package {
    pub name: String,
    pub manifest_path: PathBuf,
    pub workspace_root: PathBuf,
    pub target_directory: PathBuf,
    /// Its library, by the name Rust code uses.
    pub library: Option<String>,
    binaries: Vec<String>,
    default_run: Option<String>,
    dependencies: Vec<Dependency>,
}

/// A dependency on archgen or archgen-cli.
#[derive(Debug)]
pub struct Dependency {
    name: String,
    normal: bool,
    pub path: Option<PathBuf>,
    pub source: Option<String>,
    pub requirement: String,
}

/// How the architectures of a crate are run.
#[derive(Debug, PartialEq, Eq)]
pub enum Runnable {
    /// By a binary of its own.
    Binary(String),
    /// By a binary made for its library.
    Library,
}

impl Package {
    /// The dependency by which the crate itself (not its tests, not its build script) uses a package.
    pub fn dependency(&self, name: &str) -> Option<&Dependency> {
        self.dependencies.iter().find(|it| it.normal && it.name == name)
    }

    /// How the architectures of this crate are run.
    pub fn runnable(&self) -> Result<Runnable, Error> {
        if self.dependency("archgen-cli").is_some() && !self.binaries.is_empty() {
            let named = |name: &str| self.binaries.iter().find(|it| *it == name).cloned();
            return match (
                self.default_run.clone().or_else(|| named("archgen")),
                self.binaries.as_slice(),
            ) {
                (Some(name), _) => Ok(Runnable::Binary(name)),
                (None, [one]) => Ok(Runnable::Binary(one.clone())),
                (None, _) => Err(Error::SeveralBinaries {
                    package: self.name.clone(),
                    known: self.binaries.clone(),
                }),
            };
        }
        let uses = self.dependency("archgen").or_else(|| self.dependency("archgen-cli"));
        if uses.is_some() && self.library.is_some() {
            return Ok(Runnable::Library);
        }
        Err(Error::NothingToRun { package: self.name.clone() })
    }
}

/// The crate of this manifest, or of the one member of its workspace, that uses archgen.
pub fn package(manifest: &Path) -> Result<Option<Package>, Error> {
    let output = cargo()
        .args(["metadata", "--no-deps", "--format-version", "1", "--offline", "--manifest-path"])
        .arg(manifest)
        .output()
        .map_err(|source| Error::Cargo { source })?;
    if !output.status.success() {
        let message =
            String::from_utf8_lossy(&output.stderr).trim().trim_start_matches("error: ").to_owned();
        return Err(Error::Metadata { message });
    }
    let metadata = serde_json::from_slice(&output.stdout)
        .map_err(|source| Error::MetadataFormat { source })?;
    choose(&metadata, manifest)
}

fn choose(metadata: &Value, manifest: &Path) -> Result<Option<Package>, Error> {
    let mut users: Vec<Package> =
        array(metadata, "packages").map(|it| read_package(it, metadata)).collect();
    if let Some(nearest) = users.iter().position(|it| same_file(&it.manifest_path, manifest)) {
        let nearest = users.swap_remove(nearest);
        return Ok((!nearest.dependencies.is_empty()).then_some(nearest));
    }
    // A workspace without a crate at its root: the member that uses archgen is meant.
    users.retain(|it| !it.dependencies.is_empty());
    if users.len() > 1 {
        return Err(Error::SeveralCrates { known: users.into_iter().map(|it| it.name).collect() });
    }
    Ok(users.pop())
}

fn same_file(one: &Path, other: &Path) -> bool {
    one == other
        || matches!((one.canonicalize(), other.canonicalize()), (Ok(one), Ok(other)) if one == other)
}

fn read_package(package: &Value, metadata: &Value) -> Package {
    let targets = |kinds: &'static [&'static str]| {
        array(package, "targets")
            .filter(move |it| array(it, "kind").any(|kind| kinds.iter().any(|it| kind == it)))
            .filter_map(|it| text(it, "name"))
    };
    Package {
        name: text(package, "name").unwrap_or_default(),
        manifest_path: text(package, "manifest_path").unwrap_or_default().into(),
        workspace_root: text(metadata, "workspace_root").unwrap_or_default().into(),
        target_directory: text(metadata, "target_directory").unwrap_or_default().into(),
        library: targets(&["lib", "rlib"]).next().map(|it| it.replace('-', "_")),
        binaries: targets(&["bin"]).collect(),
        default_run: text(package, "default_run"),
        dependencies: array(package, "dependencies")
            .map(|it| Dependency {
                name: text(it, "name").unwrap_or_default(),
                normal: it.get("kind").is_none_or(Value::is_null),
                path: text(it, "path").map(PathBuf::from),
                source: text(it, "source"),
                requirement: text(it, "req").unwrap_or_else(|| "*".to_owned()),
            })
            .filter(|it| it.name == "archgen" || it.name == "archgen-cli")
            .collect(),
    }
}

fn array<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    value.get(key).and_then(Value::as_array).into_iter().flatten()
}

fn text(value: &Value, key: &str) -> Option<String> {
    value.get(key).and_then(Value::as_str).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use serde_json::json;

    use super::*;

    fn metadata(dependencies: Value, targets: Value) -> Value {
        json!({
            "packages": [{
                "name": "infra", "manifest_path": "/w/infra/Cargo.toml",
                "dependencies": dependencies, "targets": targets,
            }],
            "workspace_root": "/w", "target_directory": "/w/target",
        })
    }

    fn runnable(dependencies: Value, targets: Value) -> Result<Runnable, Error> {
        let metadata = metadata(dependencies, targets);
        choose(&metadata, Path::new("/w/infra/Cargo.toml"))?.expect("it uses archgen").runnable()
    }

    #[test]
    fn a_binary_with_the_cli_is_run_and_a_library_gets_one() {
        let cli = json!([{ "name": "archgen-cli", "kind": null, "req": "^0.1" }]);
        let archgen = json!([{ "name": "archgen", "kind": null, "req": "^0.1" }]);
        let lib = json!([{ "name": "infra", "kind": ["lib"] }]);
        let bin = json!([{ "name": "infra", "kind": ["bin"] }]);
        let bins = json!([{ "name": "a", "kind": ["bin"] }, { "name": "b", "kind": ["bin"] }]);
        let archgen_bin =
            json!([{ "name": "a", "kind": ["bin"] }, { "name": "archgen", "kind": ["bin"] }]);
        assert_eq!(runnable(cli.clone(), bin.clone()).ok(), Some(Runnable::Binary("infra".into())));
        assert_eq!(
            runnable(cli.clone(), archgen_bin).ok(),
            Some(Runnable::Binary("archgen".into()))
        );
        assert!(matches!(runnable(cli, bins), Err(Error::SeveralBinaries { .. })));
        assert_eq!(runnable(archgen.clone(), lib).ok(), Some(Runnable::Library));
        assert!(matches!(runnable(archgen, bin), Err(Error::NothingToRun { .. })));
    }

    #[test]
    fn a_build_dependency_alone_cannot_be_run() {
        let build = json!([{ "name": "archgen", "kind": "build", "req": "^0.1" }]);
        let lib = json!([{ "name": "infra", "kind": ["lib"] }]);
        assert!(matches!(runnable(build, lib), Err(Error::NothingToRun { .. })));
    }

    #[test]
    fn a_crate_without_archgen_is_none_of_ours() {
        let metadata = metadata(json!([]), json!([]));
        assert!(choose(&metadata, Path::new("/w/infra/Cargo.toml")).expect("it is read").is_none());
        assert!(choose(&metadata, Path::new("/w/Cargo.toml")).expect("it is read").is_none());
    }

    #[test]
    fn archgen_itself_is_recognised_but_not_its_examples() {
        let root = tempfile::tempdir().expect("a temporary folder");
        let own = root.path().join("cli/src");
        let example = root.path().join("examples/a");
        fs::create_dir_all(&own).expect("a folder");
        fs::create_dir_all(&example).expect("a folder");
        fs::write(
            root.path().join("Cargo.toml"),
            "[workspace]\nexclude = [\"examples\"]\n[package]\nname = \"archgen\"\n",
        )
        .expect("a file");
        fs::write(root.path().join("cli/Cargo.toml"), "[package]\nname = \"archgen-cli\"\n")
            .expect("a file");
        fs::write(example.join("Cargo.toml"), "[package]\nname = \"a\"\n").expect("a file");
        assert_eq!(surroundings(&own).expect("it is read"), Surroundings::Archgen);
        assert_eq!(
            surroundings(&example).expect("it is read"),
            Surroundings::Crate(example.join("Cargo.toml"))
        );
    }
}
