//! `dns_record!`: a record of a hosted zone.

use crate::check::{Context, dns as checks};
use crate::declare::HostedZone;
use crate::field::{DeclarationRef, List};
use crate::lower::{Lower, dns};
use crate::resource::route53::RecordKind;
use crate::types::{Count, Seconds};
use crate::value::Text;

/// How long resolvers keep an answer where the author says nothing.
const TTL: Seconds = Seconds(300);

crate::one_of! {
    /// What a record leads to.
    RecordTarget: "a load balancer or a CloudFront distribution" {
        /// An `alb!`.
        Alb(Alb),
        /// A `cloudfront!`.
        CloudFront(CloudFront),
    }
}

crate::declaration! {
    /// A record of a zone: an alias of something declared (`to`), or one with values of its own (`kind` and
    /// `values`).
    untagged DnsRecord DnsRecordBuilder {
        /// The zone it stands in.
        required zone: DeclarationRef<HostedZone> = "zone";
        /// The whole name, in the zone's domain; left out, the zone's domain itself.
        optional domain: Text;
        /// What the name leads to: an alias, which costs nothing and follows its addresses.
        optional to: RecordTarget;
        /// The type of a record with values.
        optional kind: RecordKind;
        /// The values, as the type has them: `["10 mail.example.com"]`. Text needs no quotes.
        optional values: List<Text>;
        /// How long resolvers keep the values.
        default ttl: Seconds = TTL;
        /// Its share among the records of the same name and type, 0 to 255; left out, there is one such record.
        optional weight: Count;
    } members DnsRecordMembers {}
}

impl DnsRecord {
    /// Checks the declaration's own limits.
    pub fn check(&self, cx: &mut Context<'_>) {
        checks::check_record(self, cx);
    }

    /// Lowers it into resources.
    pub fn lower(&self, cx: &mut Lower<'_>) {
        dns::lower_record(self, cx);
    }
}
