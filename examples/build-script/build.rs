//! Checks the architecture and emits its templates and Terraform modules on every build.

#[path = "infra/shop.rs"]
mod shop;

fn main() {
    archgen::build::emit_targets(&[shop::SHOP], archgen::Target::ALL);
}
