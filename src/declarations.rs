//! The macros with their documentation: here, where examples can use the whole crate.

pub use archgen_macros::alarm;
pub use archgen_macros::alb;
pub use archgen_macros::allow;
pub use archgen_macros::architecture;
pub use archgen_macros::certificate;
pub use archgen_macros::connect;
pub use archgen_macros::dashboard;
pub use archgen_macros::deny;
pub use archgen_macros::ecs_cluster;
pub use archgen_macros::ecs_service;
pub use archgen_macros::efs;
pub use archgen_macros::network_acl;
pub use archgen_macros::objectives;
pub use archgen_macros::param;
pub use archgen_macros::rds_postgres;
pub use archgen_macros::redis;
pub use archgen_macros::s3_bucket;
pub use archgen_macros::secret;
pub use archgen_macros::security_group;
pub use archgen_macros::vpc;
pub use archgen_macros::vpc_peering;
