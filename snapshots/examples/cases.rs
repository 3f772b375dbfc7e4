//! Writes what the cases emit, as `DIR/NAME/ENVIRONMENT/TARGET/…`: `cases DIR`.

use std::path::Path;

use archgen::Target;
use archgen::build::emit_to;
use archgen_snapshots::CASES;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder] = arguments.as_slice() else {
        return Err("usage: cases DIR".into());
    };
    emit_to(CASES, Target::ALL, Path::new(folder))?;
    Ok(())
}
