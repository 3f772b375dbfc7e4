//! A copy of a bucket that keeps no versions.
use archgen::prelude::*;

#[architecture]
pub fn shop(env: Environment) -> Architecture {
    let documents = s3_bucket! {
        versioning: false,
        replication: { bucket: "arn:aws:s3:::documents-replica" },
    };
}

fn main() {}
