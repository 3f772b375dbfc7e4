//! What rests on several resources at once: what is added to others, and which route table and ACL a
//! subnet uses that no association gives one.

use std::collections::{BTreeMap, BTreeSet};

use archgen_core::Loc;

use super::super::attributes::main_table;
use super::values::blocks;
use super::{Made, Translator, whole};
use crate::read::data::{Data, DataKind, Reference, Unknown};

/// Whether nothing is known of which resource a value names.
fn anything(of: &Data) -> bool {
    matches!(of.kind, DataKind::Unknown(Unknown { source: None, .. }))
}

/// What an association says of subnets: those it certainly names, whether it may name any, and those
/// it may name.
struct Said {
    certain: BTreeSet<String>,
    any: Option<String>,
}

impl Translator<'_, '_> {
    /// Settles what could only be once everything was there.
    pub(super) fn finish(&mut self) {
        for (of, property, value) in std::mem::take(&mut self.additions) {
            if let Some(it) = of.as_resource().and_then(|it| self.made.get_mut(it)) {
                it.append(property, value);
            }
        }
        for of in std::mem::take(&mut self.keeps_default) {
            if let Some(it) = of.as_resource().and_then(|it| self.made.get_mut(it))
                && let Some(vpc) = it.get("VpcId").as_resource()
            {
                let group = Reference {
                    resource: vpc.to_string(),
                    attribute: Some("DefaultSecurityGroup".to_string()),
                    index: None,
                };
                let group = Data::new(it.loc, DataKind::Reference(group));
                if !blocks(&it.get("SecurityGroupIds")).iter().any(|it| it.0 == group) {
                    it.append("SecurityGroupIds", group);
                }
            }
        }
        for name in &self.unaccepted {
            if self.accepted.contains(name)
                && let Some(it) = self.made.get_mut(name)
            {
                it.maybe = None;
            }
        }
        self.inline_and_apart();
        self.main_tables();
        self.routes_to_any();
        self.tables_of_others();
        self.acls_of_others();
    }

    /// The route tables that came with VPCs, where something refers to them.
    fn main_tables(&mut self) {
        let named: BTreeMap<String, Loc> = self.world.main_tables.borrow().clone();
        for (vpc, loc) in named {
            let name = main_table(&vpc);
            let table = match self.adopted.get(&name) {
                Some(it) => it.clone(),
                None => {
                    let Some(of) = self.made.get(&vpc) else { continue };
                    let table = Made {
                        name: name.clone(),
                        address: of.address.clone(),
                        kind: "AWS::EC2::RouteTable",
                        type_name: "aws_default_route_table".to_string(),
                        loc,
                        maybe: None,
                        opaque: false,
                        properties: BTreeMap::from([("VpcId", whole(loc, &vpc))]),
                    };
                    self.made.insert(name.clone(), table);
                    name
                }
            };
            self.main.entry(vpc).or_insert(whole(loc, &table));
        }
        for (vpc, table) in std::mem::take(&mut self.changed_main) {
            self.main.insert(vpc, table);
        }
    }

    fn names_of(&self, kind: &str) -> Vec<String> {
        self.made.values().filter(|it| it.kind == kind).map(|it| it.name.clone()).collect()
    }

    /// What may change any table or ACL, as it is not known which it changes.
    fn routes_to_any(&mut self) {
        for (kind, property, of) in [
            ("AWS::EC2::Route", "RouteTableId", "AWS::EC2::RouteTable"),
            ("AWS::EC2::NetworkAclEntry", "NetworkAclId", "AWS::EC2::NetworkAcl"),
        ] {
            let targets = self.names_of(of);
            let open: Vec<String> = self
                .made
                .values()
                .filter(|it| it.kind == kind && anything(&it.get(property)))
                .map(|it| it.name.clone())
                .collect();
            for name in open {
                let Some(it) = self.made.remove(&name) else { continue };
                let why = it.maybe.clone().unwrap_or_else(|| it.get(property).what());
                if targets.is_empty() {
                    self.made.insert(name, it);
                    continue;
                }
                for target in &targets {
                    let mut one = it.copy(&format!("{name}.{target}"));
                    one.maybe = Some(why.clone());
                    one.set(property, whole(it.loc, target));
                    self.add(one);
                }
            }
        }
    }

    /// What associations of a kind say of subnets.
    fn said(&self, kind: &str) -> Said {
        let mut said = Said { certain: BTreeSet::new(), any: None };
        for it in self.made.values().filter(|it| it.kind == kind) {
            let subnet = it.get("SubnetId");
            for (one, maybe) in blocks(&subnet) {
                match one.as_resource() {
                    Some(name) if maybe.is_none() && it.maybe.is_none() => {
                        said.certain.insert(name.to_string());
                    }
                    Some(name) => {
                        // The reader says of this one that its table is not known.
                        said.certain.insert(name.to_string());
                    }
                    None if anything(&one) => said.any = Some(one.what()),
                    None => {}
                }
            }
        }
        said
    }

    /// Subnets without a table of their own use the VPC's main one.
    fn tables_of_others(&mut self) {
        let kind = "AWS::EC2::SubnetRouteTableAssociation";
        let said = self.said(kind);
        let main = self.main.clone();
        self.others(kind, &said, "RouteTableId", &|vpc| main.get(vpc).cloned());
    }

    /// Subnets without an ACL of their own use the VPC's default one, where a resource looks after it.
    fn acls_of_others(&mut self) {
        let kind = "AWS::EC2::SubnetNetworkAclAssociation";
        let said = self.said(kind);
        let acls = self.acls.clone();
        self.others(kind, &said, "NetworkAclId", &|vpc| {
            acls.get(vpc).map(|it| whole(Loc::NONE, it))
        });
    }

    fn others(
        &mut self,
        kind: &'static str,
        said: &Said,
        property: &'static str,
        of: &dyn Fn(&str) -> Option<Data>,
    ) {
        for subnet in self.names_of("AWS::EC2::Subnet") {
            if said.certain.contains(&subnet) {
                continue;
            }
            let Some(own) = self.made.get(&subnet) else { continue };
            let vpc = own.get("VpcId");
            let value = vpc.as_resource().and_then(of);
            let (value, maybe) = match (value, &said.any) {
                (None, None) => continue,
                (Some(it), any) => (it, any.clone()),
                (None, Some(why)) => (Data::unknown(own.loc, why.clone()), Some(why.clone())),
            };
            let mut it = own.copy(&format!("{subnet}.{property}"));
            it.kind = kind;
            it.type_name = if property == "RouteTableId" {
                "aws_route_table_association".to_string()
            } else {
                "aws_network_acl_association".to_string()
            };
            it.maybe = maybe;
            it.properties.clear();
            it.set("SubnetId", whole(it.loc, &subnet));
            it.set(property, value);
            self.add(it);
        }
    }
}

impl Made {
    /// The same under another name.
    fn copy(&self, name: &str) -> Made {
        Made {
            name: name.to_string(),
            address: self.address.clone(),
            kind: self.kind,
            type_name: self.type_name.clone(),
            loc: self.loc,
            maybe: self.maybe.clone(),
            opaque: self.opaque,
            properties: self.properties.clone(),
        }
    }
}
