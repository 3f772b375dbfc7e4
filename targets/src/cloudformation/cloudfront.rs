//! Distributions of CloudFront.

use archgen_core::resource::Attribute;
use archgen_core::resource::Resource;
use archgen_core::resource::cloudfront::{
    ALL_VIEWER, Distribution, DistributionOrigin, OriginAccessControl, SECURITY_HEADERS,
};

use super::expr::{Expr, Object};
use super::writer::{Writer, map_value, optional};
use crate::spelling::{ORIGIN_METHODS, ORIGIN_TLS, READING_METHODS, VIEWER_TLS};

impl Writer<'_> {
    pub(super) fn distribution(&self, resource: &Resource, it: &Distribution) -> Object {
        let certificate = match &it.certificate {
            Some(arn) => Object::new()
                .with("AcmCertificateArn", self.text(arn))
                .with("MinimumProtocolVersion", VIEWER_TLS)
                .with("SslSupportMethod", "sni-only"),
            None => Object::new().with("CloudFrontDefaultCertificate", true),
        };
        let open = Object::new().with("RestrictionType", "none");
        let config = Object::new()
            .list("Aliases", self.texts(&it.aliases))
            .with("Comment", self.text(&it.comment))
            .with("DefaultCacheBehavior", self.behavior(it))
            .maybe("DefaultRootObject", optional(it.default_root_object.as_ref()))
            .with("Enabled", true)
            .with("HttpVersion", "http2and3")
            .with("IPV6Enabled", true)
            .with("Origins", vec![self.origin(&it.origin)])
            .with("PriceClass", map_value(&it.price_class, |it| Expr::from(it.as_str())))
            .with("Restrictions", Object::new().with("GeoRestriction", open))
            .with("ViewerCertificate", certificate)
            .maybe("WebACLId", it.web_acl.as_ref().map(|it| self.arn(it)));
        Object::new().with("DistributionConfig", config).with("Tags", self.tags(resource))
    }

    fn behavior(&self, it: &Distribution) -> Object {
        let list = |all: &[&str]| -> Vec<Expr> { all.iter().map(|it| Expr::from(*it)).collect() };
        let (methods, requests) = match &it.origin {
            DistributionOrigin::LoadBalancer { .. } => (ORIGIN_METHODS, Some(ALL_VIEWER)),
            DistributionOrigin::Bucket { .. } => (READING_METHODS, None),
        };
        Object::new()
            .with("AllowedMethods", list(methods))
            .with("CachePolicyId", map_value(&it.caching, |it| Expr::from(it.as_str())))
            .with("CachedMethods", list(READING_METHODS))
            .with("Compress", true)
            .maybe("OriginRequestPolicyId", requests)
            .with("ResponseHeadersPolicyId", SECURITY_HEADERS)
            .with("TargetOriginId", it.origin.name())
            .with("ViewerProtocolPolicy", "redirect-to-https")
    }

    fn origin(&self, it: &DistributionOrigin) -> Expr {
        let all = Object::new().with("Id", it.name());
        match it {
            DistributionOrigin::LoadBalancer { balancer, https } => {
                let custom = Object::new()
                    .with("HTTPPort", 80_u16)
                    .with("HTTPSPort", 443_u16)
                    .with("OriginProtocolPolicy", if *https { "https-only" } else { "http-only" })
                    .with("OriginSSLProtocols", vec![Expr::from(ORIGIN_TLS)]);
                all.with("CustomOriginConfig", custom)
                    .with("DomainName", self.attribute(balancer.id(), Attribute::DnsName))
            }
            DistributionOrigin::Bucket { bucket, access } => all
                .with("DomainName", self.attribute(bucket.id(), Attribute::RegionalDomainName))
                .with("OriginAccessControlId", self.id(access))
                // What there was before origin access control; without it CloudFront takes no bucket.
                .with("S3OriginConfig", Object::new().with("OriginAccessIdentity", "")),
        }
        .into()
    }

    pub(super) fn origin_access_control(&self, it: &OriginAccessControl) -> Object {
        let config = Object::new()
            .with("Name", self.text(&it.name))
            .with("OriginAccessControlOriginType", "s3")
            .with("SigningBehavior", "always")
            .with("SigningProtocol", "sigv4");
        Object::new().with("OriginAccessControlConfig", config)
    }
}
