//! The macros of what keeps data.

/// A PostgreSQL database on RDS, encrypted.
///
/// `version` has its minor number, `"16.8"`; `class` is a class such as `"db.t4g.medium"`; `storage` is
/// `50GB..=200GB`, from 20 to 65536 GiB; `backups` are kept 0 to 35 days; windows are in UTC. `replicas`
/// (0 to 15) need backups. AWS makes, keeps and rotates the master password: `orders.secret` is its
/// secret, with user name and password, `orders.endpoint` the host name. Clients must use TLS unless
/// `force_tls: false`. Deletion protection is on unless said otherwise.
///
/// Derived: subnet group, parameter group, replicas, the monitoring role, and a security group that
/// lets in only what connects. Codes: `AG0208`, `AG0303`, `AG0501`, `AG0502` to `AG0505`, `AG0507`, `AG0508`.
/// AWS: [CreateDBInstance](https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html),
/// [storage](https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html).
///
/// ```
/// # use archgen::prelude::*;
/// #[architecture]
/// fn demo(env: Environment) -> Architecture {
///     let network = vpc! { cidr: "10.0.0.0/16", zones: 2, subnets: { database: /24 } };
///     let orders = rds_postgres! {
///         subnets: network.database,
///         version: "16.8",
///         class: "db.t4g.medium",
///         storage: 50GB..=200GB,
///         multi_az: env == Environment::Production,
///         backups: 7days,
///         parameters: { log_min_duration_statement: 1000 },
///     };
/// }
/// archgen::check(&demo(Environment::Production)).unwrap();
/// ```
pub use archgen_macros::rds_postgres;

/// A Redis cache on ElastiCache, encrypted where it is stored and on the way.
///
/// `node` is a type such as `"cache.t4g.small"`. `shards` is 1 to 500, more than one being cluster mode;
/// `replicas` of each shard 0 to 5. With a replica it fails over by itself, unless `failover: false`.
/// `snapshots` are kept 1 to 35 days; left out, there are none. Clients connect to `cache.endpoint` with
/// `rediss://`.
///
/// Derived: subnet group, parameter group, and a security group that lets in only what connects. Codes:
/// `AG0208`, `AG0303`, `AG0501`, `AG0503`, `AG0505`, `AG0506`, `AG0508`. AWS:
/// [CreateReplicationGroup](https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html).
///
/// ```
/// # use archgen::prelude::*;
/// #[architecture]
/// fn demo(env: Environment) -> Architecture {
///     let network = vpc! { cidr: "10.0.0.0/16", zones: 2, subnets: { database: /24 } };
///     let sessions = redis! {
///         subnets: network.database,
///         node: "cache.t4g.small",
///         replicas: 1,
///         snapshots: 5days,
///         parameters: { maxmemory_policy: "allkeys-lru" },
///     };
/// }
/// archgen::check(&demo(Environment::Production)).unwrap();
/// ```
pub use archgen_macros::redis;

/// An encrypted EFS file system with a mount target in every zone of its tier.
///
/// Services mount it with `volumes: ["/data" => files]`, over TLS and through an access point: `path` is
/// the folder they see, owned by `user`. AWS Backup copies it daily unless `backups: false`. Files move
/// to Infrequent Access after 1, 7, 14, 30, 60, 90, 180, 270 or 365 days without use, and `replicate_to`
/// keeps a copy in another Region, minutes behind.
///
/// Derived: mount targets, access point, a security group for NFS (2049) from the services that mount
/// it. Codes: `AG0007`, `AG0303`. AWS:
/// [replication](https://docs.aws.amazon.com/efs/latest/ug/efs-replication.html),
/// [lifecycle](https://docs.aws.amazon.com/efs/latest/ug/API_LifecyclePolicy.html).
///
/// ```
/// # use archgen::prelude::*;
/// #[architecture]
/// fn demo(env: Environment) -> Architecture {
///     let network = vpc! { cidr: "10.0.0.0/16", zones: 2, subnets: { private: /24 } };
///     let files = efs! {
///         subnets: network.private,
///         infrequent_access_after: 30days,
///         replicate_to: "us-west-2",
///     };
/// }
/// archgen::check(&demo(Environment::Production)).unwrap();
/// ```
pub use archgen_macros::efs;

/// A bucket that only its owner can use: private, encrypted, reached by TLS only.
///
/// Old versions are kept for 90 days unless `lifecycle` says otherwise or `versioning` is off.
/// `lifecycle` has rules `{ prefix: "logs/", transitions: { InfrequentAccess: 30days }, expire_after:
/// 365days }`, `intelligent_tiering` archives after 90 to 730 days, `replication` copies to a bucket in
/// another Region (`within: 15min` with AWS's promise), which needs versions.
///
/// Derived: the bucket's policy, the role that copies, what load balancers need to write their logs,
/// and, through `connect!`, what services may do with it. Codes: `AG0007`, `AG0107`, `AG0506`, `AG0509`.
/// AWS: [bucket names](https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html),
/// [replication](https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-requirements.html).
///
/// ```
/// # use archgen::prelude::*;
/// #[architecture]
/// fn demo(env: Environment) -> Architecture {
///     let documents = s3_bucket! {
///         lifecycle: [
///             { transitions: { InfrequentAccess: 30days, GlacierFlexibleRetrieval: 180days } },
///             { prefix: "tmp/", expire_after: 7days },
///         ],
///         replication: { bucket: "arn:aws:s3:::documents-replica", within: 15min },
///     };
/// }
/// archgen::check(&demo(Environment::Production)).unwrap();
/// ```
pub use archgen_macros::s3_bucket;

/// A secret. Its value never appears anywhere.
///
/// AWS makes a value up, of `generate` characters (32 unless said otherwise, 8 to 4096); where it must be
/// another, its owner puts it in after the deployment. `kms_key` is the ARN of a key, `replica_regions`
/// are Regions that hold a copy.
///
/// Derived: the right to read it for the services that name it in `secrets`, and for no other. Codes:
/// `AG0007`, `AG0107`. AWS:
/// [CreateSecret](https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html).
///
/// ```
/// # use archgen::prelude::*;
/// #[architecture]
/// fn demo(env: Environment) -> Architecture {
///     let signing_key = secret! { description: "Signs the tokens of the API", generate: 64 };
///     let api_keys = secret! {
///         description: "Keys of the payment provider",
///         replica_regions: ["us-west-2"],
///     };
/// }
/// archgen::check(&demo(Environment::Production)).unwrap();
/// ```
pub use archgen_macros::secret;

/// A private repository of container images on Amazon ECR.
///
/// Images are scanned when they are pushed, and a tag stays with its image, unless `scan_on_push` or
/// `immutable` is `false`. `keep: 50` keeps the newest images only; those that no tag is left on go after
/// `keep_untagged` (14 days). It is called `ARCHITECTURE-ENVIRONMENT/NAME` where `repository_name` is left
/// out. `ecs_service!` takes it in `image: Ecr { repository: images, tag: image_tag }`; `images.uri` is what
/// a pipeline pushes to.
///
/// Derived: the lifecycle policy, and for each service the right to pull from its repository and no other.
/// Codes: `AG0007`, `AG0107`, `AG0422`. AWS:
/// [CreateRepository](https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html),
/// [lifecycle](https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html).
///
/// ```
/// # use archgen::prelude::*;
/// #[architecture]
/// fn demo(env: Environment) -> Architecture {
///     let images = ecr_repository! { keep: 50, repository_name: "shop/backend" };
/// }
/// archgen::check(&demo(Environment::Production)).unwrap();
/// ```
pub use archgen_macros::ecr_repository;

/// Copies of databases, file systems and buckets by AWS Backup, in a vault of their own.
///
/// `stores` are copied `every: 4h` (1, 2, 3, 4, 6, 8, 12 or 24 hours), the first time a day at `at`
/// (`"01:30"` UTC, which lies outside the usual windows of databases), and each copy is kept for `keep`, 1 to
/// 36500 days. `copy_to` is the ARN of a vault in another Region or account, which must be there. A copy may
/// start as late as the next one is due: between two there may be more than `every`.
///
/// Derived: the vault, which outlives the deployment, the plan, and the role that copies; restoring needs
/// a role of its own. Codes: `AG0007`, `AG0107`, `AG0512` to `AG0514`; `objectives!` reads it. AWS:
/// [plans](https://docs.aws.amazon.com/aws-backup/latest/devguide/plan-options-and-configuration.html),
/// [what can be copied](https://docs.aws.amazon.com/aws-backup/latest/devguide/backup-feature-availability.html).
///
/// ```
/// # use archgen::prelude::*;
/// #[architecture]
/// fn demo(env: Environment) -> Architecture {
/// #   let network = vpc! { cidr: "10.0.0.0/16", zones: 2, subnets: { private: /24 } };
///     let files = efs! { subnets: network.private };
///     let documents = s3_bucket! {};
///     let copies = backup_plan! { stores: [files, documents], every: 4h, keep: 35days };
/// }
/// archgen::check(&demo(Environment::Production)).unwrap();
/// ```
pub use archgen_macros::backup_plan;

/// A symmetric key of AWS KMS, with an alias: what encrypts databases, buckets, secrets and logs.
///
/// Databases, caches, file systems, buckets, secrets and Kubernetes clusters have a field `kms_key`, which takes the key
/// itself, `kms_key: data`; elsewhere it is `data.arn`, `data.id`.
/// New key material is made every year, or every 90 to 2560 days by `rotation_period`, unless `rotation: false`. A key that
/// somebody deletes can be had back for `deletion_window`, 7 to 30 days (usual). `alias` is
/// `ARCHITECTURE-ENVIRONMENT-NAME` unless said otherwise.
///
/// | `services` | may use it for |
/// |---|---|
/// | `CloudWatchLogs` | log groups of this account and Region |
/// | `CloudWatchAlarms`, `EventBridge`, `Budgets` | publishing to encrypted topics of this account |
///
/// Derived: the key's policy, by which the account's own policies decide and the services above act for this account only;
/// the roles of services that use what it encrypts may use it. `users` may encrypt and decrypt besides:
/// `["role/analytics"]`. It is kept when the stack is deleted. Codes: `AG0007`, `AG0107`. AWS:
/// [key policies](https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html),
/// [rotation](https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html).
///
/// ```
/// # use archgen::prelude::*;
/// #[architecture]
/// fn demo(env: Environment) -> Architecture {
///     let data = kms_key! { description: "What the shop keeps", services: [CloudWatchLogs] };
///     let tokens = secret! { description: "Tokens of the payment provider", kms_key: data };
///     let documents = s3_bucket! { kms_key: data };
/// }
/// archgen::check(&demo(Environment::Production)).unwrap();
/// ```
pub use archgen_macros::kms_key;

/// A value that is given when deploying: a CloudFormation parameter.
///
/// `kind` is `Text` (usual), `Number`, `TopicArn`, `HostedZoneId`, `VpcId` or `Cidr`; `default` is used
/// where none is given; `allowed` are the values it may have. Wherever a text field takes it, checks
/// that need the value wait for the deployment.
///
/// Codes: `AG0004` where a field decides what is made and so cannot be a parameter, `AG0007`. AWS:
/// [Parameters](https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html).
///
/// ```
/// # use archgen::prelude::*;
/// #[architecture]
/// fn demo(env: Environment) -> Architecture {
///     let domain = param! { description: "The domain of the shop" };
///     let level = param! { default: "INFO", allowed: ["DEBUG", "INFO"], description: "How much is logged" };
///     let certificate = certificate! { domain: domain };
/// #   let network = vpc! { cidr: "10.0.0.0/16", zones: 2, subnets: { public: /24, private: /24 }, nat: Single };
/// #   let cluster = ecs_cluster! { subnets: network.private };
///     let api = ecs_service! {
///         cluster: cluster, image: "example/api:1", cpu: 256, memory: 512MB,
///         environment: { LOG_LEVEL: level },
///     };
/// }
/// archgen::check(&demo(Environment::Production)).unwrap();
/// ```
pub use archgen_macros::param;
