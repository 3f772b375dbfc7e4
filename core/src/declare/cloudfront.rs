//! `cloudfront!`: a distribution of Amazon CloudFront.

use crate::check::{Context, cloudfront as checks};
use crate::declare::Certificate;
use crate::field::{DeclarationRef, List};
use crate::lower::{Lower, cloudfront};
use crate::resource::cloudfront::{Caching, PriceClass};
use crate::value::Text;

crate::one_of! {
    /// Where a distribution gets its content.
    CloudFrontOrigin: "a load balancer or an S3 bucket" {
        /// An `alb!`.
        Alb(Alb),
        /// An `s3_bucket!`, which nobody else reads.
        Bucket(S3Bucket),
    }
}

crate::declaration! {
    /// A distribution: HTTPS by TLS 1.2 at least, HTTP/2 and HTTP/3, IPv4 and IPv6, with AWS's security headers.
    CloudFront CloudFrontBuilder {
        /// Where it gets what it serves: a load balancer or a bucket.
        required origin: CloudFrontOrigin = "edge";
        /// The domains it is for, up to 100; left out, it has only its own at cloudfront.net.
        optional aliases: List<Text>;
        /// The certificate of its aliases. It must be in us-east-1, and so must the stack.
        optional certificate: DeclarationRef<Certificate>;
        /// What is kept at the edge: `Disabled` (usual before a load balancer), `Optimized` (usual before a bucket)
        /// or `OriginHeaders`, as the origin's `Cache-Control` says.
        optional caching: Caching;
        /// Which edge locations serve it: `All`, `Class200` without the most expensive ones, `Class100` with North
        /// America, Europe and Israel.
        default price_class: PriceClass = PriceClass::All;
        /// The object that answers requests for `/`, such as `index.html`.
        optional default_root_object: String;
    } members CloudFrontMembers {
        /// The domain at cloudfront.net.
        domain_name;
        /// The identifier.
        id;
        /// The Amazon Resource Name.
        arn;
    }
}

impl CloudFront {
    /// Checks the declaration's own limits.
    pub fn check(&self, cx: &mut Context<'_>) {
        checks::check(self, cx);
    }

    /// Lowers it into resources.
    pub fn lower(&self, cx: &mut Lower<'_>) {
        cloudfront::lower_distribution(self, cx);
    }
}
