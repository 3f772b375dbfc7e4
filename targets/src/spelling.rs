//! What every target spells alike: AWS's own words, formulas and the layout of documents.

use archgen_core::node::Comparison;
use archgen_core::resource::ResourceId;
use archgen_core::resource::route53::TXT_STRING;

/// The share of `part` in `whole` in percent. Neither metric has a value in a period without requests.
///
/// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html>
pub(crate) const SHARE: &str = "IF(FILL(whole, 0) > 0, 100 * FILL(part, 0) / FILL(whole, 1), 0)";

/// The length of the periods that graphs of a dashboard show, in seconds.
pub(crate) const GRAPH_PERIOD: u32 = 60;

/// The width and height of a graph of a dashboard: the page is 24 wide, so two stand in a row.
pub(crate) const GRAPH_SIZE: (u32, u32) = (12, 6);

/// The name of the one rule of a backup plan.
pub(crate) const BACKUP_RULE: &str = "copies";

/// The name of what a backup plan copies.
pub(crate) const BACKUP_SELECTION: &str = "stores";

/// What the rules of a repository say that they do.
pub(crate) const IMAGES_UNTAGGED: &str = "Images that no tag is left on";
/// See [`IMAGES_UNTAGGED`].
pub(crate) const IMAGES_TOO_MANY: &str = "All but the newest images";

/// Where the graph with this number stands on its dashboard.
pub(crate) const fn graph_position(index: u32) -> (u32, u32) {
    (index % 2 * GRAPH_SIZE.0, index / 2 * GRAPH_SIZE.1)
}

/// The name of the one target of a rule of EventBridge.
pub(crate) const TARGET_ID: &str = "queue";

/// How an alarm compares, in CloudWatch's words.
pub(crate) const fn comparison(it: Comparison) -> &'static str {
    match it {
        Comparison::Greater => "GreaterThanThreshold",
        Comparison::GreaterOrEqual => "GreaterThanOrEqualToThreshold",
        Comparison::Less => "LessThanThreshold",
        Comparison::LessOrEqual => "LessThanOrEqualToThreshold",
    }
}

/// What an alarm takes a period without values for, in CloudWatch's words.
pub(crate) const fn missing_data(is_breaching: bool) -> &'static str {
    if is_breaching { "breaching" } else { "notBreaching" }
}

/// EFS's word for a number of days.
///
/// <https://docs.aws.amazon.com/efs/latest/ug/API_LifecyclePolicy.html>
pub(crate) fn after_days(days: u32) -> String {
    format!("AFTER_{days}_DAY{}", if days == 1 { "" } else { "S" })
}

/// The name of the rule by which a bucket copies all its objects.
pub(crate) const COPY_EVERYTHING: &str = "everything";

/// The name of a bucket's configuration of S3 Intelligent-Tiering.
pub(crate) const ARCHIVE: &str = "archive";

/// Why a distribution with a certificate is made in one Region.
pub(crate) const CERTIFICATES_OF_CLOUDFRONT: &str =
    "CloudFront takes certificates of us-east-1 only: deploy this architecture there.";

/// Why a web ACL of distributions is made in one Region.
pub(crate) const WEB_ACLS_OF_CLOUDFRONT: &str =
    "AWS WAF keeps web ACLs of CloudFront in us-east-1: deploy this architecture there.";

/// The least that clients of a distribution must speak.
pub(crate) const VIEWER_TLS: &str = "TLSv1.2_2021";

/// What a distribution speaks to its origin: the newest that CloudFront offers there.
pub(crate) const ORIGIN_TLS: &str = "TLSv1.2";

/// The methods of HTTP that read.
pub(crate) const READING_METHODS: &[&str] = &["GET", "HEAD"];

/// The methods of HTTP that a distribution hands on to a load balancer: all that it can.
pub(crate) const ORIGIN_METHODS: &[&str] =
    &["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"];

/// The strings of a TXT record, 255 characters each, without the first and the last quote.
pub(crate) fn txt_strings(text: &str) -> String {
    let text: Vec<char> = text.chars().collect();
    let strings: Vec<String> = text.chunks(TXT_STRING).map(|it| it.iter().collect()).collect();
    strings.join("\" \"")
}

/// The `Name` tag of what has this name in `architecture-environment`.
///
/// Letters, digits, spaces and `+-=._:/@`, 256 at most:
/// <https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html>
pub(crate) fn name_tag(stem: &str, id: &ResourceId) -> String {
    let name = format!("{stem}/{}", id.as_str().replace('.', "/"));
    let allowed = |it: char| it.is_ascii_alphanumeric() || " +-=._:/@".contains(it);
    name.chars().map(|it| if allowed(it) { it } else { '-' }).take(256).collect()
}
