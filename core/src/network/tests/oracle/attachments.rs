//! Transit gateways: what is attached, and which routes decide for it.

use super::net::{AttachmentInfo, Net, TransitWay, block, known, number};
use crate::resource::{
    Ref, ResourceGraph, TransitGateway, TransitGatewayAssociation, TransitGatewayAttachment,
    TransitGatewayPropagation, TransitGatewayRoute, TransitGatewayRouteTable,
};

impl Net {
    pub fn attach(&mut self, graph: &ResourceGraph) -> Option<()> {
        for (_, _, it) in graph.all::<TransitGateway>() {
            self.transits.push(known(&it.group_references)?);
        }
        for (_, _, it) in graph.all::<TransitGatewayAttachment>() {
            let subnets: Option<Vec<usize>> = it.subnets.iter().map(|it| self.subnet(it)).collect();
            self.attachments.push(AttachmentInfo {
                gateway: number(graph, &it.gateway)?,
                vpc: number(graph, &it.vpc)?,
                subnets: subnets?,
                six: known(&it.ipv6)?,
                routes: Vec::new(),
            });
        }
        for (index, (id, _, it)) in graph.all::<TransitGatewayAttachment>().enumerate() {
            let mut associations = graph.all::<TransitGatewayAssociation>();
            let association = associations.find(|(_, _, it)| it.attachment == id);
            let gateway = graph.get(&it.gateway)?;
            self.attachments[index].routes = match association {
                Some((_, _, it)) => self.own_table(graph, &it.table)?,
                None if known(&gateway.default_association)? => self.default_table(graph, index)?,
                None => Vec::new(),
            };
        }
        Some(())
    }

    fn announced(&self, attachment: usize) -> Vec<TransitWay> {
        let it = &self.attachments[attachment];
        let blocks = self.vpcs[it.vpc].blocks.iter().filter(|block| it.six || !block.six);
        blocks.map(|block| (*block, false, Some(attachment))).collect()
    }

    fn own_table(
        &self,
        graph: &ResourceGraph,
        table: &Ref<TransitGatewayRouteTable>,
    ) -> Option<Vec<TransitWay>> {
        graph.get(table)?;
        let mut routes = Vec::new();
        for (_, _, it) in graph.all::<TransitGatewayPropagation>() {
            if it.table == *table {
                routes.extend(self.announced(number(graph, &it.attachment)?));
            }
        }
        for (_, _, it) in graph.all::<TransitGatewayRoute>() {
            if it.table == *table {
                let target = match &it.target {
                    Some(it) => Some(number(graph, it)?),
                    None => None,
                };
                routes.push((block(&it.destination)?, true, target));
            }
        }
        Some(routes)
    }

    fn default_table(&self, graph: &ResourceGraph, attachment: usize) -> Option<Vec<TransitWay>> {
        let gateway = self.attachments[attachment].gateway;
        let (_, _, it) = graph.all::<TransitGateway>().nth(gateway)?;
        if !known(&it.default_propagation)? {
            return Some(Vec::new());
        }
        let same = |it: &usize| self.attachments[*it].gateway == gateway;
        Some((0..self.attachments.len()).filter(same).flat_map(|it| self.announced(it)).collect())
    }
}
