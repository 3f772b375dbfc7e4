//! Transit gateways of a [`ResourceGraph`](crate::resource::ResourceGraph), with their attachments and tables.

use std::collections::BTreeMap;

use super::build::{Builder, Index, net};
use super::transit::{AttachedTable, Attachment, Transit, TransitTable, TransitTarget};
use crate::resource::{
    ResourceId, TransitGateway, TransitGatewayAssociation, TransitGatewayAttachment,
    TransitGatewayPropagation, TransitGatewayRoute, TransitGatewayRouteTable,
};
use crate::value::Value;

/// A part of a transit gateway: its number, and the part's number in it.
type Parts = BTreeMap<ResourceId, (usize, usize)>;

impl Builder<'_> {
    /// Reads the transit gateways; gives their positions by name.
    pub(super) fn transits(&mut self) -> Index {
        let graph = self.graph;
        let mut index = Index::new();
        for (id, resource, it) in graph.all::<TransitGateway>() {
            index.insert(id.id().clone(), self.model.transits.len());
            self.model.transits.push(Transit {
                name: resource.declaration.clone(),
                group_references: it.group_references.clone(),
                attachments: Vec::new(),
                tables: vec![TransitTable::default()],
            });
        }
        let mut tables = Parts::new();
        for (id, _, it) in graph.all::<TransitGatewayRouteTable>() {
            if let Some(transit) = index.get(it.gateway.id()) {
                let all = &mut self.model.transits[*transit].tables;
                tables.insert(id.id().clone(), (*transit, all.len()));
                all.push(TransitTable::default());
            }
        }
        let mut attachments = Parts::new();
        for (id, _, it) in graph.all::<TransitGatewayAttachment>() {
            let Some(transit) = index.get(it.gateway.id()).copied() else {
                continue;
            };
            let (association, propagation) = match graph.get(&it.gateway) {
                Some(it) => (&it.default_association, &it.default_propagation),
                None => (&Value::Unknown, &Value::Unknown),
            };
            let number = self.model.transits[transit].attachments.len();
            let subnets = it.subnets.iter().filter_map(|it| self.subnets.get(it.id()).copied());
            let attachment = Attachment {
                vpc: self.vpcs.get(it.vpc.id()).copied(),
                subnets: subnets.collect(),
                ipv6: it.ipv6.clone(),
                table: match association {
                    Value::Literal(true) => AttachedTable::Table(0),
                    Value::Literal(false) => AttachedTable::None,
                    Value::Parameter(_) | Value::Unknown => AttachedTable::Unknown,
                },
            };
            attachments.insert(id.id().clone(), (transit, number));
            let gateway = &mut self.model.transits[transit];
            gateway.attachments.push(attachment);
            match propagation {
                Value::Literal(true) => gateway.tables[0].propagated.push(number),
                Value::Literal(false) => {}
                Value::Parameter(_) | Value::Unknown => gateway.tables[0].unknown = true,
            }
        }
        self.transit_routes(&tables, &attachments);
        index
    }

    fn transit_routes(&mut self, tables: &Parts, attachments: &Parts) {
        let graph = self.graph;
        for (_, _, it) in graph.all::<TransitGatewayAssociation>() {
            let Some((transit, attachment)) = attachments.get(it.attachment.id()).copied() else {
                continue;
            };
            self.model.transits[transit].attachments[attachment].table =
                match tables.get(it.table.id()) {
                    Some((_, table)) => AttachedTable::Table(*table),
                    None => AttachedTable::Unknown,
                };
        }
        for (_, _, it) in graph.all::<TransitGatewayPropagation>() {
            let Some((transit, table)) = tables.get(it.table.id()).copied() else {
                continue;
            };
            let table = &mut self.model.transits[transit].tables[table];
            match attachments.get(it.attachment.id()) {
                Some((_, attachment)) => table.propagated.push(*attachment),
                None => table.unknown = true,
            }
        }
        for (_, _, it) in graph.all::<TransitGatewayRoute>() {
            let Some((transit, table)) = tables.get(it.table.id()).copied() else {
                continue;
            };
            let target = match &it.target {
                None => TransitTarget::Blackhole,
                Some(it) => match attachments.get(it.id()) {
                    Some((_, attachment)) => TransitTarget::Attachment(*attachment),
                    None => TransitTarget::Unknown,
                },
            };
            self.model.transits[transit].tables[table].routes.push((net(&it.destination), target));
        }
    }
}
