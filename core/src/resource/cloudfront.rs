//! Distributions of Amazon CloudFront.

use super::Ref;
use super::elb::LoadBalancer;
use super::s3::Bucket;
use super::wafv2::WebAcl;
use crate::value::{Text, Value};

/// The hosted zone of every distribution's domain, for alias records.
/// <https://docs.aws.amazon.com/Route53/latest/APIReference/API_AliasTarget.html>
pub const HOSTED_ZONE: &str = "Z2FDTNDATAQYW2";

/// AWS's origin request policy that hands on everything that a viewer sends, the host it asks for included.
/// <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-origin-request-policies.html>
pub const ALL_VIEWER: &str = "216adef6-5c7f-47e4-b989-5492eafa07d3";

/// AWS's response headers policy: HSTS, no sniffing, no frames of others, a strict referrer.
/// <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-response-headers-policies.html>
pub const SECURITY_HEADERS: &str = "67f7725c-6f97-4210-82d7-5512b31e9d03";

crate::words! {
    /// What is kept at the edge: AWS's cache policies by their identifiers.
    /// <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html>
    Caching: "caching" {
        /// Nothing.
        Disabled = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
        /// What the path alone tells apart, for a day unless the origin says otherwise.
        Optimized = "658327ea-f89d-4fab-a63d-7e88639e58f6",
        /// What the origin's `Cache-Control` says.
        OriginHeaders = "83da9c7e-98b4-4e11-a168-04f0df8e2c65",
    }
}

crate::words! {
    /// Which edge locations serve a distribution.
    PriceClass: "price classes" {
        /// Every one.
        All = "PriceClass_All",
        /// All but the most expensive ones.
        Class200 = "PriceClass_200",
        /// North America, Europe and Israel.
        Class100 = "PriceClass_100",
    }
}

/// A distribution.
#[derive(Clone, Debug, PartialEq)]
pub struct Distribution {
    /// What it is for.
    pub comment: Text,
    /// The domains it is for beside its own.
    pub aliases: Vec<Text>,
    /// The ARN of the certificate of these domains; none means CloudFront's own.
    pub certificate: Option<Text>,
    /// Where it gets what it serves.
    pub origin: DistributionOrigin,
    /// What is kept at the edge.
    pub caching: Value<Caching>,
    /// Which edge locations serve it.
    pub price_class: Value<PriceClass>,
    /// The object that answers requests for `/`.
    pub default_root_object: Option<Value<String>>,
    /// What decides which requests are let through.
    pub web_acl: Option<Ref<WebAcl>>,
}

impl Distribution {
    /// Whether it can only be made in us-east-1: CloudFront takes certificates from no other Region.
    /// <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cnames-and-https-requirements.html>
    pub const fn needs_us_east_1(&self) -> bool {
        self.certificate.is_some()
    }
}

/// Where a distribution gets what it serves.
#[derive(Clone, Debug, PartialEq)]
pub enum DistributionOrigin {
    /// A load balancer, by HTTPS if it has a certificate.
    LoadBalancer {
        /// The load balancer.
        balancer: Ref<LoadBalancer>,
        /// Whether it is asked by HTTPS.
        https: bool,
    },
    /// A bucket.
    Bucket {
        /// The bucket.
        bucket: Ref<Bucket>,
        /// How the distribution signs its requests.
        access: Ref<OriginAccessControl>,
    },
}

impl DistributionOrigin {
    /// Its name within the distribution.
    pub const fn name(&self) -> &'static str {
        match self {
            DistributionOrigin::LoadBalancer { .. } => "load-balancer",
            DistributionOrigin::Bucket { .. } => "bucket",
        }
    }
}

/// How distributions sign their requests to a bucket.
#[derive(Clone, Debug, PartialEq)]
pub struct OriginAccessControl {
    /// Its physical name, 64 characters at most.
    pub name: Text,
}
