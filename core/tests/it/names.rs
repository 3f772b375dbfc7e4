//! Names and references: AG0101 to AG0104.

use archgen_core::check::diagnose;
use archgen_core::declare::{Kind, RawDeclaration};
use archgen_core::node::Node;
use archgen_core::{Architecture, Code, Environment};

use crate::common::*;

fn files(subnets: Node) -> RawDeclaration {
    declare(Kind::Efs, "files", [("subnets", subnets)])
}

#[test]
fn ag0101_declared_twice() {
    let secret = |name: &str| declare(Kind::Secret, name, [("description", text("Keys"))]);
    rule(
        Code::AG0101,
        [secret("keys"), declare(Kind::S3Bucket, "keys", [])],
        "[AG0101] `keys` is declared twice\n  \
         note: the S3 bucket `keys` is declared here first: shop.rs:1:1\n  \
         help: give one of them another name: resources are named after it",
        [secret("keys"), declare(Kind::S3Bucket, "documents", [])],
        [secret("keys"), declare(Kind::Secret, "tokens", [("description", unknown())])],
    );
}

#[test]
fn ag0102_not_declared() {
    rule(
        Code::AG0102,
        [files(tier("network", "private"))],
        "[AG0102] the VPC `network` is not part of the architecture `shop`\n  \
         help: declare it with `let network = vpc! { … };` in the architecture, or add it at its end",
        [network(), files(tier("network", "private"))],
        [files(unknown())],
    );
    // Where more may be declared than is known, it may be among that.
    let mut builder = Architecture::builder("shop", Environment::Production);
    builder.push(files(tier("network", "private")));
    builder.open();
    assert_eq!(diagnose(&builder.done()).1, []);
}

#[test]
fn ag0103_wrong_kind() {
    let of = |subnets: Node| [network(), files(subnets)];
    rule(
        Code::AG0103,
        of(name_of(Kind::Vpc, "network")),
        "[AG0103] `subnets` expects a tier of a VPC such as `network.private`, found the VPC `network`",
        of(tier("network", "private")),
        of(unknown()),
    );
}

#[test]
fn ag0104_no_such_tier() {
    rule(
        Code::AG0104,
        [network(), files(tier("network", "privat"))],
        "[AG0104] `network` has no tier `privat`\n  help: did you mean `private`?",
        [network(), files(tier("network", "private"))],
        [vpc("network", text("10.0.0.0/16"), int(2), unknown()), files(tier("network", "privat"))],
    );
}
