//! `Fn::Cidr`.

use archgen_core::Loc;
use ipnet::{IpNet, Ipv4Net, Ipv6Net};

use super::evaluate::wrong;
use super::stack::Stacks;
use crate::read::cidr::parse;
use crate::read::data::{Data, DataKind, Part};
use crate::read::document::Node;

/// `Fn::Cidr`: the first `count` blocks of `2^bits` addresses each, in order.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-cidr.html>
pub(super) fn cidr(stacks: &Stacks<'_>, stack: usize, loc: Loc, argument: &Node) -> Data {
    let name = "Fn::Cidr";
    let (of, count, bits) = match argument.items() {
        Some([of, count, bits]) => (of, count, bits),
        // AWS documents no number of bits to be taken where none is given.
        Some([_, _]) => return wrong(loc, name, "is read only where it says its bits"),
        Some(_) | None => return wrong(loc, name, "expects a block, a count and a number of bits"),
    };
    let of = stacks.value(stack, of);
    let (count, bits) = (stacks.value(stack, count), stacks.value(stack, bits));
    let (Some(many), Some(width)) = (count.as_integer(), bits.as_integer()) else {
        let unknown = if count.as_integer().is_none() { &count } else { &bits };
        return Data::unknown(loc, format!("`{name}`: {}", unknown.what()));
    };
    if !(1..=256).contains(&many) {
        return wrong(loc, name, &format!("gives 1 to 256 blocks, not {many}"));
    }
    let Some(width) = u8::try_from(width).ok().filter(|it| *it <= 128) else {
        return wrong(loc, name, &format!("cannot leave {width} bits to hosts"));
    };
    let many = many as u32;
    if let DataKind::Reference(whole) = &of.kind
        && whole.attribute.is_some()
    {
        let part = |index| {
            let part = Part { of: whole.clone(), bits: width, index };
            Data::new(loc, DataKind::Part(part))
        };
        return Data::new(loc, DataKind::List((0..many).map(part).collect()));
    }
    let Some(text) = of.as_text() else {
        return Data::unknown(loc, of.what());
    };
    let Some(net) = parse(text) else {
        return wrong(loc, name, &format!("cannot cut `{text}`: it is not a CIDR block"));
    };
    match cut(net, many, width) {
        Some(blocks) => {
            let items = blocks.into_iter().map(|it| Data::text(loc, it.to_string()));
            Data::new(loc, DataKind::List(items.collect()))
        }
        None => wrong(loc, name, &format!("cannot cut {many} blocks of {width} bits out of {net}")),
    }
}

/// The first blocks of so many host bits; none if they do not fit.
fn cut(net: IpNet, count: u32, bits: u8) -> Option<Vec<IpNet>> {
    let longest = net.max_prefix_len();
    let length = longest.checked_sub(bits)?;
    // 2^more blocks fit.
    let more = length.checked_sub(net.prefix_len())?;
    if more < 32 && u64::from(count) > 1 << more {
        return None;
    }
    (0..count)
        .map(|index| match net {
            IpNet::V4(it) => {
                let step = if bits >= 32 { 0 } else { index.checked_shl(u32::from(bits))? };
                let first = u32::from(it.network()).checked_add(step)?;
                Some(IpNet::V4(Ipv4Net::new(first.into(), length).ok()?))
            }
            IpNet::V6(it) => {
                let step = if bits >= 128 { 0 } else { u128::from(index) << bits };
                let first = u128::from(it.network()).checked_add(step)?;
                Some(IpNet::V6(Ipv6Net::new(first.into(), length).ok()?))
            }
        })
        .collect()
}
