use archgen::prelude::*;

/// "RPO (Recovery Point Objective): < 5 minutes" with "S3: Cross-region replication for critical assets".
#[architecture(environments = [Production])]
pub fn as_written(env: Environment) -> Architecture {
    let assets_replica = param! { description: "The ARN of the bucket in the other Region" };
    let assets = s3_bucket! { replication: { bucket: assets_replica, within: 15min } };
    let promise = objectives! { recovery_point: 5min };
}

fn main() {}
