//! PostgreSQL on RDS.

use super::Ref;
use super::iam::Role;
use super::network::{SecurityGroup, Subnet};
use super::secrets::Secret;
use crate::types::{Days, Port, Seconds, Storage};
use crate::value::{Text, Value};

/// The subnets a database may stand in.
#[derive(Clone, Debug, PartialEq)]
pub struct DbSubnetGroup {
    /// What it is for.
    pub description: String,
    /// The subnets.
    pub subnets: Vec<Ref<Subnet>>,
}

/// Settings of the database engine.
#[derive(Clone, Debug, PartialEq)]
pub struct DbParameterGroup {
    /// What it is for.
    pub description: String,
    /// The family, such as `postgres15`.
    pub family: Value<String>,
    /// The settings.
    pub parameters: Vec<(String, Text)>,
}

/// Where the first user's password is kept.
#[derive(Clone, Debug, PartialEq)]
pub enum Password {
    /// RDS makes it up, keeps it in a secret of its own and changes it every seven days.
    Managed {
        /// The ARN of the KMS key of that secret; none means AWS's own.
        kms_key: Option<Text>,
    },
    /// In a secret of the architecture.
    Secret(Ref<Secret>),
}

/// A database, or a read replica of one.
#[derive(Clone, Debug, PartialEq)]
pub struct DbInstance {
    /// The ARN of the KMS key; none means AWS's own.
    pub kms_key: Option<Text>,
    /// The first user's password; a replica has its source's.
    pub password: Option<Password>,
    /// Its physical name, if the author gave one.
    pub identifier: Option<Text>,
    /// The engine's version; a replica has its source's.
    pub engine_version: Option<Value<String>>,
    /// The instance class.
    pub class: Value<String>,
    /// The database it starts with.
    pub database: Option<Value<String>>,
    /// The first user; a replica has its source's.
    pub username: Option<Value<String>>,
    /// The port it listens on; a replica has its source's.
    pub port: Option<Value<Port>>,
    /// What it is a replica of.
    pub replica_of: Option<Ref<DbInstance>>,
    /// Storage at the start.
    pub storage: Option<Value<Storage>>,
    /// The most that storage may grow to.
    pub max_storage: Option<Value<Storage>>,
    /// The type of storage.
    pub storage_type: &'static str,
    /// Whether a standby stands in another zone.
    pub multi_az: Value<bool>,
    /// Where it may stand.
    pub subnet_group: Option<Ref<DbSubnetGroup>>,
    /// The groups on it.
    pub groups: Vec<Ref<SecurityGroup>>,
    /// The engine's settings.
    pub parameter_group: Ref<DbParameterGroup>,
    /// How long automatic backups are kept; none for replicas.
    pub backup_retention: Option<Value<Days>>,
    /// When backups run.
    pub backup_window: Option<Value<String>>,
    /// When AWS may change it.
    pub maintenance_window: Option<Value<String>>,
    /// How long Performance Insights keeps its data; none means it is off.
    pub performance_insights: Option<Value<Days>>,
    /// How often Enhanced Monitoring measures, and the role that may send it.
    pub monitoring: Option<(Value<Seconds>, Ref<Role>)>,
    /// Whether minor versions are installed by themselves.
    pub auto_minor_version_upgrade: Value<bool>,
    /// Whether it refuses to be deleted.
    pub deletion_protection: Value<bool>,
    /// The logs it sends to CloudWatch.
    pub log_exports: Vec<&'static str>,
}
