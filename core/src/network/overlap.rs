//! Blocks that overlap, found while sorting them.

use ipnet::IpNet;

use super::span::Span;

/// Every block that overlaps one that begins before it (or with it and is larger), with that block; by
/// position. Two blocks overlap only where one holds the other, so each is named once, with the nearest
/// block around it.
///
/// ```
/// use archgen_core::network::overlap::overlaps;
///
/// let blocks = ["10.0.0.0/24", "10.0.1.0/24", "10.0.0.128/25"].map(|it| it.parse().unwrap());
/// assert_eq!(overlaps(&blocks), [(2, 0)]);
/// ```
pub fn overlaps(blocks: &[IpNet]) -> Vec<(usize, usize)> {
    // IPv6 after IPv4; of blocks that begin together the larger first.
    let mut sorted: Vec<(u128, u128, u32)> = Vec::with_capacity(blocks.len());
    let mut first_v6 = 0;
    for pass in [false, true] {
        for (position, block) in blocks.iter().enumerate() {
            let span = Span::of(*block);
            if span.v6 == pass {
                sorted.push((span.first, !span.last, position as u32));
            }
        }
        if !pass {
            first_v6 = sorted.len();
        }
    }
    let mut found = Vec::new();
    for family in sorted_halves(&mut sorted, first_v6) {
        family.sort_unstable();
        // The blocks around the place reached, the innermost last.
        let mut around: Vec<(u128, u32)> = Vec::new();
        for (first, last, position) in family.iter() {
            while around.last().is_some_and(|it| it.0 < *first) {
                around.pop();
            }
            if let Some((_, outer)) = around.last() {
                found.push((*position as usize, *outer as usize));
            }
            around.push((!last, *position));
        }
    }
    found
}

fn sorted_halves<T>(all: &mut [T], at: usize) -> [&mut [T]; 2] {
    let (before, after) = all.split_at_mut(at);
    [before, after]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(blocks: &[&str]) -> Vec<(usize, usize)> {
        let blocks: Vec<IpNet> = blocks.iter().map(|it| it.parse().expect("a block")).collect();
        overlaps(&blocks)
    }

    #[test]
    fn neighbours_do_not_overlap_and_nested_blocks_do() {
        assert_eq!(of(&["10.0.0.0/24", "10.0.1.0/24"]), []);
        assert_eq!(of(&["10.0.0.0/16", "10.0.1.0/24", "10.0.1.0/28"]), [(1, 0), (2, 1)]);
        assert_eq!(of(&["10.0.0.0/24", "10.0.0.0/16"]), [(0, 1)]);
        assert_eq!(of(&["10.0.0.0/24", "10.0.0.0/24"]), [(1, 0)]);
    }

    #[test]
    fn families_are_apart() {
        assert_eq!(of(&["::/0", "0.0.0.0/0"]), []);
        assert_eq!(of(&["2001:db8::/32", "10.0.0.0/8", "2001:db8:1::/48"]), [(2, 0)]);
    }

    #[test]
    fn agrees_with_comparing_every_pair() {
        let mut state = 7_u32;
        let mut next = || {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            state
        };
        for _ in 0..300 {
            let blocks: Vec<IpNet> = (0..12)
                .map(|_| {
                    let length = 24 + (next() % 9) as u8;
                    let address = std::net::Ipv4Addr::from_bits(0x0a00_0000 | (next() % 512));
                    IpNet::new(address.into(), length).expect("a length up to 32").trunc()
                })
                .collect();
            let mut found: Vec<usize> = overlaps(&blocks).into_iter().map(|it| it.0).collect();
            found.sort_unstable();
            let inside = |a: &IpNet, b: &IpNet| b.contains(a);
            let expected: Vec<usize> = (0..blocks.len())
                .filter(|a| {
                    (0..blocks.len()).any(|b| {
                        let (one, other) = (&blocks[*a], &blocks[b]);
                        *a != b && inside(one, other) && (one != other || b < *a)
                    })
                })
                .collect();
            assert_eq!(found, expected, "{blocks:?}");
        }
    }
}
