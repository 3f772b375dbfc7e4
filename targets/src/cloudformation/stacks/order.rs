//! Orders: what must come before what, and which things can only come together.

/// Which of a few things come before which, kept closed under "before the one before".
#[derive(Clone, Debug, Default)]
pub(super) struct Order {
    /// For each thing the bits of everything that it needs.
    needs: Vec<Vec<u64>>,
}

impl Order {
    /// Another thing that needs nothing yet.
    pub(super) fn push(&mut self) {
        self.needs.push(Vec::new());
    }

    /// Whether one thing needs another, by way of others too.
    pub(super) fn needs(&self, one: usize, other: usize) -> bool {
        let bits = self.needs[one].get(other / 64).copied().unwrap_or_default();
        bits & (1 << (other % 64)) != 0
    }

    /// Says that one thing needs another.
    pub(super) fn add(&mut self, one: usize, other: usize) {
        if one == other || self.needs(one, other) {
            return;
        }
        let mut more = self.needs[other].clone();
        more.resize(more.len().max(other / 64 + 1), 0);
        more[other / 64] |= 1 << (other % 64);
        for at in 0..self.needs.len() {
            if at == one || self.needs(at, one) {
                let all = &mut self.needs[at];
                all.resize(all.len().max(more.len()), 0);
                all.iter_mut().zip(&more).for_each(|(it, more)| *it |= more);
            }
        }
    }

    /// Whether a thing that needs `before` and that `after` need would close a circle.
    pub(super) fn closes(&self, thing: usize, before: &[usize], after: &[usize]) -> bool {
        let before = || before.iter().copied().filter(|it| *it != thing);
        let after = || after.iter().copied().filter(|it| *it != thing);
        before().any(|it| self.needs(it, thing))
            || after().any(|it| self.needs(thing, it))
            || before().any(|it| after().any(|other| it == other || self.needs(it, other)))
    }
}

/// The sets of nodes that need each other, what is needed first (Tarjan 1972, without recursion).
/// `needs[node]` are the nodes that it needs; the order of nodes decides what is left open.
pub(super) fn components(needs: &[Vec<usize>]) -> Vec<Vec<usize>> {
    const NEW: usize = usize::MAX;
    let count = needs.len();
    let (mut index, mut low) = (vec![NEW; count], vec![0; count]);
    let (mut open, mut is_open) = (Vec::new(), vec![false; count]);
    let (mut all, mut next) = (Vec::new(), 0);
    for start in 0..count {
        if index[start] != NEW {
            continue;
        }
        let mut path: Vec<(usize, usize)> = vec![(start, 0)];
        while let Some((node, at)) = path.pop() {
            if at == 0 {
                (index[node], low[node]) = (next, next);
                next += 1;
                open.push(node);
                is_open[node] = true;
            }
            if let Some(&other) = needs[node].get(at) {
                path.push((node, at + 1));
                if index[other] == NEW {
                    path.push((other, 0));
                } else if is_open[other] {
                    low[node] = low[node].min(index[other]);
                }
                continue;
            }
            if let Some(&(above, _)) = path.last() {
                low[above] = low[above].min(low[node]);
            }
            if low[node] == index[node] {
                let mut component = Vec::new();
                while let Some(it) = open.pop() {
                    is_open[it] = false;
                    component.push(it);
                    if it == node {
                        break;
                    }
                }
                component.sort_unstable();
                all.push(component);
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_needed_comes_first_and_circles_stay_together() {
        let needs = vec![vec![1], vec![2], vec![1, 3], vec![], vec![0]];
        assert_eq!(components(&needs), [vec![3], vec![1, 2], vec![0], vec![4]]);
    }

    #[test]
    fn an_order_knows_what_would_close_a_circle() {
        let mut order = Order::default();
        (0..70).for_each(|_| order.push());
        order.add(1, 0);
        order.add(69, 1);
        assert!(order.needs(69, 0) && !order.needs(0, 69));
        // 2 between 0 and 69 is fine either way round but not both.
        assert!(!order.closes(2, &[0], &[69]));
        assert!(order.closes(2, &[69], &[0]));
        assert!(order.closes(0, &[69], &[]));
        assert!(order.closes(69, &[], &[0]));
        // What is in the thing itself does not count.
        assert!(!order.closes(0, &[0], &[0, 1]));
    }
}
