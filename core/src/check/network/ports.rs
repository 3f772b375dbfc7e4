//! Administrative and database ports that are open to everybody.

use std::collections::BTreeSet;

use super::Scope;
use crate::check::Context;
use crate::codes::Code;
use crate::diagnostic::Diagnostic;
use crate::network::traffic::{Admitted, Protocol, Ranges};
use crate::resource::network::{Direction, RulePeer};
use crate::resource::{ResourceGraph, ResourceId, SecurityGroupRule};
use crate::types::Cidr;
use crate::value::Value;

/// Ports by which machines are administered.
const ADMINISTRATIVE: [(u16, &str); 6] =
    [(22, "SSH"), (23, "Telnet"), (445, "SMB"), (3389, "RDP"), (5985, "WinRM"), (5986, "WinRM")];

/// Ports of databases, caches and file systems.
const STORES: [(u16, &str); 12] = [
    (1433, "SQL Server"),
    (1521, "Oracle"),
    (2049, "NFS"),
    (3306, "MySQL"),
    (5432, "PostgreSQL"),
    (5439, "Redshift"),
    (6379, "Redis"),
    (7000, "Cassandra"),
    (9042, "Cassandra"),
    (9200, "Elasticsearch"),
    (11211, "Memcached"),
    (27017, "MongoDB"),
];

/// AG0311: an administrative or database port is open to the world. Rules in `reported` are left out.
pub(super) fn check(scope: &Scope<'_>, reported: &BTreeSet<ResourceId>, cx: &mut Context<'_>) {
    for (id, resource, rule) in scope.graph.all::<SecurityGroupRule>() {
        if rule.direction != Direction::Ingress
            || !scope.is_written(resource)
            || reported.contains(id.id())
        {
            continue;
        }
        let Some(block) = everybody(&rule.peer, scope.graph) else {
            continue;
        };
        let admitted = Admitted::of(&rule.traffic).certain;
        let open = |ports: &[(u16, &str)]| -> Vec<String> {
            ports
                .iter()
                .filter(|(port, _)| {
                    [Protocol::Tcp, Protocol::Udp]
                        .iter()
                        .any(|it| admitted.of_protocol(*it).contains(&Ranges::of(*port, *port)))
                })
                .map(|(port, what)| format!("{port} ({what})"))
                .collect()
        };
        let (machines, stores) = (open(&ADMINISTRATIVE), open(&STORES));
        let all = [machines.as_slice(), &stores].concat();
        if all.is_empty() {
            continue;
        }
        let ports = match all.as_slice() {
            [one] => format!("port {one}"),
            [..] if admitted.is_all() => "every port".to_string(),
            [..] => format!("ports {}", all.join(", ")),
        };
        let help = if machines.is_empty() {
            "name the group of its clients, or their addresses"
        } else {
            "name the group or the addresses of those who need it; for a shell, use ECS Exec or \
             Session Manager"
        };
        let group = scope.name_of(rule.group.id());
        cx.push(
            Diagnostic::new(
                Code::AG0311,
                resource.loc,
                format!("security group `{group}` opens {ports} to {block}"),
            )
            .help(help),
        );
    }
}

/// The block of a rule that holds all addresses of a family, by itself or in a prefix list.
fn everybody(peer: &RulePeer, graph: &ResourceGraph) -> Option<String> {
    let all = |it: &Value<Cidr>| it.literal().copied().filter(|it| it.0.prefix_len() == 0);
    match peer {
        RulePeer::Cidr(it) => Some(all(it)?.to_string()),
        RulePeer::PrefixList(list) => {
            let block = graph.get(list)?.entries.iter().find_map(all)?;
            let name = graph.resources.get(list.id()).map(|it| &it.declaration)?;
            Some(format!("{block} by prefix list `{name}`"))
        }
        RulePeer::Group(_) => None,
    }
}

#[cfg(test)]
mod tests;
