//! Modules of graphs built by hand.

use serde_json::Value;

use super::write_graph;
use crate::Files;
use crate::testing;

mod services;

/// The module of every kind of resource.
pub(super) fn everything() -> Files {
    write_graph("shop", "production", &testing::everything()).files()
}

/// The block of a resource, from any file.
pub(super) fn block(files: &Files, kind: &str, name: &str) -> Value {
    files
        .values()
        .filter_map(|text| serde_json::from_slice::<Value>(text).ok())
        .map(|file| file["resource"][kind][name].clone())
        .find(|it| !it.is_null())
        .unwrap_or_default()
}

#[test]
fn every_file_is_json() {
    let files = everything();
    for (path, text) in &files {
        if path.ends_with(".json") {
            serde_json::from_slice::<Value>(text).unwrap_or_else(|it| panic!("{path}: {it}"));
        }
    }
    // For a look at it, and for Terraform itself.
    if let Ok(folder) = std::env::var("ARCHGEN_WRITE_MODULE") {
        write(&files, &folder);
    }
}

/// Puts the files of a module into a folder.
pub(super) fn write(files: &Files, folder: &str) {
    for (path, text) in files {
        let path = std::path::Path::new(folder).join(path);
        let folder = path.parent().expect("is in a folder");
        std::fs::create_dir_all(folder).expect("can be made");
        std::fs::write(path, text).expect("can be written");
    }
}
