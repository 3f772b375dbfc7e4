//! A team's architectures, with an option that the command line can set.

use archgen::prelude::*;

/// Every architecture of the team.
pub const ARCHITECTURES: &[Entry] = &[JOBS];

/// What `--set` can change.
#[derive(Default, Options)]
pub struct JobsOptions {
    /// Runs the workers on spare capacity: cheaper, and stopped with two minutes' notice.
    pub spot: bool,
}

/// Workers that take jobs from an external queue.
#[architecture(environments = [Production])]
pub fn jobs(env: Environment, options: JobsOptions) -> Architecture {
    let network = vpc! {
        cidr: "10.30.0.0/16",
        zones: 2,
        subnets: { public: /24, private: /24 },
        nat: Single,
    };
    let cluster = ecs_cluster! {
        subnets: network.private,
        capacity: if options.spot { FargateSpot } else { Fargate },
    };
    let results = s3_bucket! { lifecycle: [{ expire_after: 30days }] };

    // Three queues, one worker each.
    let workers: Vec<_> = (1..=3)
        .map(|queue| {
            ecs_service! {
                name: format!("worker_{queue}"),
                cluster: cluster,
                image: "public.ecr.aws/docker/library/python:3.13-slim",
                cpu: 256,
                memory: 512MB,
                environment: { QUEUE: format!("queue-{queue}"), RESULTS: results.name },
            }
        })
        .collect();
    for worker in &workers {
        connect!(worker => internet: tcp(443));
        connect!(worker => results);
    }

    workers
}
