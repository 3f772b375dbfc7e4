//! Random edits of an architecture: declarations, tiers and zones are added and removed, declarations are
//! renamed and say so. For tests of what stays, here and with real tools (`--example edits`).

use archgen::core::declare::{Kind, RawDeclaration};
use archgen::core::node::{Entry, Node, NodeKind, Reference};
use archgen::{Architecture, Environment, Loc};

/// The words that names are made of; few, so that names come again.
const WORDS: [&str; 10] =
    ["api", "orders", "archive", "ingress", "subnet", "web", "target_group", "keys", "a", "store"];

/// The kinds that come and go.
const KINDS: [Kind; 7] = [
    Kind::EcsService,
    Kind::S3Bucket,
    Kind::Secret,
    Kind::Redis,
    Kind::Efs,
    Kind::RdsPostgres,
    Kind::Alarm,
];

/// A declaration that comes and goes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Item {
    /// Its kind.
    pub kind: Kind,
    /// Its name.
    pub name: String,
    /// The name it had before, in the one emit in which it is renamed.
    pub renamed_from: Option<String>,
}

/// An architecture that is edited.
#[derive(Clone, Debug)]
pub struct Edited {
    /// What comes and goes, besides a VPC, a cluster and a load balancer.
    pub items: Vec<Item>,
    /// The VPC.
    pub network: Item,
    /// The load balancer.
    pub edge: Item,
    /// The tiers after `public` and `private`, wherever they are written: name, prefix length, place.
    pub tiers: Vec<(String, u8)>,
    zones: i128,
    /// The names of the version before.
    before: Vec<String>,
    state: u64,
}

impl Edited {
    /// The first version; the same for the same seed.
    pub fn new(seed: u64) -> Edited {
        let item = |kind, name: &str| Item { kind, name: name.to_string(), renamed_from: None };
        let tiers = [("public", 24), ("private", 24)].map(|(name, it)| (name.to_string(), it));
        let mut first = Edited {
            items: Vec::new(),
            network: item(Kind::Vpc, "network"),
            edge: item(Kind::Alb, "edge"),
            tiers: tiers.to_vec(),
            zones: 2,
            before: Vec::new(),
            state: seed,
        };
        for _ in 0..4 {
            first.add();
        }
        first
    }

    /// A number below `end`.
    fn below(&mut self, end: usize) -> usize {
        // SplitMix64.
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut it = self.state;
        it = (it ^ (it >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        it = (it ^ (it >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((it ^ (it >> 31)) % end as u64) as usize
    }

    fn all(&self) -> impl Iterator<Item = &Item> {
        self.items.iter().chain([&self.network, &self.edge])
    }

    /// A name that nothing has, nor had in the version before.
    fn name(&mut self) -> Option<String> {
        let taken = |name: &str| {
            name == "cluster"
                || self.all().any(|it| it.name == name || it.renamed_from.as_deref() == Some(name))
        };
        let free: Vec<&str> = WORDS.into_iter().filter(|it| !taken(it)).collect();
        if free.is_empty() {
            return None;
        }
        let at = self.below(free.len());
        Some(free[at].to_string())
    }

    fn add(&mut self) {
        let kind = KINDS[self.below(KINDS.len())];
        if let Some(name) = self.name() {
            let at = self.below(self.items.len() + 1);
            self.items.insert(at, Item { kind, name, renamed_from: None });
        }
    }

    /// The name that a declaration of the version before has now; none if it is gone.
    pub fn name_now<'a>(&'a self, before: &'a str) -> Option<&'a str> {
        let named = |it: &&Item| it.renamed_from.as_deref().unwrap_or(&it.name) == before;
        if before == "cluster" {
            return Some(before);
        }
        self.all().find(named).map(|it| it.name.as_str())
    }

    /// The next version: one to three edits.
    pub fn edit(&mut self) {
        // The renames of the version before are made.
        for it in self.items.iter_mut().chain([&mut self.network, &mut self.edge]) {
            it.renamed_from = None;
        }
        self.before = self.all().map(|it| it.name.clone()).collect();
        let mut gone: Vec<(Kind, String)> = Vec::new();
        for _ in 0..=self.below(3) {
            match self.below(10) {
                0..=2 => self.add(),
                3 | 4 if !self.items.is_empty() => {
                    let at = self.below(self.items.len());
                    if self.items[at].renamed_from.is_none() {
                        let it = self.items.remove(at);
                        gone.push((it.kind, it.name));
                    }
                }
                5..=7 => self.rename(),
                8 => {
                    let names: Vec<String> = ["database", "edge_tier", "batch", "ops"]
                        .into_iter()
                        .filter(|it| !self.tiers.iter().any(|(name, _)| name == it))
                        .map(str::to_string)
                        .collect();
                    if let Some(name) = names.first() {
                        let at = self.below(self.tiers.len() + 1);
                        let length = 24 + self.below(3) as u8;
                        self.tiers.insert(at, (name.clone(), length));
                    } else {
                        self.tiers.retain(|(name, _)| name == "public" || name == "private");
                    }
                }
                _ => self.zones = if self.zones == 2 { 3 } else { 2 },
            }
        }
        // A new store beside one that has gone would be an undeclared rename.
        for (kind, _) in gone {
            self.items
                .retain(|it| it.kind != kind || it.renamed_from.is_some() || kind == Kind::Alarm);
        }
    }

    fn rename(&mut self) {
        let at = self.below(self.items.len() + 2);
        let Some(name) = self.name().filter(|it| !self.before.contains(it)) else { return };
        let it = match self.items.len() {
            length if at < length => &mut self.items[at],
            length if at == length => &mut self.network,
            _ => &mut self.edge,
        };
        // One that is new in this version was never emitted; the first name of two is the one that was.
        let before = std::mem::replace(&mut it.name, name);
        it.renamed_from.get_or_insert(before);
    }

    /// The architecture of this version.
    pub fn architecture(&self) -> Architecture {
        let mut builder = Architecture::builder("edited", Environment::Production);
        let vpc = self.network.name.as_str();
        let tiers = self.tiers.iter().map(|(name, length)| {
            (name.as_str(), Node::new(NodeKind::PrefixLength(*length), Loc::NONE))
        });
        builder.push(declaration(
            &self.network,
            vec![
                ("cidr", text("10.0.0.0/16")),
                ("zones", integer(self.zones)),
                ("ipv6", word("Amazon")),
                ("nat", word("Single")),
                ("flow_logs", quantity(30.0, "days")),
                ("subnets", record(tiers.collect())),
            ],
        ));
        let cluster =
            Item { kind: Kind::EcsCluster, name: "cluster".to_string(), renamed_from: None };
        let private = || member(vpc, "private");
        builder.push(declaration(&cluster, vec![("subnets", private())]));
        let services: Vec<&Item> =
            self.items.iter().filter(|it| it.kind == Kind::EcsService).collect();
        let mut routes: Vec<(String, Node)> = services
            .iter()
            .map(|it| (format!("/{}/*", first_letter(&it.name)), reference(it.kind, &it.name)))
            .collect();
        routes.sort_by(|a, b| a.0.cmp(&b.0));
        routes.dedup_by(|a, b| a.0 == b.0);
        if !routes.is_empty() {
            let routes = routes.into_iter().map(|(path, to)| {
                Node::new(NodeKind::Pair(Box::new(text(&path)), Box::new(to)), Loc::NONE)
            });
            let fields =
                vec![("subnets", member(vpc, "public")), ("routes", list(routes.collect()))];
            builder.push(declaration(&self.edge, fields));
        }
        for it in &self.items {
            let fields = match (it.kind, services.first()) {
                (Kind::EcsService, _) => vec![
                    ("cluster", reference(Kind::EcsCluster, "cluster")),
                    ("image", text("public.ecr.aws/nginx/nginx:1.27")),
                    ("port", integer(8080)),
                    ("cpu", integer(256)),
                    ("memory", quantity(512.0, "MB")),
                    ("tasks", integer(2)),
                ],
                (Kind::Redis, _) => {
                    vec![("subnets", private()), ("node", text("cache.t4g.small"))]
                }
                (Kind::Secret, _) => vec![("description", text("Keys of others"))],
                (Kind::Efs, _) => vec![("subnets", private())],
                (Kind::RdsPostgres, _) => vec![
                    ("subnets", private()),
                    ("version", text("16.8")),
                    ("class", text("db.t4g.medium")),
                    ("storage", quantity(100.0, "GB")),
                    ("multi_az", Node::new(NodeKind::Bool(true), Loc::NONE)),
                    ("backups", quantity(7.0, "days")),
                ],
                (Kind::Alarm, None) => continue,
                (Kind::Alarm, Some(service)) => {
                    let metric = Node::new(
                        NodeKind::Compare(
                            Box::new(word("Cpu")),
                            archgen::core::node::Comparison::Greater,
                            Box::new(quantity(80.0, "pct")),
                        ),
                        Loc::NONE,
                    );
                    vec![("watch", reference(service.kind, &service.name)), ("when", metric)]
                }
                _ => Vec::new(),
            };
            builder.push(declaration(it, fields));
        }
        builder.done()
    }
}

fn first_letter(name: &str) -> &str {
    &name[..1]
}

fn declaration(item: &Item, fields: Vec<(&str, Node)>) -> RawDeclaration {
    let mut raw = RawDeclaration::new(item.kind, item.name.clone(), Loc::NONE);
    for (name, value) in fields {
        raw.push(name, Loc::NONE, value);
    }
    if let Some(it) = &item.renamed_from {
        raw.push("renamed_from", Loc::NONE, text(it));
    }
    raw
}

fn text(it: &str) -> Node {
    Node::new(NodeKind::Text(it.to_string()), Loc::NONE)
}

fn integer(it: i128) -> Node {
    Node::new(NodeKind::Integer(it), Loc::NONE)
}

fn word(it: &str) -> Node {
    Node::new(NodeKind::Word(it.to_string()), Loc::NONE)
}

fn quantity(number: f64, unit: &str) -> Node {
    Node::new(NodeKind::Quantity(number, unit.to_string()), Loc::NONE)
}

fn list(items: Vec<Node>) -> Node {
    Node::new(NodeKind::List(items), Loc::NONE)
}

fn record(entries: Vec<(&str, Node)>) -> Node {
    let entries = entries.into_iter();
    let entries = entries
        .map(|(name, value)| Entry { name: name.to_string(), loc: Loc::NONE, value })
        .collect();
    Node::new(NodeKind::Record(entries), Loc::NONE)
}

fn reference(kind: Kind, name: &str) -> Node {
    let reference = Reference { kind, name: name.to_string(), member: None };
    Node::new(NodeKind::Reference(reference), Loc::NONE)
}

fn member(vpc: &str, tier: &str) -> Node {
    let reference =
        Reference { kind: Kind::Vpc, name: vpc.to_string(), member: Some(tier.to_string()) };
    Node::new(NodeKind::Reference(reference), Loc::NONE)
}
