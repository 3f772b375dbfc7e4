//! Tags that AWS does not take, or that archgen sets itself.
use archgen::prelude::*;

#[architecture]
pub fn shop(env: Environment) -> Architecture {
    let documents = s3_bucket! {
        tags: {
            team: "payments",
            Team: "payments",
            "aws:owner": "payments",
            environment: "production",
            note: "paid & sent",
        },
    };
    let invoices = s3_bucket! { tags: { team: 3 } };
    let receipts = s3_bucket! { tag: { team: "payments" } };
    let owner = param! { tags: { team: "payments" } };
}

fn main() {}
