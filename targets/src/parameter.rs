//! The patterns of what is given when deploying, decided once for every target.

use archgen_core::declare::param::ParamKind;

/// A pattern for a kind of parameter, and what to call what keeps it.
pub(crate) const fn pattern(kind: ParamKind) -> Option<(&'static str, &'static str)> {
    match kind {
        ParamKind::Text | ParamKind::Number => None,
        ParamKind::TopicArn => {
            Some(("^arn:[a-z-]+:[a-z0-9-]+:[^:]*:[^:]*:.+$", "an Amazon Resource Name"))
        }
        // <https://docs.aws.amazon.com/Route53/latest/APIReference/API_GetHostedZone.html>
        ParamKind::HostedZoneId => {
            Some(("^[A-Z0-9]{1,32}$", "a Route 53 hosted zone ID such as Z1D633PJN98FT9"))
        }
        // <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/resource-ids.html>
        ParamKind::VpcId => {
            Some(("^vpc-([0-9a-f]{8}|[0-9a-f]{17})$", "a VPC ID such as vpc-0123456789abcdef0"))
        }
        ParamKind::Cidr => Some((
            r"^\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}/\d{1,2}$",
            "an IPv4 CIDR block such as 10.0.0.0/16",
        )),
    }
}
