//! What the proof says: classes of tenants that are alike, and for each pair of classes and layer a verdict with
//! what it rests on.

use std::collections::{BTreeMap, BTreeSet};

use super::facts::Kind;
use super::rests;
use super::scope::{Boundary, Finding, Found, Scope, Tenants, Unknown};
use crate::codes::Code;
use crate::loc::Loc;
use crate::resource::tenancy::Isolation;
use crate::tenant_fields::Layer;

/// Beyond so many classes tenants are told apart by what is promised only.
const MOST_CLASSES: usize = 64;

/// How many pairs of tenants are named for one finding.
const MOST_PAIRS: usize = 20;

/// What is proved of a pool.
#[derive(Clone, Debug)]
pub struct PoolReport {
    /// The pool.
    pub pool: String,
    /// Where it was declared.
    pub loc: Loc,
    /// Its tenants by number, with the class of each.
    pub tenants: Vec<(String, usize)>,
    /// The classes of tenants.
    pub classes: Vec<Class>,
    /// The verdicts for pairs of classes that have pairs of tenants.
    pub rows: Vec<Row>,
    /// What breaks what is claimed, each culprit once.
    pub broken: Vec<Broken>,
    /// What is trusted.
    pub boundaries: Vec<Boundary>,
    /// What is not known.
    pub unknown: Vec<Unknown>,
    /// Whether the network was asked.
    pub network: bool,
    findings: Vec<Finding>,
    isolations: Vec<Isolation>,
    rests: Vec<Vec<Vec<String>>>,
}

/// Tenants that are alike but for their names.
#[derive(Clone, Debug, PartialEq)]
pub struct Class {
    /// The first of them.
    pub example: String,
    /// How many there are.
    pub count: usize,
    /// What is promised.
    pub isolation: Isolation,
    members: Vec<u32>,
}

/// The verdicts for two classes.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The one class.
    pub one: usize,
    /// The other; the same for the tenants of one class among each other.
    pub other: usize,
    /// How many pairs of tenants there are.
    pub pairs: u64,
    /// A verdict for each layer.
    pub cells: Vec<Cell>,
}

/// The verdict for two classes, or two tenants, and a layer.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// The layer.
    pub layer: Layer,
    /// The verdict.
    pub verdict: Verdict,
    /// What it rests on, in words.
    pub rests_on: Vec<String>,
    /// What of that is not known.
    pub unknown: Vec<String>,
}

/// Whether tenants are apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// They are.
    Holds,
    /// They are not: the numbers of what breaks it.
    Broken(Vec<usize>),
    /// They are as far as what they share keeps them apart: the numbers of what is trusted.
    TrustBoundary(Vec<usize>),
    /// Nothing is promised.
    NotClaimed,
}

impl Verdict {
    /// One word.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Verdict::Holds => "holds",
            Verdict::Broken(_) => "broken",
            Verdict::TrustBoundary(_) => "trust boundary",
            Verdict::NotClaimed => "not claimed",
        }
    }
}

/// What breaks something that is claimed.
#[derive(Clone, Debug, PartialEq)]
pub struct Broken {
    /// The code.
    pub code: Code,
    /// The layers that it breaks.
    pub layers: BTreeSet<Layer>,
    /// The resource that breaks it.
    pub culprit: Option<Culprit>,
    /// What is wrong, by an example.
    pub message: String,
    /// What else is to be known.
    pub notes: Vec<String>,
    /// Further places.
    pub labels: Vec<(Loc, String)>,
    /// The tenant whose declaration it is told at.
    pub tenant: String,
    /// Where that was named.
    pub loc: Loc,
    /// The pairs that it concerns, who gets at whom: the first of them.
    pub pairs: Vec<(String, String)>,
    /// How many pairs there are.
    pub count: u64,
}

/// The resource that breaks something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Culprit {
    /// Its name.
    pub resource: String,
    /// Its declaration.
    pub declaration: String,
    /// Where it was written.
    pub loc: Loc,
}

impl PoolReport {
    /// The number of a tenant.
    pub fn tenant(&self, key: &str) -> Option<u32> {
        self.tenants.iter().position(|it| it.0 == key).map(|it| it as u32)
    }

    /// The verdicts for two tenants.
    pub fn pair(&self, one: u32, other: u32) -> Vec<Cell> {
        let classes = [self.tenants[one as usize].1, self.tenants[other as usize].1];
        let claims = |layer: Layer| {
            [one, other].iter().any(|it| self.isolations[*it as usize].claims(layer))
        };
        let concerned = |finding: &Finding, layer: Layer| {
            finding.between.iter().filter(|it| it.is_about(layer)).any(|it| {
                [(one, other), (other, one)]
                    .iter()
                    .any(|(a, b)| it.one == *a && it.others.binary_search(b).is_ok())
            })
        };
        let both = |tenants: &Tenants| {
            tenants.binary_search(&one).is_ok() && tenants.binary_search(&other).is_ok()
        };
        let either = |tenants: &Tenants| {
            tenants.binary_search(&one).is_ok() || tenants.binary_search(&other).is_ok()
        };
        Layer::ALL
            .iter()
            .map(|layer| {
                let broken = self
                    .findings
                    .iter()
                    .enumerate()
                    .filter(|(_, it)| it.layers.contains(layer) && concerned(it, *layer));
                let trusted = self
                    .boundaries
                    .iter()
                    .enumerate()
                    .filter(|(_, it)| it.layers.contains(layer) && both(&it.tenants));
                let unknown = self
                    .unknown
                    .iter()
                    .filter(|it| it.layers.contains(layer) && either(&it.tenants));
                self.cell(
                    *layer,
                    claims(*layer),
                    broken.map(|it| it.0).collect(),
                    trusted.map(|it| it.0).collect(),
                    unknown.map(|it| it.what.clone()).collect(),
                    classes,
                )
            })
            .collect()
    }

    fn cell(
        &self,
        layer: Layer,
        claimed: bool,
        broken: Vec<usize>,
        trusted: Vec<usize>,
        unknown: BTreeSet<String>,
        classes: [usize; 2],
    ) -> Cell {
        let asked = layer != Layer::Network || self.network;
        let mut unknown: Vec<String> = unknown.into_iter().take(MOST_PAIRS).collect();
        let verdict = if !claimed {
            unknown.clear();
            Verdict::NotClaimed
        } else if !broken.is_empty() {
            Verdict::Broken(broken)
        } else if !trusted.is_empty() {
            Verdict::TrustBoundary(trusted)
        } else {
            Verdict::Holds
        };
        if claimed && !asked {
            unknown.push("the network was not read".to_string());
        }
        let at = Layer::ALL.iter().position(|it| *it == layer).unwrap_or_default();
        let mut rests_on = Vec::new();
        if claimed {
            for class in BTreeSet::from(classes) {
                rests_on.extend(self.rests[class][at].iter().cloned());
            }
            if let Verdict::TrustBoundary(all) = &verdict {
                for it in all {
                    let it = &self.boundaries[*it];
                    rests_on.push(format!("{}: {}", it.name, it.why));
                }
            }
        }
        Cell { layer, verdict, rests_on, unknown }
    }

    /// Whether anything that is claimed is broken.
    pub fn is_broken(&self) -> bool {
        !self.broken.is_empty()
    }
}

/// How many tenants of each class there are among some.
type Counts = BTreeMap<usize, u64>;

fn counts(tenants: &Tenants, class_of: &[usize]) -> Counts {
    let mut all = Counts::new();
    for it in tenants.iter() {
        *all.entry(class_of[*it as usize]).or_default() += 1;
    }
    all
}

/// Who gets at whom, by classes.
struct Concerned {
    classes: BTreeSet<(usize, usize, Layer)>,
    count: u64,
}

fn concerned(
    finding: &Finding,
    class_of: &[usize],
    memo: &mut BTreeMap<usize, Counts>,
) -> Concerned {
    let mut classes: BTreeSet<(usize, usize, Layer)> = BTreeSet::new();
    // Pairs are counted once, for the first layer that is named.
    let counted = finding.between.first().and_then(|it| it.layer);
    let counted = match counted {
        Some(_) if finding.layers.contains(&Layer::Identity) => Some(Layer::Identity),
        it => it,
    };
    let mut count = 0;
    for it in &finding.between {
        let place = it.others.as_ptr() as usize;
        let counts = memo.entry(place).or_insert_with(|| counts(&it.others, class_of));
        let own = class_of[it.one as usize];
        for (class, others) in counts.iter() {
            let itself = *class == own && it.others.binary_search(&it.one).is_ok();
            let others = others - u64::from(itself);
            if others == 0 {
                continue;
            }
            if it.layer == counted {
                count += others;
            }
            for layer in finding.layers.iter().filter(|layer| it.is_about(**layer)) {
                classes.insert((own, *class, *layer));
            }
        }
    }
    Concerned { classes, count }
}

/// Puts together what was found out of a pool.
pub(super) fn report(scope: &Scope<'_>, found: Found, network: bool) -> PoolReport {
    let (classes, class_of) = classes(scope);
    let findings: Vec<Finding> =
        found.findings.into_iter().filter(|it| scope.is_claimed(it)).collect();
    let mut boundaries: Vec<Boundary> = found.boundaries;
    boundaries.sort();
    boundaries.dedup();
    let mut unknown: Vec<Unknown> = found.unknown;
    unknown.sort();
    unknown.dedup();
    let rests = classes.iter().map(|it| rests::rests(scope, it.members[0])).collect();
    let tenants = scope.pool.tenants.iter().zip(&class_of);
    let mut report = PoolReport {
        pool: scope.pool.name.clone(),
        loc: scope.pool.loc,
        tenants: tenants.map(|(it, class)| (it.key.clone(), *class)).collect(),
        isolations: scope.pool.tenants.iter().map(|it| it.isolation).collect(),
        classes,
        rows: Vec::new(),
        broken: Vec::new(),
        boundaries,
        unknown,
        network,
        findings,
        rests,
    };
    let mut memo = BTreeMap::new();
    let concerned: Vec<Concerned> =
        report.findings.iter().map(|it| concerned(it, &class_of, &mut memo)).collect();
    report.broken =
        report.findings.iter().zip(&concerned).map(|(it, by)| broken(scope, it, by)).collect();
    report.rows = rows(&report, &concerned, &class_of);
    report
}

fn rows(report: &PoolReport, concerned: &[Concerned], class_of: &[usize]) -> Vec<Row> {
    let of = |it: &Tenants| counts(it, class_of);
    let trusted: Vec<Counts> = report.boundaries.iter().map(|it| of(&it.tenants)).collect();
    let open: Vec<Counts> = report.unknown.iter().map(|it| of(&it.tenants)).collect();
    let mut all = Vec::new();
    for one in 0..report.classes.len() {
        for other in one..report.classes.len() {
            let (a, b) = (report.classes[one].count as u64, report.classes[other].count as u64);
            let pairs = if one == other { a * (a - 1) / 2 } else { a * b };
            if pairs == 0 {
                continue;
            }
            let both = |counts: &Counts| {
                let of = |class: usize| counts.get(&class).copied().unwrap_or_default();
                if one == other { of(one) > 1 } else { of(one) > 0 && of(other) > 0 }
            };
            let either = |counts: &Counts| counts.contains_key(&one) || counts.contains_key(&other);
            let cells = Layer::ALL.iter().map(|layer| {
                let claims = |class: usize| report.classes[class].isolation.claims(*layer);
                let broken = (0..concerned.len()).filter(|it| {
                    concerned[*it].classes.contains(&(one, other, *layer))
                        || concerned[*it].classes.contains(&(other, one, *layer))
                });
                let boundaries = (0..trusted.len()).filter(|it| {
                    report.boundaries[*it].layers.contains(layer) && both(&trusted[*it])
                });
                let unknown = (0..open.len())
                    .filter(|it| report.unknown[*it].layers.contains(layer) && either(&open[*it]));
                report.cell(
                    *layer,
                    claims(one) || claims(other),
                    broken.collect(),
                    boundaries.collect(),
                    unknown.map(|it| report.unknown[it].what.clone()).collect(),
                    [one, other],
                )
            });
            all.push(Row { one, other, pairs, cells: cells.collect() });
        }
    }
    all
}

/// A finding as it is told.
fn broken(scope: &Scope<'_>, it: &Finding, by: &Concerned) -> Broken {
    let name = |it: u32| scope.tenant(it).key.clone();
    let mut pairs: Vec<(String, String)> = Vec::new();
    let mut seen: BTreeSet<(u32, u32)> = BTreeSet::new();
    for between in &it.between {
        for other in between.others.iter().filter(|it| **it != between.one) {
            if pairs.len() < MOST_PAIRS && seen.insert((between.one, *other)) {
                pairs.push((name(between.one), name(*other)));
            }
        }
        if pairs.len() >= MOST_PAIRS {
            break;
        }
    }
    let owner = it.culprit.and_then(|it| scope.owner[it]);
    let tenant = owner.or_else(|| it.between.first().map(|it| it.one)).unwrap_or_default();
    let culprit = it.culprit.map(|it| {
        let thing = scope.thing(it);
        Culprit {
            resource: thing.name.clone(),
            declaration: thing.declaration.clone(),
            loc: thing.loc,
        }
    });
    Broken {
        code: it.code,
        layers: it.layers.clone(),
        culprit,
        message: it.message.clone(),
        notes: it.notes.clone(),
        labels: it.labels.clone(),
        tenant: name(tenant),
        loc: scope.tenant(tenant).loc,
        pairs,
        count: by.count,
    }
}

/// A name with the key of the tenant left out.
fn without_key(name: &str, key: &str) -> String {
    let parts: Vec<&str> = name.split('.').map(|it| if it == key { "*" } else { it }).collect();
    parts.join(".")
}

fn classes(scope: &Scope<'_>) -> (Vec<Class>, Vec<usize>) {
    let all: Vec<(Isolation, Vec<String>)> = scope
        .pool
        .tenants
        .iter()
        .map(|tenant| {
            let names = tenant.things.iter().map(|it| {
                let thing = scope.thing(*it);
                let name = without_key(&thing.name, &tenant.key);
                if name == thing.name || thing.kind == Kind::Other {
                    thing.kind.as_str().to_string()
                } else {
                    name
                }
            });
            let mut names: Vec<String> = names.collect();
            names.sort();
            (tenant.isolation, names)
        })
        .collect();
    let distinct: BTreeSet<&(Isolation, Vec<String>)> = all.iter().collect();
    let by_names = distinct.len() <= MOST_CLASSES;
    let nothing = Vec::new();
    let mut numbers: BTreeMap<(Isolation, &Vec<String>), usize> = BTreeMap::new();
    let mut classes: Vec<Class> = Vec::new();
    let mut class_of = Vec::new();
    for (tenant, (isolation, names)) in all.iter().enumerate() {
        let key = (*isolation, if by_names { names } else { &nothing });
        let number = *numbers.entry(key).or_insert_with(|| {
            classes.push(Class {
                example: scope.pool.tenants[tenant].key.clone(),
                count: 0,
                isolation: *isolation,
                members: Vec::new(),
            });
            classes.len() - 1
        });
        classes[number].count += 1;
        classes[number].members.push(tenant as u32);
        class_of.push(number);
    }
    (classes, class_of)
}
