//! VPC endpoints.

use archgen_core::resource::Ref;
use archgen_core::resource::interfaces::InterfaceKind;
use archgen_core::resource::network::{EndpointKind, EndpointService, VpcEndpoint};
use archgen_core::value::Value;

use super::{Item, Reader, Standing};
use crate::read::data::{Data, DataKind};

impl<'a> Reader<'a> {
    pub(super) fn vpc_endpoint(&mut self, item: &Item<'a>) {
        self.note_maybe(item);
        let vpc = self.get(item, "VpcId");
        let vpc = self.vpc_of(item, "VpcId", &vpc);
        let service = self.get(item, "ServiceName");
        let named = service_of(&service);
        let kind = self.get(item, "VpcEndpointType");
        let kind = if kind.is_absent() { "Gateway" } else { kind.as_text().unwrap_or_default() };
        match kind {
            "Gateway" => {
                let tables = self.get(item, "RouteTableIds");
                let tables = self.tables_of(item, "RouteTableIds", &tables);
                let Some(service) = named else {
                    self.unknown(item, "ServiceName", &service);
                    return;
                };
                // One that may not be there is a way of which nothing is known.
                let kind = if item.maybe.is_none() {
                    EndpointKind::Gateway { tables }
                } else {
                    EndpointKind::Interface { subnets: Vec::new(), groups: Vec::new() }
                };
                self.add(item, VpcEndpoint { vpc, service, kind });
            }
            "Interface" => {
                let subnets = self.get(item, "SubnetIds");
                let subnets = self.subnets_of(item, "SubnetIds", &subnets);
                let groups = self.get(item, "SecurityGroupIds");
                let groups = self.groups_of(item, "SecurityGroupIds", &groups, subnets.as_deref());
                let private = self.get(item, "PrivateDnsEnabled");
                let private = if private.is_absent() {
                    let why = "AWS's pages differ on whether it is on where nothing is said";
                    self.note(item.loc(), item, "PrivateDnsEnabled", why);
                    Value::Unknown
                } else {
                    self.truth(item, "PrivateDnsEnabled", &private, false)
                };
                let family = self.get(item, "IpAddressType");
                let ipv6 = dual(&family);
                // An endpoint that its service's own name leads to says where it stands by itself.
                if private != Value::Literal(false)
                    && let Some(service) = named
                {
                    let sure = item.maybe.is_none() && private == Value::Literal(true);
                    let kind = EndpointKind::Interface {
                        subnets: subnets.filter(|_| sure).unwrap_or_default(),
                        groups: groups.filter(|_| sure).unwrap_or_default(),
                    };
                    self.add(item, VpcEndpoint { vpc, service, kind });
                    return;
                }
                if named.is_none() {
                    let why = format!(
                        "which service it leads to is not known here ({}); it is read as interfaces",
                        service.what()
                    );
                    self.note(service.loc, item, "ServiceName", why);
                }
                let standing = Standing {
                    kind: InterfaceKind::VpcEndpoint,
                    subnets,
                    groups,
                    public: Value::Literal(false),
                    ipv6,
                    ports: Vec::new(),
                    store: false,
                };
                self.stand(item, item.name(), standing);
            }
            other => {
                let why = format!("endpoints of type `{other}` are not read");
                self.note(item.loc(), item, "VpcEndpointType", why);
            }
        }
    }
}

/// The service of `com.amazonaws.<Region>.<service>`; the Region need not be known.
fn service_of(data: &Data) -> Option<EndpointService> {
    let mut name = String::new();
    if let DataKind::Composed(parts) = &data.kind {
        for part in parts {
            name.push_str(part.as_text().unwrap_or("?"));
        }
    } else {
        name.push_str(data.as_text()?);
    }
    let name = name.strip_prefix("cn.").unwrap_or(&name);
    let (region, service) = name.strip_prefix("com.amazonaws.")?.split_once('.')?;
    if region.is_empty() || service.contains('?') {
        return None;
    }
    EndpointService::ALL.iter().copied().find(|it| it.as_str() == service)
}

/// Whether an address type has IPv6 in it: `dualstack`, `DUAL`, `dual_stack`, `ipv6`; IPv4 alone is AWS's default.
pub(super) fn dual(data: &Data) -> Value<bool> {
    if data.is_absent() {
        return Value::Literal(false);
    }
    match data.as_text() {
        Some(it) => {
            let it = it.to_ascii_lowercase();
            Value::Literal(it.contains("dual") || it.contains("ipv6"))
        }
        None => Value::Unknown,
    }
}

/// Groups of which there may be none: those of a Network Load Balancer.
pub(super) fn no_groups() -> Option<Vec<Ref<archgen_core::resource::SecurityGroup>>> {
    Some(Vec::new())
}
