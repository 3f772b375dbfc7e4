//! `redis!`: a Redis cache on ElastiCache.

use crate::check::{Context, cache as checks};
use crate::declare::SecurityGroup;
use crate::field::{DeclarationRef, List, Map, TierRef};
use crate::lower::{Lower, cache};
use crate::types::{Count, Days};
use crate::value::Text;

crate::declaration! {
    /// A Redis cache, encrypted where it is stored and on the way.
    Redis RedisBuilder {
        /// The tier it stands in.
        required subnets: TierRef = "network.database";
        /// The node type, such as `cache.t4g.small`.
        required node: String = "\"cache.t4g.small\"";
        /// The engine's version; it decides the parameter group, so it cannot be a parameter.
        default version: String = "7.1".to_string();
        /// The number of shards, 1 to 500; more than one means cluster mode, so it cannot be a parameter.
        default shards: Count = Count(1);
        /// The number of replicas of each shard, 0 to 5.
        default replicas: Count = Count(0);
        /// Whether a replica takes over by itself, from another zone; needs a replica. Left out, it does
        /// where there is a replica. Cluster mode always fails over.
        optional failover: bool;
        /// Whether data is encrypted where it is stored.
        default encryption_at_rest: bool = true;
        /// Whether data is encrypted on the way; clients then connect with `rediss://`.
        default encryption_in_transit: bool = true;
        /// How long daily snapshots are kept, 1 to 35 days; left out, there are none.
        optional snapshots: Days;
        /// When snapshots are taken, in UTC: `"03:00-04:00"`.
        optional snapshot_window: String;
        /// When AWS may change it, in UTC: `"sun:05:00-sun:06:00"`.
        optional maintenance_window: String;
        /// Settings of the engine, with `_` where Redis has `-`: `{ maxmemory_policy: "allkeys-lru" }`.
        optional parameters: Map<Text>;
        /// Its physical name in AWS: 1 to 40 lower-case letters, digits and hyphens.
        optional identifier: String;
        /// The ARN of the KMS key that encrypts it; left out, AWS's own. Another key makes another cache.
        optional kms_key: Text;
        /// Groups that the team wrote; left out, archgen derives one.
        optional security_groups: List<DeclarationRef<SecurityGroup>>;
    } members RedisMembers {
        /// The host name for reading and writing.
        endpoint;
        /// The port.
        port;
    }
}

impl Redis {
    /// Checks the declaration's own limits.
    pub fn check(&self, cx: &mut Context<'_>) {
        checks::check(self, cx);
    }

    /// Lowers it into resources.
    pub fn lower(&self, cx: &mut Lower<'_>) {
        cache::lower(self, cx);
    }
}
