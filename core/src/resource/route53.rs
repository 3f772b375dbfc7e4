//! DNS zones and records of Amazon Route 53.

use super::Ref;
use crate::types::{Count, Seconds};
use crate::value::{Text, Value};

/// A public DNS zone.
#[derive(Clone, Debug, PartialEq)]
pub struct HostedZone {
    /// The domain.
    pub domain: Text,
    /// What it is for.
    pub comment: Text,
}

crate::words! {
    /// The type of a record.
    RecordKind: "types of records" {
        /// IPv4 addresses.
        A = "A",
        /// IPv6 addresses.
        Aaaa = "AAAA",
        /// Certificate authorities that may issue certificates.
        Caa = "CAA",
        /// Another name, which answers instead.
        Cname = "CNAME",
        /// Mail servers.
        Mx = "MX",
        /// The name servers of a zone below.
        Ns = "NS",
        /// Services by port.
        Srv = "SRV",
        /// Text.
        Txt = "TXT",
    }
}

/// A record of a zone.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordSet {
    /// The zone.
    pub zone: Ref<HostedZone>,
    /// The whole name.
    pub name: Text,
    /// The type.
    pub kind: Value<RecordKind>,
    /// What it answers.
    pub answer: RecordAnswer,
    /// Its share among records of the same name and type, and its name among them.
    pub weight: Option<(Value<Count>, String)>,
}

/// What a record answers.
#[derive(Clone, Debug, PartialEq)]
pub enum RecordAnswer {
    /// What something of AWS answers.
    Alias {
        /// Its DNS name.
        dns_name: Text,
        /// The hosted zone of that name.
        hosted_zone: Text,
        /// Whether it is left out while it is not healthy.
        evaluate_health: bool,
    },
    /// These values.
    Values {
        /// The values.
        values: Vec<Text>,
        /// How long resolvers keep them.
        ttl: Value<Seconds>,
    },
}

/// The most characters of one string of a TXT record.
/// <https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/ResourceRecordTypes.html#TXTFormat>
pub const TXT_STRING: usize = 255;
