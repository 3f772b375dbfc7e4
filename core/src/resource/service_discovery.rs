//! Names by which services find each other.

use super::Ref;
use super::network::Vpc;
use crate::types::Seconds;
use crate::value::Value;

/// A private DNS zone of a VPC.
#[derive(Clone, Debug, PartialEq)]
pub struct PrivateDnsNamespace {
    /// Its domain.
    pub name: Value<String>,
    /// The VPC.
    pub vpc: Ref<Vpc>,
}

/// A name in a zone, with an A record for each task.
#[derive(Clone, Debug, PartialEq)]
pub struct DiscoveryService {
    /// The zone.
    pub namespace: Ref<PrivateDnsNamespace>,
    /// The name.
    pub name: Value<String>,
    /// How long clients may keep an answer.
    pub ttl: Seconds,
}
