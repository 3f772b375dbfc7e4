//! `vpc!`: a network of subnets in tiers.

use crate::addresses;
use crate::check::{Context, vpc as checks};
use crate::codes::Code;
use crate::diagnostic::Diagnostic;
use crate::field::{Field, FieldType, List, Named, Reader, Word};
use crate::lower::{Lower, network};
use crate::node::{Node, NodeKind};
use crate::resource::ResourceId;
use crate::resource::network::EndpointService;
use crate::types::{Count, Days, Ipv4Cidr};
use crate::value::Value;

crate::words! {
    /// How private subnets reach the internet.
    Nat: "NAT gateways" {
        /// They do not.
        None = "none",
        /// By one NAT gateway in the first zone: cheap, and lost with its zone.
        Single = "single",
        /// By a NAT gateway in every zone.
        PerZone = "per-zone",
    }
}

crate::words! {
    /// Where IPv6 addresses come from.
    Ipv6: "sources of IPv6 addresses" {
        /// There are none.
        None = "none",
        /// A /56 that Amazon chooses; every subnet gets a /64 of it.
        Amazon = "amazon",
    }
}

crate::words! {
    /// Where the default route of a tier leads.
    TierRoute: "routes" {
        /// To the internet, both ways: a public tier.
        InternetGateway = "internet-gateway",
        /// To the internet for connections opened from inside.
        NatGateway = "nat-gateway",
        /// Nowhere: an isolated tier.
        Isolated = "isolated",
    }
}

/// The blocks of a tier's subnets.
#[derive(Clone, Debug, PartialEq)]
pub enum TierBlocks {
    /// One block for each zone, written out.
    Explicit(List<Ipv4Cidr>),
    /// One block of this prefix length for each zone, placed by archgen.
    Sized(u8),
}

/// The blocks that `10.0.1-3.0/24` stands for: `10.0.1.0/24`, `10.0.2.0/24` and `10.0.3.0/24`. None of any
/// other form, and of a run that is reversed.
fn run_of_blocks(text: &str) -> Option<Vec<String>> {
    let (address, length) = text.split_once('/')?;
    let octets: Vec<&str> = address.split('.').collect();
    let at = octets.iter().position(|it| it.contains('-'))?;
    let (first, last) = octets[at].split_once('-')?;
    let (first, last) = (first.parse::<u8>().ok()?, last.parse::<u8>().ok()?);
    let mut octets: Vec<String> = octets.into_iter().map(str::to_string).collect();
    let all: Vec<String> = (first..=last)
        .map(|it| {
            octets[at] = it.to_string();
            format!("{}/{length}", octets.join("."))
        })
        .collect();
    (!all.is_empty()).then_some(all)
}

/// A tier: one subnet in each zone.
#[derive(Clone, Debug, PartialEq)]
pub struct TierSpec {
    /// The blocks.
    pub blocks: Field<TierBlocks>,
    /// Where its default route leads; left out, the name decides: `public` to the internet gateway,
    /// `private` to the NAT gateways if there are any, any other name nowhere.
    pub route: Option<Field<TierRoute>>,
    /// The usable addresses that each subnet must have.
    pub addresses: Option<Field<Count>>,
}

impl FieldType for TierBlocks {
    fn expected() -> String {
        "a list of CIDR blocks, one for each zone, a run of them such as `\"10.0.1-3.0/24\"`, or a prefix length such \
         as `/24`".to_string()
    }

    fn read(node: &Node, reader: &mut Reader<'_>) -> Value<Self> {
        if let Some(length) = node.as_prefix_length() {
            return Value::Literal(TierBlocks::Sized(length));
        }
        if let Some(texts) = node.as_text().and_then(run_of_blocks) {
            let read = |it: String| reader.read(&Node::new(NodeKind::Text(it), node.loc));
            return Value::Literal(TierBlocks::Explicit(texts.into_iter().map(read).collect()));
        }
        match node.as_list() {
            Some(_) => List::<Ipv4Cidr>::read(node, reader).map(TierBlocks::Explicit),
            None => reader.wrong(node, &Self::expected()),
        }
    }
}

crate::record! {
    /// A tier in its long form.
    LongTier: "tier" {
        /// The blocks: a list of CIDR blocks, or a prefix length.
        required blocks: TierBlocks = "/24";
        /// Where its default route leads.
        optional route: TierRoute;
        /// The usable addresses that each subnet must have.
        optional addresses: Count;
    }
}

impl FieldType for TierSpec {
    fn expected() -> String {
        format!("{}, or `{{ blocks: …, route: … }}`", TierBlocks::expected())
    }

    fn words(words: &mut Vec<Word>) {
        TierRoute::words(words);
    }

    fn read(node: &Node, reader: &mut Reader<'_>) -> Value<Self> {
        if node.as_record().is_some() {
            return LongTier::read(node, reader).map(|it| TierSpec {
                blocks: it.blocks,
                route: it.route,
                addresses: it.addresses,
            });
        }
        let is_run = node.as_text().is_some_and(|it| run_of_blocks(it).is_some());
        if node.as_list().is_none() && node.as_prefix_length().is_none() && !is_run {
            return reader.wrong(node, &Self::expected());
        }
        Value::Literal(TierSpec { blocks: reader.read(node), route: None, addresses: None })
    }
}

/// The tiers of a VPC, in the order in which they are written.
#[derive(Clone, Debug, PartialEq)]
pub struct Tiers(pub Vec<Named<TierSpec>>);

impl FieldType for Tiers {
    fn expected() -> String {
        "tiers with their subnets: `{ public: [\"10.0.1.0/24\"], private: /24 }`".to_string()
    }

    fn words(words: &mut Vec<Word>) {
        TierSpec::words(words);
    }

    fn read(node: &Node, reader: &mut Reader<'_>) -> Value<Self> {
        let value = crate::field::Map::<TierSpec>::read(node, reader).map(|it| Tiers(it.0));
        if let Some(Tiers(tiers)) = value.literal()
            && tiers.is_empty()
        {
            reader.push(
                Diagnostic::new(Code::AG0002, node.loc, "a VPC needs at least one tier")
                    .help("write `subnets: { private: /24 }`"),
            );
        }
        value
    }
}

crate::declaration! {
    /// A virtual private cloud: tiers of subnets over several zones, their routes, NAT gateways and
    /// endpoints.
    Vpc VpcBuilder {
        /// Its IPv4 block, between /16 and /28.
        required cidr: Ipv4Cidr = "\"10.0.0.0/16\"";
        /// Further IPv4 blocks.
        optional secondary_cidrs: List<Ipv4Cidr>;
        /// Whether it must share no address with the VPCs of the architecture's other environments, so that
        /// they can be peered, joined by a transit gateway or fail over to each other one day.
        default unique_per_environment: bool = false;
        /// The number of availability zones, 1 to 6.
        required zones: Count = "2";
        /// Its tiers. Each has one subnet for each zone: blocks written out, a run of them such as
        /// `"10.0.1-3.0/24"`, or a size such as `/24` that archgen places. New tiers move nothing that is in `archgen.lock`; without one, write them
        /// at the end.
        required subnets: Tiers = "{ public: /24, private: /24 }";
        /// How private tiers reach the internet.
        default nat: Nat = Nat::None;
        /// Where its IPv6 addresses come from. Public tiers then route IPv6 to the internet gateway,
        /// tiers with NAT gateways to an egress-only internet gateway, others nowhere.
        default ipv6: Ipv6 = Ipv6::None;
        /// The AWS services it reaches privately.
        optional endpoints: List<EndpointService>;
        /// How long records of its traffic are kept; left out, there are none.
        optional flow_logs: Days;
    } members VpcMembers {
        /// The identifier, `vpc-…`.
        id;
    }
}

/// The letter of a zone: `a` is the first.
pub fn zone_letter(zone: usize) -> String {
    char::from(b'a' + (zone % 26) as u8).to_string()
}

impl Vpc {
    /// The tier `name`.
    pub fn tier(&self, name: &str) -> Option<&Named<TierSpec>> {
        self.subnets.literal()?.0.iter().find(|it| it.name == name)
    }

    /// The tiers, as far as they are known.
    pub fn tiers(&self) -> impl Iterator<Item = (&str, &Named<TierSpec>)> {
        self.subnets.literal().into_iter().flat_map(|it| &it.0).map(|it| (it.name.as_str(), it))
    }

    /// The number of zones, if it is known and can be.
    pub fn zone_count(&self) -> Option<usize> {
        self.zones.literal().map(|it| it.0 as usize).filter(|it| (1..=6).contains(it))
    }

    /// The number of subnets of a tier: those written out, or one for each zone.
    pub fn subnet_count(&self, tier: &str) -> Option<usize> {
        match self.tier(tier)?.field.literal()?.blocks.literal()? {
            TierBlocks::Explicit(list) => Some(list.len()),
            TierBlocks::Sized(_) => self.zone_count(),
        }
    }

    /// The blocks of a tier's subnets by zone.
    pub fn subnet_blocks(&self, tier: &str) -> Vec<Field<Ipv4Cidr>> {
        let Some(named) = self.tier(tier) else { return Vec::new() };
        let Some(spec) = named.field.literal() else { return Vec::new() };
        match spec.blocks.literal() {
            Some(TierBlocks::Explicit(list)) => list.clone(),
            Some(TierBlocks::Sized(_)) => {
                let plan = addresses::plan(self);
                let zones = self.zone_count().unwrap_or(0);
                (0..zones)
                    .map(|zone| match plan.get(&(tier.to_string(), zone)) {
                        Some(block) => Field::new(*block, spec.blocks.loc),
                        None => Field::unknown(spec.blocks.loc),
                    })
                    .collect()
            }
            None => Vec::new(),
        }
    }

    /// The names of a tier's subnets in the graph, in the order of their zones.
    pub fn subnet_ids(&self, tier: &str) -> Vec<ResourceId> {
        let count = self.subnet_count(tier).unwrap_or(0).min(26);
        (0..count)
            .map(|zone| ResourceId::new(&[&self.meta.name, tier, &zone_letter(zone), "subnet"]))
            .collect()
    }

    /// The number of a subnet's /64 in the block that Amazon chooses: eight for each tier, one for each
    /// zone. Tiers that are added at the end move none; where the history knows a tier, nothing does.
    pub fn ipv6_number(&self, tier: &str, zone: usize) -> Option<u8> {
        let position = self.tiers().position(|(name, _)| name == tier)?;
        let known: Vec<Option<usize>> =
            self.tiers().map(|(name, _)| self.recorded_eight(name)).collect();
        let eight = match known.get(position)? {
            Some(it) => *it,
            None if known.iter().all(Option::is_none) => position,
            None => {
                let new = known[..position].iter().filter(|it| it.is_none()).count();
                (0..).filter(|it| !known.contains(&Some(*it))).nth(new)?
            }
        };
        u8::try_from(eight * 8 + zone).ok()
    }

    /// The eight /64s that the history has for a tier.
    fn recorded_eight(&self, tier: &str) -> Option<usize> {
        let of_tier = self.meta.recorded.subnets.iter().filter(|((name, _), _)| name == tier);
        of_tier.filter_map(|(_, (_, number))| *number).next().map(|it| usize::from(it) / 8)
    }

    /// Where the default route of a tier leads.
    pub fn route_of(&self, tier: &str) -> Value<TierRoute> {
        let Some(spec) = self.tier(tier).and_then(|it| it.field.literal()) else {
            return Value::Unknown;
        };
        if let Some(route) = &spec.route {
            return route.value.clone();
        }
        match tier {
            "public" => Value::Literal(TierRoute::InternetGateway),
            "private" => self.nat.value.map_ref(|it| match it {
                Nat::None => TierRoute::Isolated,
                Nat::Single | Nat::PerZone => TierRoute::NatGateway,
            }),
            _ => Value::Literal(TierRoute::Isolated),
        }
    }

    /// The tier that NAT gateways stand in: the first that routes to the internet gateway.
    pub fn nat_tier(&self) -> Option<&str> {
        self.tiers()
            .map(|(name, _)| name)
            .find(|it| self.route_of(it).literal() == Some(&TierRoute::InternetGateway))
    }

    /// All its IPv4 blocks: the primary one and the secondary ones.
    pub fn blocks(&self) -> Vec<&Field<Ipv4Cidr>> {
        let further = self.secondary_cidrs.as_ref().and_then(Field::literal);
        std::iter::once(&self.cidr).chain(further.into_iter().flatten()).collect()
    }

    /// Whether it has an endpoint for a service; none if that is not known.
    pub fn has_endpoint(&self, service: EndpointService) -> Option<bool> {
        let Some(field) = &self.endpoints else { return Some(false) };
        let list = field.literal()?;
        if list.iter().any(|it| it.literal() == Some(&service)) {
            return Some(true);
        }
        list.iter().all(|it| it.literal().is_some()).then_some(false)
    }

    /// Checks the declaration's own limits.
    pub fn check(&self, cx: &mut Context<'_>) {
        checks::check(self, cx);
    }

    /// Lowers it into resources.
    pub fn lower(&self, cx: &mut Lower<'_>) {
        network::lower_vpc(self, cx);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_of_blocks_are_written_out() {
        let run = |it| run_of_blocks(it).map(|it| it.join(" "));
        assert_eq!(run("10.0.1-3.0/24").as_deref(), Some("10.0.1.0/24 10.0.2.0/24 10.0.3.0/24"));
        assert_eq!(run("10.0-1.0.0/16").as_deref(), Some("10.0.0.0/16 10.1.0.0/16"));
        for it in ["10.0.0.0/24", "10.0.3-1.0/24", "10.0.1-.0/24", "10.0.1-300.0/24", "a-b"] {
            assert_eq!(run(it), None, "{it}");
        }
    }
}
