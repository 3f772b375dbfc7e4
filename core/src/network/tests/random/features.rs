//! What random networks have: by name, to switch on one after the other as the engine grows.

use std::sync::OnceLock;

/// What networks may have besides IPv4, NAT and peerings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Feature {
    /// Interfaces of a template that was read.
    Interfaces,
    PrefixLists,
    Ipv6,
    EgressOnly,
    /// IPv6 from VPC to VPC across the internet.
    SixCrossing,
    Transit,
    /// The attachment of a transit gateway stands in a subnet with others.
    TransitShared,
    /// The same with values that are not known.
    TransitSharedBlurred,
    /// Attachments and subnets in two zones.
    TransitZones,
    /// A NAT gateway behind a transit gateway.
    TransitEgress,
    /// NAT gateways on the way to private addresses.
    PrivateNat,
    /// Routes to a subnet of the VPC by a NAT gateway.
    MoreSpecific,
    /// Answers come by another gateway than requests.
    Asymmetric,
    Vpn,
    GatewayEndpoint,
    InterfaceEndpoint,
    /// Rules about nothing but addresses that AWS keeps.
    Reserved,
    /// Machines whose system is not known: which ports their connections come from is not known either.
    InstanceSystem,
    /// VPCs with blocks from Amazon beside rules and routes about other blocks.
    AmazonMixed,
    /// The internet in networks with IPv6 blocks of the team: these are not part of it.
    OwnBlocks,
    /// The same where such a block is not known.
    OwnBlocksBlurred,
    /// An AWS service by routes that lead different ways to the same answer.
    ServiceExact,
    /// Propagated routes to parts of the VPC itself.
    LocalFirst,
    /// Public addresses by a transit gateway, which something that is not described may be attached to.
    TransitOutside,
    /// ACLs of attachments with entries about parts of subnets.
    TransitParts,
    /// Addresses of another VPC by a VPN gateway.
    VpnInside,
    /// Pods with network policies.
    Policies,
}

const ALL: [Feature; 27] = [
    Feature::Policies,
    Feature::Interfaces,
    Feature::PrefixLists,
    Feature::Ipv6,
    Feature::EgressOnly,
    Feature::SixCrossing,
    Feature::Transit,
    Feature::TransitShared,
    Feature::TransitSharedBlurred,
    Feature::TransitZones,
    Feature::TransitEgress,
    Feature::PrivateNat,
    Feature::MoreSpecific,
    Feature::Asymmetric,
    Feature::Vpn,
    Feature::GatewayEndpoint,
    Feature::InterfaceEndpoint,
    Feature::Reserved,
    Feature::InstanceSystem,
    Feature::AmazonMixed,
    Feature::OwnBlocks,
    Feature::OwnBlocksBlurred,
    Feature::ServiceExact,
    Feature::LocalFirst,
    Feature::TransitOutside,
    Feature::TransitParts,
    Feature::VpnInside,
];

/// The features that are tried: those the engine has.
const FEATURES: &[Feature] = &[
    Feature::Interfaces,
    Feature::PrefixLists,
    Feature::Ipv6,
    Feature::EgressOnly,
    Feature::Transit,
    Feature::TransitShared,
    Feature::Asymmetric,
    Feature::Vpn,
    Feature::GatewayEndpoint,
    Feature::InterfaceEndpoint,
    Feature::TransitZones,
    Feature::OwnBlocks,
    Feature::LocalFirst,
    Feature::SixCrossing,
    Feature::InstanceSystem,
    Feature::Reserved,
];

/// Features where the engine may say that it does not know, but nothing that is wrong.
const SOUND: &[Feature] = &[
    Feature::AmazonMixed,
    Feature::TransitEgress,
    Feature::TransitOutside,
    Feature::TransitParts,
    Feature::ServiceExact,
    Feature::PrivateNat,
    Feature::MoreSpecific,
    Feature::VpnInside,
    Feature::TransitSharedBlurred,
];

fn features() -> &'static [Feature] {
    static CHOSEN: OnceLock<Vec<Feature>> = OnceLock::new();
    CHOSEN.get_or_init(|| match std::env::var("ARCHGEN_ORACLE_FEATURES") {
        Ok(names) => {
            let names: Vec<&str> = names.split(',').collect();
            let chosen = |it: &Feature| names.contains(&format!("{it:?}").as_str());
            ALL.into_iter().filter(chosen).collect()
        }
        Err(_) => FEATURES.to_vec(),
    })
}

/// Whether the engine must say what the oracle says.
pub fn exact(feature: Feature) -> bool {
    features().contains(&feature)
}

/// Whether networks have it.
pub fn has(feature: Feature) -> bool {
    exact(feature)
        || (std::env::var("ARCHGEN_ORACLE_FEATURES").is_err() && SOUND.contains(&feature))
}
