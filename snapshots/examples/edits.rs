//! Writes what a sequence of edits emits, step by step, as `DIR/STEP/TARGET/…` beside `DIR/STEP/archgen.lock`:
//! `edits SEED STEPS DIR`.

use std::path::Path;

use archgen::{Lock, check, cloudformation, terraform};
use archgen_snapshots::edits::Edited;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [seed, steps, folder] = arguments.as_slice() else {
        return Err("usage: edits SEED STEPS DIR".into());
    };
    let (mut edited, steps) = (Edited::new(seed.parse()?), steps.parse::<usize>()?);
    let mut lock = Lock::default();
    for step in 0..steps {
        let mut architecture = edited.architecture();
        if let Some(history) = lock.history("edited", architecture.environment) {
            architecture = architecture.with_history(history.clone());
        }
        let checked = check(&architecture).map_err(|it| format!("{it:#?}"))?;
        let folder = Path::new(folder).join(step.to_string());
        let all = [
            ("cloudformation", cloudformation::files(&checked, cloudformation::Format::Json)),
            ("terraform", terraform::files(&checked)),
        ];
        for (target, files) in all {
            for (path, text) in files {
                let path = folder.join(target).join(path);
                std::fs::create_dir_all(path.parent().unwrap_or(&folder))?;
                std::fs::write(path, text)?;
            }
        }
        lock.record(&checked);
        lock.write(&folder.join(archgen::lock::FILE))?;
        edited.edit();
    }
    Ok(())
}
