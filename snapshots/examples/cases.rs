//! Writes what the cases emit, as `DIR/NAME/ENVIRONMENT/TARGET/…`: `cases DIR`. Of those with pods of their own
//! also who reaches whom, as `DIR/NAME/ENVIRONMENT/reach.jsonl`: no template says that of pods.

use std::path::Path;

use archgen::Target;
use archgen::build::{check_entry, emit_to};
use archgen::core::network::{Answer, Model, Relation};
use archgen::relation::{families, lines};
use archgen_snapshots::CASES;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder] = arguments.as_slice() else {
        return Err("usage: cases DIR".into());
    };
    emit_to(CASES, Target::ALL, Path::new(folder))?;
    for entry in CASES {
        let (all, _) = check_entry(entry, &[])?.map_err(|it| format!("{it:#?}"))?;
        for checked in all.iter().filter(|it| it.graph().workloads().next().is_some()) {
            let model = Model::new(checked.graph());
            let environment = checked.environment().as_str();
            let path = Path::new(folder).join(entry.name).join(environment).join("reach.jsonl");
            std::fs::write(path, reached(&model))?;
        }
    }
    Ok(())
}

/// What `archgen reach --all --format json` prints.
fn reached(model: &Model) -> String {
    let relation = Relation::new(model);
    let mut text = String::new();
    for line in lines(&relation, families(model)) {
        let reachable = match line.reachable {
            Answer::Yes => "yes",
            Answer::No => "no",
            Answer::Unknown => "unknown",
        };
        let line = serde_json::json!({
            "from": line.from, "to": line.to, "protocol": line.protocol, "ports": line.ports,
            "family": line.family.as_str(), "reachable": reachable, "via": line.via,
        });
        text.push_str(&format!("{line}\n"));
    }
    text
}
