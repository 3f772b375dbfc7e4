//! The functions for IP addresses.
//!
//! <https://developer.hashicorp.com/terraform/language/functions/cidrsubnet>

use archgen_core::Loc;
use ipnet::{IpNet, Ipv4Net, Ipv6Net};

use super::super::evaluate::refused;
use super::{Take, count, list, unfit};
use crate::read::cidr;
use crate::read::data::{Data, DataKind, Part};

pub(super) fn call(take: Take<'_>, loc: Loc, name: &str, given: &[Data]) -> Option<Data> {
    let it = match (name, given) {
        ("cidrsubnet", [of, bits, number]) => subnet(loc, of, bits, number),
        ("cidrsubnets", [of, bits @ ..]) => subnets(take, loc, of, bits),
        ("cidrhost", [of, number]) => host(loc, of, number),
        ("cidrnetmask", [of]) => match net(of) {
            Some(IpNet::V4(it)) => Data::text(loc, it.netmask().to_string()),
            Some(IpNet::V6(_)) | None => unfit(loc, name, of),
        },
        ("cidrsubnet" | "cidrhost" | "cidrnetmask", _) => count(loc, name),
        _ => return None,
    };
    Some(it)
}

fn net(of: &Data) -> Option<IpNet> {
    cidr::parse(of.as_text()?)
}

/// The part of a block with this number, so many bits smaller.
fn cut(net: IpNet, bits: u8, number: u128) -> Option<IpNet> {
    let length = net.prefix_len().checked_add(bits).filter(|it| *it <= net.max_prefix_len())?;
    if u32::from(bits) < 128 && number >= 1 << bits {
        return None;
    }
    let shift = u32::from(net.max_prefix_len() - length);
    let step = number.checked_shl(shift).unwrap_or_default();
    at(net, step, length)
}

/// The block of this length that begins so many addresses after the beginning of another.
fn at(net: IpNet, step: u128, length: u8) -> Option<IpNet> {
    match net {
        IpNet::V4(it) => {
            let first = u32::from(it.network()).checked_add(u32::try_from(step).ok()?)?;
            Some(IpNet::V4(Ipv4Net::new(first.into(), length).ok()?))
        }
        IpNet::V6(it) => {
            let first = u128::from(it.network()).checked_add(step)?;
            Some(IpNet::V6(Ipv6Net::new(first.into(), length).ok()?))
        }
    }
}

fn subnet(loc: Loc, of: &Data, bits: &Data, number: &Data) -> Data {
    let (Some(width), Some(index)) = (bits.as_integer(), number.as_integer()) else {
        return unfit(loc, "cidrsubnet", if bits.as_integer().is_none() { bits } else { number });
    };
    let (Ok(width), Ok(index)) = (u8::try_from(width), u128::try_from(index)) else {
        return refused(loc, "`cidrsubnet` takes no negative numbers");
    };
    // What Amazon gives a VPC is a /56: https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html
    if let DataKind::Reference(whole) = &of.kind
        && whole.attribute.as_deref() == Some("Ipv6CidrBlocks")
        && let Some(hosts) = 72u8.checked_sub(width)
        && let Ok(index) = u32::try_from(index)
    {
        return Data::new(loc, DataKind::Part(Part { of: whole.clone(), bits: hosts, index }));
    }
    match net(of) {
        Some(it) => match cut(it, width, index) {
            Some(it) => Data::text(loc, it.to_string()),
            None => refused(loc, format!("{it} has no part {index} that is {width} bits smaller")),
        },
        None => unfit(loc, "cidrsubnet", of),
    }
}

/// Parts in a row, each of its own size.
/// <https://developer.hashicorp.com/terraform/language/functions/cidrsubnets>
fn subnets(take: Take<'_>, loc: Loc, of: &Data, bits: &[Data]) -> Data {
    let Some(whole) = net(of) else { return unfit(loc, "cidrsubnets", of) };
    if !take(bits.len()) {
        return Data::unknown(loc, super::super::world::TOO_MUCH);
    }
    let most = whole.max_prefix_len();
    let mut next: u128 = 0;
    let mut all = Vec::new();
    for it in bits {
        let Some(width) = it.as_integer() else { return unfit(loc, "cidrsubnets", it) };
        let length = u8::try_from(width).ok().and_then(|it| whole.prefix_len().checked_add(it));
        let Some(length) = length.filter(|it| *it <= most && *it > whole.prefix_len()) else {
            return refused(loc, format!("{whole} has no parts that are {width} bits smaller"));
        };
        let size = 1u128.checked_shl(u32::from(most - length)).unwrap_or_default();
        let begin = next.checked_next_multiple_of(size.max(1));
        let room = 1u128.checked_shl(u32::from(most - whole.prefix_len())).unwrap_or_default();
        let fits = begin
            .and_then(|it| Some((it, it.checked_add(size)?)))
            .filter(|it| room == 0 || it.1 <= room);
        let Some((begin, end)) = fits else {
            return refused(loc, format!("{whole} has no room for all parts"));
        };
        next = end;
        match at(whole, begin, length) {
            Some(it) => all.push(Data::text(loc, it.to_string())),
            None => return refused(loc, format!("{whole} has no room for all parts")),
        }
    }
    list(loc, all)
}

fn host(loc: Loc, of: &Data, number: &Data) -> Data {
    let Some(index) = number.as_integer() else { return unfit(loc, "cidrhost", number) };
    let Some(whole) = net(of) else { return unfit(loc, "cidrhost", of) };
    let bits = u32::from(whole.max_prefix_len() - whole.prefix_len());
    let size = 1u128.checked_shl(bits).unwrap_or_default();
    // A negative number counts from the end.
    let step = if index < 0 {
        size.checked_sub(u128::from(index.unsigned_abs()))
    } else {
        Some(u128::from(index.unsigned_abs())).filter(|it| size == 0 || *it < size)
    };
    match step.and_then(|it| at(whole, it, whole.max_prefix_len())) {
        Some(it) => Data::text(loc, it.addr().to_string()),
        None => refused(loc, format!("{whole} has no address {index}")),
    }
}
