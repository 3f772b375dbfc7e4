//! Writes the charts of the blueprints and cases that have services, as `DIR/NAME/helm/…`: `charts DIR`.

use std::path::Path;

use archgen::build::check_entry;
use archgen::{files, helm};
use archgen_blueprints::ARCHITECTURES;
use archgen_snapshots::CASES;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder] = arguments.as_slice() else {
        return Err("usage: charts DIR".into());
    };
    for entry in ARCHITECTURES.iter().chain(CASES) {
        let (all, _) = check_entry(entry, &[])?.map_err(|it| format!("{it:#?}"))?;
        let chart = helm::files(&all);
        if !chart.is_empty() {
            files::write(&Path::new(folder).join(entry.name).join("helm"), &chart)?;
        }
    }
    Ok(())
}
