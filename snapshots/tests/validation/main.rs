//! What is emitted is the network that was checked; and where it is not, that is found and named.

use archgen::build::check_entry;
use archgen::cloudformation::{Format, files};
use archgen::validate::emitted;
use archgen::{Checked, Entry, Target, terraform};

mod cloudformation;
mod module;

const INFRA: &str = "prod-infra";
const GUARDED: &str = "guarded";
const PEERED: &str = "peered";

fn entries() -> impl Iterator<Item = &'static Entry> {
    archgen_blueprints::ARCHITECTURES.iter().chain(archgen_snapshots::CASES)
}

fn checked(entry: &Entry) -> Vec<Checked> {
    check_entry(entry, &[]).expect("no options are given").expect("it is right").0
}

#[test]
fn what_is_emitted_is_what_was_checked() {
    for entry in entries() {
        for checked in checked(entry) {
            for format in [Format::Json, Format::Yaml] {
                if let Err(it) = emitted(&checked, Target::CloudFormation, &files(&checked, format))
                {
                    panic!("{it}\n{}", it.details());
                }
            }
            let module = terraform::files(&checked);
            if let Err(it) = emitted(&checked, Target::Terraform, &module) {
                panic!("{it}\n{}", it.details());
            }
        }
    }
}

fn one(name: &str) -> Checked {
    let entry = entries().find(|it| it.name == name).expect("an architecture");
    checked(entry).into_iter().next().expect("an environment")
}
