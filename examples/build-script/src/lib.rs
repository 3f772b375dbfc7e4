//! What `build.rs` emitted, as part of the program.

/// The production template of the shop.
pub const PRODUCTION: &str =
    include_str!(concat!(env!("OUT_DIR"), "/shop/production/cloudformation/template.json"));

/// The staging template of the shop.
pub const STAGING: &str =
    include_str!(concat!(env!("OUT_DIR"), "/shop/staging/cloudformation/template.json"));

/// The network of the production shop for Terraform.
pub const PRODUCTION_NETWORK: &str =
    include_str!(concat!(env!("OUT_DIR"), "/shop/production/terraform/network.tf.json"));
