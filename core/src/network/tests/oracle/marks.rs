//! What a question met on its way: the classes that random networks must fill.

macro_rules! marks {
    ($($(#[$meta:meta])* $name:ident)*) => {
        /// What a question met on its way.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Mark { $($(#[$meta])* $name,)* }
        pub const MARKS: &[Mark] = &[$(Mark::$name,)*];
    };
}

marks! {
    /// Two places in one subnet.
    SameSubnet
    /// A network ACL that is not the default one.
    Acl
    AclDrops
    /// Without ACLs the answer would not be no.
    AclDecides
    /// Without groups the answer would not be no.
    GroupDecides
    /// Neither ACLs nor groups make it no.
    RouteDecides
    NoRoute
    NoPublicAddress
    GroupDrops
    Reference
    SelfReference
    ListRule
    ListRoute
    Propagated
    Peering
    Nat
    PrivateNat
    /// By a NAT gateway to a private address.
    NatInside
    Transit
    /// The attachment of a transit gateway shares the subnet.
    SharedSubnet
    /// The transit gateway has no attachment in the zone.
    NoZone
    /// By a VPN gateway.
    Vpn
    /// By a transit gateway to a public address.
    TransitOutside
    EgressOnly
    InternetGateway
    FromInternet
    /// IPv6 to and from the internet.
    SixOutside
    SixInside
    /// From VPC to VPC across the internet, by IPv6.
    SixCrossing
    GatewayEndpoint
    InterfaceEndpoint
    /// More than one way is possible.
    Chance
    /// The answer comes by another gateway.
    Asymmetric
    /// AWS's pages leave open what happens.
    Unsettled
}
