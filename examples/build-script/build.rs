//! Checks the architecture and emits its templates on every build.

#[path = "infra/shop.rs"]
mod shop;

fn main() {
    archgen::build::emit(&[shop::SHOP]);
}
