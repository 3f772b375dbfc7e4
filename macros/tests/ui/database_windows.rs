//! A maintenance window in the backup window, and one that is no window.
use archgen::prelude::*;

#[architecture]
pub fn shop(env: Environment) -> Architecture {
    let network = vpc! { cidr: "10.0.0.0/16", zones: 2, subnets: { database: /24 } };
    let database = rds_postgres! {
        subnets: network.database,
        version: "16.8",
        class: "db.t4g.medium",
        storage: 100GB..=1000GB,
        multi_az: true,
        backups: 7days,
        backup_window: "03:00-04:00",
        maintenance_window: "sun:03:30-sun:04:30",
    };
}

fn main() {}
