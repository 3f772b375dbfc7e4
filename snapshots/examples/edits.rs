//! Writes what a sequence of edits emits, step by step, as `DIR/step1/TARGET/…`, `DIR/step2/TARGET/…`, each
//! beside its `archgen.lock`; `DIR/removed.txt` has the Terraform addresses that edits remove on purpose:
//! `edits SEED STEPS DIR`.

use std::collections::BTreeSet;
use std::path::Path;

use archgen::core::resource::ResourceId;
use archgen::{Checked, Lock, Target, build, check, cloudformation, files, terraform};
use archgen_snapshots::edits::Edited;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [seed, steps, folder] = arguments.as_slice() else {
        return Err("usage: edits SEED STEPS DIR".into());
    };
    let (mut edited, steps) = (Edited::new(seed.parse()?), steps.parse::<usize>()?);
    let root = Path::new(folder);
    let mut lock = Lock::default();
    let mut before: Option<Checked> = None;
    let mut removed = BTreeSet::new();
    for step in 1..=steps {
        let mut architecture = edited.architecture();
        if let Some(history) = lock.history("edited", architecture.environment) {
            architecture = architecture.with_history(history.clone());
        }
        let checked = check(&architecture).map_err(|it| format!("{it:#?}"))?;
        let folder = root.join(format!("step{step}"));
        let targets = [Target::CloudFormation, Target::Terraform];
        let (all, here) = (std::slice::from_ref(&checked), [checked.environment()]);
        for it in build::folders(all, &here, &targets, cloudformation::Format::Json)? {
            files::write(&folder.join(it.target.as_str()), &it.files)?;
        }
        if let Some(before) = &before {
            removed.extend(gone(&edited, before, &checked));
        }
        lock.record(&checked);
        lock.write(&folder.join(archgen::lock::FILE))?;
        before = Some(checked);
        edited.edit();
    }
    let lines: String = removed.iter().map(|it| format!("{it}\n")).collect();
    std::fs::write(root.join("removed.txt"), lines)?;
    Ok(())
}

/// The addresses of resources that an edit removes: those that are there under no name.
fn gone(edited: &Edited, before: &Checked, after: &Checked) -> Vec<String> {
    let stays = |id: &ResourceId| {
        let name = edited.name_now(&before.graph().resources[id].declaration);
        let (_, rest) = id.as_str().split_once('.').unwrap_or((id.as_str(), ""));
        name.is_some_and(|it| after.graph().resources.contains_key(&ResourceId::new(&[it, rest])))
    };
    let all = terraform::addresses(before);
    all.into_iter().filter(|(id, _)| !stays(id)).flat_map(|(_, it)| it).collect()
}
