//! `Options` is derived for structs with named fields.
use archgen::prelude::*;

/// Options.
#[derive(Default, Options)]
pub struct ShopOptions(bool);

fn main() {}
