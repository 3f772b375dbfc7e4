//! A topic with a key that no alarm can use, and an address that is none.
use archgen::prelude::*;

#[architecture]
pub fn shop(env: Environment) -> Architecture {
    let alerts = sns_topic! {
        subscriptions: [Email("ops"), Https("http://example.com/alerts")],
        kms_key: "alias/aws/sns",
    };
}

fn main() {}
