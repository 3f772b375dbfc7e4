//! The routes of a load balancer: their patterns, and priorities that other routes cannot change.

use std::collections::{BTreeMap, BTreeSet};

use super::load_balancer::rule_of_tenant;
use crate::architecture::Architecture;
use crate::declare::Alb;
use crate::declare::alb::RoutedService;
use crate::field::Pair;
use crate::value::{Field, Value};

/// A route as the author wrote it: a pattern and the service that gets its requests.
pub type Route = Field<Pair<String, RoutedService>>;

/// What a route matches.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Pattern {
    /// `"/"`: what no other route takes.
    Default,
    /// `"/api/*"`: paths on every host.
    Path(String),
    /// `"admin.example.com"`: every path of hosts.
    Host(String),
    /// `"api.example.com/v1/*"`: paths of hosts.
    HostAndPath(String, String),
    /// `"X-Tenant: acme"`: every path of every host, with a header that has a value.
    Header(String, String),
}

/// The priority of the rule of a default route, where it has one.
pub const LAST_PRIORITY: u16 = 50_000;

/// Literal lengths that get priorities of their own, and how many priorities each gets: first the
/// patterns without wildcards, then those with.
struct Band {
    first: u32,
    lengths: u32,
    exact: u32,
    wild: u32,
}

const HOST_AND_PATH: Band = Band { first: 1, lengths: 80, exact: 25, wild: 100 };
const HOST: Band = Band { first: 10_001, lengths: 40, exact: 200, wild: 50 };
const PATH: Band = Band { first: 20_001, lengths: 60, exact: 100, wild: 399 };

impl Pattern {
    /// Reads a pattern, or says what is wrong with it.
    ///
    /// # Errors
    ///
    /// What is wrong, to follow the pattern in a message.
    ///
    /// The characters are those of
    /// <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html>.
    pub fn parse(text: &str) -> Result<Pattern, String> {
        if let Some((name, value)) = text.split_once(": ") {
            check_header(name, value)?;
            return Ok(Pattern::Header(name.to_string(), value.to_string()));
        }
        let (host, path) = match text.find('/') {
            Some(0) => (None, Some(text)),
            Some(slash) => (Some(&text[..slash]), Some(&text[slash..])),
            None => (Some(text), None),
        };
        if let Some(path) = path {
            check_path(path)?;
        }
        if let Some(host) = host {
            check_host(host)?;
        }
        if text.chars().filter(|it| matches!(it, '*' | '?')).count() > 6 {
            return Err("has more than 6 wildcards".to_string());
        }
        match (host, path) {
            (None, Some("/")) => Ok(Pattern::Default),
            (None, Some("/*")) => Err("takes every path, which is what `\"/\"` is for".to_string()),
            (None, Some(path)) => Ok(Pattern::Path(path.to_string())),
            (Some(host), Some("/" | "/*") | None) => Ok(Pattern::Host(host.to_string())),
            (Some(host), Some(path)) => {
                Ok(Pattern::HostAndPath(host.to_string(), path.to_string()))
            }
            (None, None) => Err("is empty".to_string()),
        }
    }

    /// The hosts it matches, if not every one.
    pub fn host(&self) -> Option<&str> {
        match self {
            Pattern::Default | Pattern::Path(_) | Pattern::Header(..) => None,
            Pattern::Host(it) | Pattern::HostAndPath(it, _) => Some(it),
        }
    }

    /// The paths it matches, if not every one.
    pub fn path(&self) -> Option<&str> {
        match self {
            Pattern::Default | Pattern::Host(_) | Pattern::Header(..) => None,
            Pattern::Path(it) | Pattern::HostAndPath(_, it) => Some(it),
        }
    }

    /// The header that it asks for, with its value.
    pub fn header(&self) -> Option<(&str, &str)> {
        match self {
            Pattern::Header(name, value) => Some((name, value)),
            Pattern::Default | Pattern::Path(_) | Pattern::Host(_) | Pattern::HostAndPath(..) => {
                None
            }
        }
    }

    /// The priority of its rule, 1 to 50000.
    ///
    /// It depends on nothing but the pattern: what is more exact comes first (hosts with paths, then
    /// hosts, then paths; the longer literal part; no wildcard before wildcards), and a hash spreads
    /// equals. So a route keeps its priority whatever is added beside it.
    pub fn priority(&self) -> u16 {
        self.priorities().next().unwrap_or(LAST_PRIORITY)
    }

    /// The priority of its rule, and those that it may have instead where another rule has it: first the others
    /// of patterns as long, then those of longer ones. None of a pattern without wildcards is behind a pattern
    /// that takes its requests, too.
    fn priorities(&self) -> impl Iterator<Item = u16> {
        let (band, text) = match self {
            Pattern::Default => (None, String::new()),
            Pattern::Path(path) => (Some(PATH), path.clone()),
            Pattern::Host(host) => (Some(HOST), host.clone()),
            Pattern::HostAndPath(host, path) => (Some(HOST_AND_PATH), format!("{host}{path}")),
            // It takes every path of every host, so that it comes before what asks for these only.
            Pattern::Header(name, value) => (Some(HOST_AND_PATH), format!("{name}: {value}")),
        };
        let literal = text.chars().filter(|it| !matches!(it, '*' | '?')).count();
        let is_wild = text.contains(['*', '?']);
        let slots = band.into_iter().flat_map(move |band| {
            let length = u32::try_from(literal).unwrap_or(u32::MAX).clamp(1, band.lengths);
            let (offset, count) = if is_wild { (band.exact, band.wild) } else { (0, band.exact) };
            let hash = fnv(&text);
            (length..=band.lengths).flat_map(move |length| {
                let start = band.first + (band.lengths - length) * (band.exact + band.wild);
                (0..count).map(move |step| start + offset + (hash.wrapping_add(step)) % count)
            })
        });
        slots.filter_map(|it| u16::try_from(it).ok())
    }
}

/// The priorities of a load balancer's rules, by pattern.
///
/// Those of the author's routes depend on nothing but the pattern. Those of tenants, which nobody could number by
/// hand, are the ones that they had when last emitted; new ones get the first that is free. So no rule is
/// renumbered when a tenant comes or goes.
pub fn priorities(architecture: &Architecture, alb: &Alb) -> BTreeMap<String, Value<u16>> {
    let mut all: BTreeMap<String, Value<u16>> = BTreeMap::new();
    let mut taken: BTreeSet<u16> = BTreeSet::new();
    for text in alb.known_routes().filter_map(|it| it.literal()?.key.literal()) {
        let Ok(pattern) = Pattern::parse(text) else { continue };
        let priority = match alb.given_priority(text) {
            Some(given) => match &given.value {
                Value::Literal(it) => u16::try_from(it.0).map_or(Value::Unknown, Value::Literal),
                Value::Parameter(name) => Value::Parameter(name.clone()),
                Value::Unknown => Value::Unknown,
            },
            None => Value::Literal(pattern.priority()),
        };
        taken.extend(priority.literal());
        all.insert(text.clone(), priority);
    }
    let mut new = Vec::new();
    for it in architecture.tenant_routes(&alb.meta.name) {
        let Some(text) = it.literal().and_then(|it| it.key.literal()) else { continue };
        let Some(id) = rule_of_tenant(architecture, alb, text) else { continue };
        let past = architecture.history().and_then(|it| it.resources.get(id.id()));
        match past.and_then(|it| it.priority).filter(|it| taken.insert(*it)) {
            Some(priority) => {
                all.insert(text.clone(), Value::Literal(priority));
            }
            None => new.push(text),
        }
    }
    for text in new {
        let Ok(pattern) = Pattern::parse(text) else { continue };
        let free = pattern.priorities().find(|it| taken.insert(*it));
        all.insert(text.clone(), free.map_or(Value::Unknown, Value::Literal));
    }
    all
}

/// The values of header conditions have 128 characters at most, and their names 40.
/// <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html>
fn check_header(name: &str, value: &str) -> Result<(), String> {
    let allowed = |it: char| it.is_ascii_alphanumeric() || "*?-!#$%&'+.^_`|~".contains(it);
    if name.is_empty() || name.len() > 40 || !name.chars().all(allowed) {
        return Err("has no header's name before `: `".to_string());
    }
    if name.eq_ignore_ascii_case("host") {
        return Err("asks for the header `Host`, which is what a host is for".to_string());
    }
    if value.is_empty() || value.len() > 128 {
        return Err("has a value that is empty or longer than 128 characters".to_string());
    }
    match value.chars().find(|it| !it.is_ascii_graphic() && *it != ' ') {
        Some(it) => Err(format!("holds `{it}`, which the value of a header cannot")),
        None => Ok(()),
    }
}

fn check_path(path: &str) -> Result<(), String> {
    if path.len() > 128 {
        return Err("is longer than 128 characters".to_string());
    }
    let allowed = |it: char| it.is_ascii_alphanumeric() || "_-.$/~\"'@:+&*?".contains(it);
    match path.chars().find(|it| !allowed(*it)) {
        Some(it) => Err(format!("holds `{it}`, which a path pattern cannot")),
        None => Ok(()),
    }
}

fn check_host(host: &str) -> Result<(), String> {
    if host.is_empty() {
        return Err("is empty".to_string());
    }
    if host.len() > 128 {
        return Err("has a host longer than 128 characters".to_string());
    }
    let allowed = |it: char| it.is_ascii_alphanumeric() || "-.*?".contains(it);
    if let Some(it) = host.chars().find(|it| !allowed(*it)) {
        return Err(format!("holds `{it}`, which a host cannot"));
    }
    match host.rsplit_once('.') {
        Some((before, last))
            if !before.is_empty()
                && !last.is_empty()
                && last.chars().all(|it| it.is_ascii_alphabetic()) =>
        {
            Ok(())
        }
        Some(_) | None => Err("is neither a path, which starts with `/`, nor a host such as \
                               `admin.example.com`"
            .to_string()),
    }
}

/// FNV-1a, 32 bits: the same on every machine and in every version.
fn fnv(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

impl Alb {
    /// The routes, as far as they are known.
    pub fn known_routes(&self) -> impl Iterator<Item = &Route> {
        self.routes.literal().into_iter().flatten()
    }

    /// The priority that the author gave a route.
    pub fn given_priority(&self, pattern: &str) -> Option<&Field<crate::types::Count>> {
        let list = self.priorities.as_ref()?.literal()?;
        list.iter()
            .filter_map(Field::literal)
            .find(|it| it.key.literal().is_some_and(|key| key == pattern))
            .map(|it| &it.value)
    }
}

/// Every route that leads to the service `name`, by load balancer.
pub fn routes_to<'a>(architecture: &'a Architecture, name: &str) -> Vec<(&'a Alb, &'a Route)> {
    // Tenants that share a service have rules beside the service's own.
    let mut all: Vec<(&Alb, &Route)> = architecture.tenant_route_to(name).into_iter().collect();
    for alb in architecture.all::<Alb>() {
        for route in alb.known_routes() {
            let leads = route.literal().and_then(|it| it.value.literal());
            if leads.is_some_and(|it| it.name() == name) {
                all.push((alb, route));
            }
        }
    }
    all
}

/// Whether every route of every load balancer is known.
pub fn all_routes_known(architecture: &Architecture) -> bool {
    !architecture.open
        && architecture.all::<Alb>().all(|alb| {
            alb.routes.literal().is_some_and(|routes| {
                routes.iter().all(|it| it.literal().is_some_and(|it| it.value.literal().is_some()))
            })
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn priority(text: &str) -> u16 {
        Pattern::parse(text).map(|it| it.priority()).unwrap_or(0)
    }

    #[test]
    fn the_more_exact_pattern_comes_first() {
        let order = [
            "api.example.com/v1/users/*",
            "api.example.com/v1/*",
            "api.example.com",
            "*.example.com",
            "/api/v1/users",
            "/api/v1/user*",
            "/api/v1/*",
            "/api/*",
            "/a*",
            "/",
        ];
        let got: Vec<u16> = order.iter().map(|it| priority(it)).collect();
        assert!(got.iter().all(|it| (1..=LAST_PRIORITY).contains(it)), "{got:?}");
        assert!(got.is_sorted_by(|a, b| a < b), "{got:?}");
    }

    #[test]
    fn priorities_are_what_they_always_were() {
        // Changing one of these numbers would renumber the rules of everybody's load balancers.
        assert_eq!(
            [priority("/api/*"), priority("/qdrant/*"), priority("admin.example.com")],
            [47_840, 46_110, 15_818]
        );
    }

    #[test]
    fn every_length_stays_in_its_band() {
        for length in 1..=128 {
            let path = format!("/{}", "a".repeat(length - 1));
            let Ok(Pattern::Path(_) | Pattern::Default) = Pattern::parse(&path) else {
                panic!("{path} is a path")
            };
            assert!((20_001..=50_000).contains(&Pattern::Path(path).priority()));
        }
    }

    #[test]
    fn malformed_patterns_are_refused() {
        for text in
            ["", "api", "/a b", "/*", "exam ple.com", "example.c0m", ".com", "/*/*/*/*/*/*/*"]
        {
            assert!(Pattern::parse(text).is_err(), "{text}");
        }
        assert_eq!(
            Pattern::parse("a.example.com/"),
            Ok(Pattern::Host("a.example.com".to_string()))
        );
    }
}
