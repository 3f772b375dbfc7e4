//! Describe AWS architectures in Rust; network mistakes are compile errors; emit CloudFormation or
//! Terraform.
//!
//! ```
//! use archgen::prelude::*;
//!
//! /// One service behind a load balancer.
//! #[architecture]
//! pub fn shop(env: Environment) -> Architecture {
//!     let network = vpc! {
//!         cidr: "10.0.0.0/16",
//!         zones: 2,
//!         subnets: { public: /24, private: /24 },
//!         nat: Single,
//!     };
//!     let cluster = ecs_cluster! { subnets: network.private };
//!     let web = ecs_service! {
//!         cluster: cluster,
//!         image: "public.ecr.aws/nginx/nginx:1.27",
//!         port: 8080,
//!         cpu: 256,
//!         memory: 512MB,
//!         tasks: match env { Environment::Production => 2, _ => 1 },
//!     };
//!     let edge = alb! { subnets: network.public, routes: ["/" => web] };
//! }
//!
//! let checked = archgen::check(&shop(Environment::Production)).expect("nothing to complain about");
//! let template = archgen::cloudformation::template(&checked);
//! assert!(template.json().contains("AWS::ECS::Service"));
//! ```
//!
//! | To do this | use |
//! |---|---|
//! | describe an architecture | the [`prelude`]: [`macro@architecture`] and the declaration macros |
//! | emit while building a crate | [`build::emit`] in `build.rs` |
//! | emit on the command line | the crate `archgen-cli`, with one line in `main` |
//! | check by hand | [`check`](fn@check), [`render`] |

#![deny(missing_docs)]

pub mod build;
mod declarations;
mod entry;
pub mod files;
pub mod lock;
pub mod prelude;
pub mod relation;
pub mod render;
pub mod validate;

pub use archgen_core as core;
pub use archgen_core::check::{Checked, check};
pub use archgen_core::{
    Architecture, ArchitectureBuilder, Code, Contribute, Diagnostic, Environment, Loc, Severity,
};
pub use archgen_macros::Options;
pub use archgen_targets::{Files, Target, capabilities, cloudformation, helm, read, terraform};
pub use declarations::*;
pub use entry::{Build, Entry, OptionError, OptionInfo, Options, no_options, set_options};
pub use lock::Lock;

/// What the macros' expansion names. Not for use by hand.
#[doc(hidden)]
pub mod __private {
    pub use archgen_core::build::*;
    pub use archgen_core::declare;
    pub use archgen_core::field::at;
    pub use archgen_core::loc::Loc;
    pub use archgen_core::node::Comparison;

    /// The enums whose variants are written as bare names.
    pub mod words {
        pub use archgen_core::declare::alb::{Clients, Scheme};
        pub use archgen_core::declare::cluster_addons::{PodPolicy, PolicyAction, PoolCapacity};
        pub use archgen_core::declare::ecs_cluster::FargateCapacity;
        pub use archgen_core::declare::eks_cluster::EndpointAccess;
        pub use archgen_core::declare::kms_key::KeyService;
        pub use archgen_core::declare::objectives::RegionFailure;
        pub use archgen_core::declare::param::ParamKind;
        pub use archgen_core::declare::vpc::{Ipv6, Nat, TierRoute};
        pub use archgen_core::metric_fields::WatchedMetric;
        pub use archgen_core::notify_fields::DeliveryProtocol;
        pub use archgen_core::resource::budgets::SpendingFigure;
        pub use archgen_core::resource::cloudfront::{Caching, PriceClass};
        pub use archgen_core::resource::cloudwatch::Statistic;
        pub use archgen_core::resource::ecs::{Architecture, Deployment};
        pub use archgen_core::resource::eks::{ClusterAccess, ClusterAddon, ControlPlaneLog};
        pub use archgen_core::resource::kubernetes::{PodSecurity, Spread};
        pub use archgen_core::resource::network::EndpointService;
        pub use archgen_core::resource::route53::RecordKind;
        pub use archgen_core::resource::s3::StorageClass;
        pub use archgen_core::resource::wafv2::{ManagedRuleSet, WebAclScope};
        pub use archgen_core::service_fields::{ScaleMetric, Volume};
        pub use archgen_core::tenant_fields::{ComputeIsolation, DatabaseIsolation, Sharing};
    }
}
