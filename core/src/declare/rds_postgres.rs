//! `rds_postgres!`: a PostgreSQL database on RDS.

use crate::check::{Context, database as checks};
use crate::declare::SecurityGroup;
use crate::field::{DeclarationRef, List, Map, TierRef};
use crate::lower::{Lower, database};
use crate::types::{Bounds, Count, Days, Port, Seconds, Storage};
use crate::value::Text;

crate::declaration! {
    /// A PostgreSQL database, encrypted, whose master password AWS makes, keeps and rotates.
    RdsPostgres RdsPostgresBuilder {
        /// The tier it stands in, over at least two zones.
        required subnets: TierRef = "network.database";
        /// The engine's version with its minor number, such as `16.6`; it decides the parameter group,
        /// so it cannot be a parameter.
        required version: String = "\"16.6\"";
        /// The instance class, such as `db.t4g.medium`.
        required class: String = "\"db.t4g.medium\"";
        /// Storage at the start, and the most it may grow to: `100GB..=1000GB`, from 20 to 65536 GiB.
        required storage: Bounds<Storage> = "100GB..=1000GB";
        /// Whether a standby in another zone takes over.
        required multi_az: bool = "true";
        /// How long automatic backups are kept, 0 to 35 days; with them any moment can be restored.
        required backups: Days = "7days";
        /// When the daily backup runs, in UTC: `"03:00-04:00"`.
        default backup_window: String = "03:00-04:00".to_string();
        /// When AWS may change it, in UTC: `"sun:04:30-sun:05:30"`.
        default maintenance_window: String = "sun:04:30-sun:05:30".to_string();
        /// The number of read replicas, 0 to 15; they need backups. RDS keeps no password of a database that has
        /// some (<https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html>): it then is in a
        /// secret that is made for it, and changes when you change it.
        default replicas: Count = Count(0);
        /// The first user: a letter, then letters, digits and `_`; not a reserved word such as `admin`.
        default username: String = "postgres".to_string();
        /// The database it starts with.
        optional database: String;
        /// The port it listens on.
        default port: Port = Port(5432);
        /// Settings of the engine: `{ log_min_duration_statement: 1000 }`. `rds.force_ssl` is set by
        /// `force_tls`.
        optional parameters: Map<Text>;
        /// Whether clients must use TLS.
        default force_tls: bool = true;
        /// How long Performance Insights keeps its data: 7 days, or a multiple of 31 up to 731.
        optional performance_insights: Days;
        /// How often Enhanced Monitoring measures: 1, 5, 10, 15, 30 or 60 seconds.
        optional enhanced_monitoring: Seconds;
        /// Whether minor versions are installed by themselves.
        default auto_minor_version_upgrade: bool = true;
        /// Whether it refuses to be deleted.
        default deletion_protection: bool = true;
        /// Its physical name in AWS: 1 to 63 lower-case letters, digits and hyphens.
        optional identifier: String;
        /// The ARN of the KMS key that encrypts it; left out, AWS's own. Another key makes another database.
        optional kms_key: Text;
        /// The ARN of the KMS key that encrypts the secret with the first user's name and password; left out,
        /// AWS's own. RDS takes no other one later.
        optional secret_kms_key: Text;
        /// Groups that the team wrote; left out, archgen derives one.
        optional security_groups: List<DeclarationRef<SecurityGroup>>;
    } members RdsPostgresMembers {
        /// The host name.
        endpoint;
        /// The port.
        port;
        /// The ARN of the secret with the first user's name and password.
        secret;
        /// The Amazon Resource Name.
        arn;
    }
}

impl RdsPostgres {
    /// Whether its password is in a secret of the architecture: RDS does not keep one of a database with read
    /// replicas.
    pub fn has_secret(&self) -> bool {
        self.replicas.literal().is_some_and(|it| it.0 > 0)
    }

    /// Checks the declaration's own limits.
    pub fn check(&self, cx: &mut Context<'_>) {
        checks::check(self, cx);
    }

    /// Lowers it into resources.
    pub fn lower(&self, cx: &mut Lower<'_>) {
        database::lower(self, cx);
    }
}
