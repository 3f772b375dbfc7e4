//! `cloudfront!`: the distribution, and what lets it read a bucket.

use super::load_balancer::load_balancer_id;
use super::{Lower, attribute};
use crate::architecture::Architecture;
use crate::declare::cloudfront::CloudFrontOrigin;
use crate::declare::param::ParamKind;
use crate::declare::{CloudFront, Meta};
use crate::field::Field;
use crate::loc::Loc;
use crate::resource::cloudfront::{Caching, DistributionOrigin};
use crate::resource::iam::{Condition, Principal, Statement};
use crate::resource::{
    Attribute, Distribution, OriginAccessControl, Parameter, PrefixList, Ref, ResourceId, gateways,
};
use crate::value::{Part, Pseudo, Text, Value};

/// The service that reads buckets and keys for distributions.
const CLOUDFRONT: &str = "cloudfront.amazonaws.com";

/// The most characters of the name of an origin access control.
/// <https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_OriginAccessControlConfig.html>
const NAME_LIMIT: usize = 64;

/// The distribution of a `cloudfront!`.
pub fn distribution_id(name: &str) -> Ref<Distribution> {
    Ref::new(ResourceId::new(&[name, "distribution"]))
}

/// The ARN of a distribution, or of all of the account.
fn arn(identifier: Text) -> Text {
    Text::literal("arn:")
        .then(Text::pseudo(Pseudo::Partition))
        .then(":cloudfront::")
        .then(Text::pseudo(Pseudo::AccountId))
        .then(":distribution/")
        .then(identifier)
}

/// The ARN of the distribution of a `cloudfront!`.
pub fn distribution_arn(name: &str) -> Text {
    arn(distribution_id(name).attribute(Attribute::Id))
}

/// Lowers a distribution.
pub fn lower_distribution(it: &CloudFront, cx: &mut Lower<'_>) {
    let meta = &it.meta;
    let name = meta.name.as_str();
    let Some(origin) = it.origin.literal() else { return };
    let (origin, usual) = match origin {
        CloudFrontOrigin::Alb(alb) => {
            let https = cx.architecture.get::<crate::declare::Alb>(&alb.name);
            let https = https.is_some_and(|it| it.certificate.is_some());
            let balancer = load_balancer_id(&alb.name);
            (DistributionOrigin::LoadBalancer { balancer, https }, Caching::Disabled)
        }
        CloudFrontOrigin::Bucket(bucket) => {
            let stem = format!("{}-{}", cx.stem(), meta.identity().replace('_', "-"));
            let named: String = stem.chars().take(NAME_LIMIT).collect();
            let access = OriginAccessControl { name: Text::literal(named) };
            let access = cx.add(meta, &[name, "origin_access_control"], access);
            let bucket = Ref::new(ResourceId::new(&[&bucket.name, "bucket"]));
            (DistributionOrigin::Bucket { bucket, access }, Caching::Optimized)
        }
    };
    let aliases = it.aliases.as_ref().and_then(Field::literal).into_iter().flatten();
    let certificate = it.certificate.as_ref().map(|it| match &it.value {
        Value::Literal(it) => attribute(&[&it.name, "certificate"], Attribute::Arn),
        Value::Parameter(name) => Text::parameter(name.clone()),
        Value::Unknown => Text::unknown(),
    });
    let distribution = Distribution {
        comment: Text::literal(format!("{} of {}", meta.identity(), cx.stem())),
        aliases: aliases.map(|it| cx.field_text(it)).collect(),
        certificate,
        origin,
        caching: it.caching.as_ref().map_or(Value::Literal(usual), |it| it.value.clone()),
        price_class: it.price_class.value.clone(),
        default_root_object: it.default_root_object.as_ref().map(|it| it.value.clone()),
        web_acl: super::web_acl::of_distribution(cx.architecture, name),
    };
    let distribution = cx.add(meta, &[name, "distribution"], distribution);
    cx.output(
        &[name, "domain_name"],
        format!("The domain of the distribution {name}"),
        distribution.attribute(Attribute::DnsName),
    );
    cx.output(
        &[name, "id"],
        format!("The identifier of the distribution {name}, for invalidations"),
        distribution.attribute(Attribute::Id),
    );
}

/// The distributions that serve a bucket.
fn of_bucket<'a>(architecture: &'a Architecture, bucket: &str) -> Vec<&'a CloudFront> {
    let serves = |it: &&CloudFront| matches!(it.origin.literal(), Some(CloudFrontOrigin::Bucket(it)) if it.name == bucket);
    architecture.all::<CloudFront>().filter(serves).collect()
}

/// What distributions may do with a bucket: read its objects, each distribution by its own ARN.
/// <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html>
pub fn bucket_statement(bucket: &str, arn: &Text, cx: &Lower<'_>) -> Option<Statement> {
    let readers = of_bucket(cx.architecture, bucket);
    let conditions: Vec<Condition> = readers
        .iter()
        .map(|it| Condition {
            operator: "StringEquals",
            key: "aws:SourceArn",
            value: distribution_arn(&it.meta.name),
        })
        .collect();
    (!conditions.is_empty()).then(|| Statement {
        principal: Some(Principal::Service(CLOUDFRONT)),
        conditions,
        ..Statement::allow("AllowDistributions", &["s3:GetObject"], vec![arn.clone().then("/*")])
    })
}

/// What distributions may do with a key: decrypt what they read from buckets under it. The distribution itself cannot
/// be named: it needs the bucket, and the bucket the key.
pub fn key_statement(key: &str, cx: &Lower<'_>) -> Option<Statement> {
    let names_key = |it: &Text| {
        it.0.iter().any(|it| {
            matches!(it, Part::Member(it) if it.kind == crate::declare::Kind::KmsKey && it.name == key)
        })
    };
    let encrypted = cx
        .architecture
        .all::<crate::declare::S3Bucket>()
        .filter(|it| it.kms_key.as_ref().and_then(Field::literal).is_some_and(names_key));
    let mut served = encrypted.filter(|it| !of_bucket(cx.architecture, &it.meta.name).is_empty());
    served.next()?;
    Some(Statement {
        principal: Some(Principal::Service(CLOUDFRONT)),
        conditions: vec![Condition {
            operator: "ArnLike",
            key: "aws:SourceArn",
            value: arn(Text::literal("*")),
        }],
        ..Statement::allow("AllowDistributions", &["kms:Decrypt"], vec![Text::literal("*")])
    })
}

impl Lower<'_> {
    /// The list of CloudFront's addresses that AWS keeps, which templates name by an identifier that each Region has
    /// of its own.
    pub fn cloudfront_addresses(&mut self, meta: &Meta) -> Ref<PrefixList> {
        self.parameter(Parameter {
            name: gateways::CLOUDFRONT_PARAMETER.to_string(),
            description: Some(format!(
                "The identifier of the prefix list {} in the Region of deployment; given that of us-east-1",
                gateways::CLOUDFRONT_LIST
            )),
            kind: ParamKind::Text,
            default: Some(gateways::CLOUDFRONT_LIST_US_EAST_1.to_string()),
            allowed: Vec::new(),
            loc: Loc::NONE,
        });
        self.add(meta, &[gateways::CLOUDFRONT_LIST_NAME], gateways::cloudfront_list())
    }
}
