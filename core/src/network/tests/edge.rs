//! CloudFront before a load balancer: who reaches what, and by which way.

use crate::architecture::Architecture;
use crate::check::testing::architecture;
use crate::environment::Environment;
use crate::network::relation::INTERNET;
use crate::network::{Answer, Family, Model, Question, Relation, Side, Wanted};
use crate::resource::network::Traffic;

fn shop(open_to: &str) -> Architecture {
    let source = format!(
        r#"
        vpc network {{ cidr: "10.0.0.0/16", zones: 2, subnets: {{ public: /24, private: /24 }}, nat: PerZone }}
        certificate tls {{ domain: "example.com" }}
        ecs_cluster cluster {{ subnets: network.private }}
        ecs_service api {{ cluster: cluster, image: "api:1", port: 8000, cpu: 256, memory: 512MB, tasks: 2 }}
        alb edge {{ subnets: network.public, certificate: tls, open_to: {open_to}, routes: ["/" => api] }}
        cloudfront cdn {{ origin: edge, aliases: ["example.com"], certificate: tls }}
        "#
    );
    architecture(&source, Environment::Production)
}

fn model(open_to: &str) -> Model {
    Model::new(&crate::lower::lower(&shop(open_to)))
}

fn tcp(port: u16) -> Wanted {
    Wanted::of(&Traffic::tcp_port(port))
}

fn endpoint(name: &str) -> Side {
    Side::Endpoint(name.to_string())
}

fn direct(model: &Model, from: &Side, to: &str, port: u16) -> Answer {
    model.reach(from, &endpoint(to), &tcp(port), Question::Open).answer
}

#[test]
fn the_internet_reaches_what_is_open_to_cloudfront_by_cloudfront_only() {
    let model = model("CloudFront");
    assert_eq!(direct(&model, &Side::Internet, "edge", 443), Answer::No);
    assert_eq!(direct(&model, &Side::Internet, "cdn", 443), Answer::Yes);
    assert_eq!(direct(&model, &Side::Internet, "cdn", 22), Answer::No);
    assert_eq!(direct(&model, &endpoint("cdn"), "edge", 443), Answer::Yes);
    // What the load balancer would send to HTTPS is not asked for by a distribution.
    assert_eq!(direct(&model, &endpoint("cdn"), "edge", 80), Answer::No);
    assert_eq!(direct(&model, &endpoint("cdn"), "api", 8000), Answer::No);
    let chain = model
        .through_load_balancer(&Side::Internet, "api", &tcp(8000), Question::Open)
        .expect("a way");
    assert_eq!(chain.answer, Answer::Yes);
    let ends: Vec<(&str, &str)> = chain
        .legs()
        .iter()
        .filter_map(|(it, _)| it.path.as_ref())
        .map(|it| (it.from.name.as_str(), it.to.name.as_str()))
        .collect();
    assert_eq!(ends, [("the internet", "`cdn`"), ("`cdn`", "`edge`"), ("`edge`", "`api`")]);
    let why = model.explain(&Side::Internet, &endpoint("api"), &tcp(8000));
    assert_eq!((why.answer, why.flows.len()), (Answer::Yes, 3));
}

#[test]
fn what_is_open_to_everyone_is_open_to_cloudfront_too() {
    let model = model("Everyone");
    assert_eq!(direct(&model, &Side::Internet, "edge", 443), Answer::Yes);
    assert_eq!(direct(&model, &endpoint("cdn"), "edge", 443), Answer::Yes);
}

#[test]
fn who_is_let_in_is_not_known_where_open_to_is_not() {
    let model = model("?");
    assert_eq!(direct(&model, &Side::Internet, "edge", 443), Answer::Unknown);
}

#[test]
fn the_relation_says_the_same() {
    let model = model("CloudFront");
    let relation = Relation::new(&model);
    let number = |name: &str| {
        relation.names().iter().position(|it| it == name).map(|it| it as u32).expect("an endpoint")
    };
    let (internet, api, edge) = (number(INTERNET), number("api"), number("edge"));
    assert!(!relation.rows().any(|it| it.from.contains(&internet) && it.to.contains(&edge)));
    let chains = relation.chains();
    let to_api: Vec<_> = chains
        .iter()
        .filter(|it| it.from.contains(&internet) && it.to.contains(&api))
        .filter(|it| it.family == Family::Ipv4)
        .collect();
    assert_eq!(to_api.len(), 1);
    let via: Vec<&str> = to_api[0].via.iter().map(String::as_str).collect();
    assert_eq!(via, ["cdn", "edge"]);
}

#[test]
fn a_rule_that_names_the_list_counts_as_all_that_is_in_it() {
    let graph = crate::lower::lower(&shop("CloudFront"));
    let list = graph.all::<crate::resource::PrefixList>().next().expect("the list").2;
    assert!(list.is_managed_by_aws());
    assert_eq!(list.max_entries.literal(), Some(&55));
}
