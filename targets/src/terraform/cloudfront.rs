//! Distributions of CloudFront.

use archgen_core::resource::Attribute;
use archgen_core::resource::Resource;
use archgen_core::resource::cloudfront::{
    ALL_VIEWER, Distribution, DistributionOrigin, OriginAccessControl, SECURITY_HEADERS,
};
use archgen_core::value::Pseudo;

use super::expr::{Expr, Object};
use super::module::Module;
use super::writer::{Writer, map_value, optional, pseudo};
use crate::spelling::{
    CERTIFICATES_OF_CLOUDFRONT, ORIGIN_METHODS, ORIGIN_TLS, READING_METHODS, VIEWER_TLS,
};

impl Writer<'_> {
    pub(super) fn distribution(&self, resource: &Resource, it: &Distribution, out: &mut Module) {
        let certificate = match &it.certificate {
            Some(arn) => Object::new()
                .with("acm_certificate_arn", self.text(arn))
                .with("minimum_protocol_version", VIEWER_TLS)
                .with("ssl_support_method", "sni-only"),
            None => Object::new().with("cloudfront_default_certificate", true),
        };
        let open = Object::new().with("restriction_type", "none");
        let body = Object::new()
            .list("aliases", self.texts(&it.aliases))
            .with("comment", self.text(&it.comment))
            .with("default_cache_behavior", self.behavior(it))
            .maybe("default_root_object", optional(it.default_root_object.as_ref()))
            .with("enabled", true)
            .with("http_version", "http2and3")
            .with("is_ipv6_enabled", true)
            .with("origin", self.origin(&it.origin))
            .with("price_class", map_value(&it.price_class, |it| Expr::from(it.as_str())))
            .with("restrictions", Object::new().with("geo_restriction", open))
            .with("tags", self.tags(resource))
            .with("viewer_certificate", certificate)
            .maybe("web_acl_id", it.web_acl.as_ref().map(|it| self.arn(it)));
        let mut block = self.block(resource, body);
        if it.needs_us_east_1() {
            let region = Box::new(pseudo(Pseudo::Region));
            let condition = Expr::Compare(region, "==", Box::new(Expr::from("us-east-1")));
            let why = CERTIFICATES_OF_CLOUDFRONT.to_string();
            block.lifecycle.preconditions.push((condition, why));
        }
        out.add(block);
    }

    fn behavior(&self, it: &Distribution) -> Object {
        let list = |all: &[&str]| -> Vec<Expr> { all.iter().map(|it| Expr::from(*it)).collect() };
        let (methods, requests) = match &it.origin {
            DistributionOrigin::LoadBalancer { .. } => (ORIGIN_METHODS, Some(ALL_VIEWER)),
            DistributionOrigin::Bucket { .. } => (READING_METHODS, None),
        };
        Object::new()
            .with("allowed_methods", list(methods))
            .with("cache_policy_id", map_value(&it.caching, |it| Expr::from(it.as_str())))
            .with("cached_methods", list(READING_METHODS))
            .with("compress", true)
            .maybe("origin_request_policy_id", requests)
            .with("response_headers_policy_id", SECURITY_HEADERS)
            .with("target_origin_id", it.origin.name())
            .with("viewer_protocol_policy", "redirect-to-https")
    }

    fn origin(&self, it: &DistributionOrigin) -> Object {
        match it {
            DistributionOrigin::LoadBalancer { balancer, https } => {
                let custom = Object::new()
                    .with("http_port", 80_u16)
                    .with("https_port", 443_u16)
                    .with("origin_protocol_policy", if *https { "https-only" } else { "http-only" })
                    .with("origin_ssl_protocols", vec![Expr::from(ORIGIN_TLS)]);
                Object::new()
                    .with("custom_origin_config", custom)
                    .with("domain_name", self.attribute(balancer.id(), Attribute::DnsName))
                    .with("origin_id", it.name())
            }
            DistributionOrigin::Bucket { bucket, access } => Object::new()
                .with("domain_name", self.attribute(bucket.id(), Attribute::RegionalDomainName))
                .with("origin_access_control_id", self.id(access))
                .with("origin_id", it.name()),
        }
    }

    pub(super) fn origin_access_control(
        &self,
        resource: &Resource,
        it: &OriginAccessControl,
        out: &mut Module,
    ) {
        let body = Object::new()
            .with("name", self.text(&it.name))
            .with("origin_access_control_origin_type", "s3")
            .with("signing_behavior", "always")
            .with("signing_protocol", "sigv4");
        out.add(self.block(resource, body));
    }
}
