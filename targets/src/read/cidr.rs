//! CIDR blocks as EC2 takes them.

use ipnet::IpNet;

/// A block as EC2 stores it: host bits are cleared (100.68.0.18/18 becomes 100.68.0.0/18,
/// <https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html>).
pub(crate) fn parse(text: &str) -> Option<IpNet> {
    let net: IpNet = text.trim().parse().ok()?;
    Some(net.trunc())
}
