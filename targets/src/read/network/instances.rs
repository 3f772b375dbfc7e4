//! Instances, network interfaces, launch templates, Auto Scaling groups.

use archgen_core::resource::interfaces::InterfaceKind;
use archgen_core::resource::network::Subnet;
use archgen_core::resource::{Ref, ResourceId, SecurityGroup};
use archgen_core::value::Value;

use super::{Item, Named, Reader, Standing, elements, within};
use crate::read::data::{Data, DataKind};

/// What a launch template or launch configuration says of interfaces.
#[derive(Default)]
struct Launch {
    groups: Option<Data>,
    public: Option<Data>,
    subnet: Option<Data>,
    ipv6: Option<Data>,
    /// Its interfaces; then groups stand in them.
    interfaces: Vec<Data>,
    /// Whether what it says is not known.
    unknown: bool,
}

fn given(it: Data) -> Option<Data> {
    (!it.is_absent()).then_some(it)
}

impl<'a> Reader<'a> {
    pub(super) fn network_interface(&mut self, item: &Item<'a>) {
        self.note_maybe(item);
        let subnet = self.get(item, "SubnetId");
        let subnets = self.one_subnet(item, &subnet);
        let groups = self.get(item, "GroupSet");
        let groups = self.groups_of(item, "GroupSet", &groups, subnets.as_deref());
        let ipv6 = self.own_ipv6(item, subnets.as_deref());
        // An interface of its own gets no public address by itself, only by an Elastic IP.
        let public = self.elastic.get(item.name()).cloned().unwrap_or(Value::Literal(false));
        self.stand(item, item.name(), machine(subnets, groups, public, ipv6));
    }

    fn one_subnet(&mut self, item: &Item<'a>, data: &Data) -> Option<Vec<Ref<Subnet>>> {
        if data.is_absent() {
            return self.subnets_of(item, "SubnetId", data);
        }
        let list = Data::new(data.loc, DataKind::List(vec![data.clone()]));
        self.subnets_of(item, "SubnetId", &list)
    }

    fn own_ipv6(&mut self, item: &Item<'a>, subnets: Option<&[Ref<Subnet>]>) -> Value<bool> {
        let addresses = self.get(item, "Ipv6Addresses");
        let count = self.get(item, "Ipv6AddressCount");
        self.ipv6_by(&addresses, &count, subnets)
    }

    fn ipv6_by(
        &self,
        addresses: &Data,
        count: &Data,
        subnets: Option<&[Ref<Subnet>]>,
    ) -> Value<bool> {
        if !addresses.is_absent() {
            return Value::Literal(true);
        }
        match count.as_integer() {
            Some(it) => Value::Literal(it > 0),
            None if count.is_absent() => self.subnets_ipv6(subnets),
            None => Value::Unknown,
        }
    }

    /// What a launch template says; the reference to it is by identifier or name.
    fn launch_template(&mut self, item: &Item<'a>, by: &Data) -> Launch {
        let id = within(by.clone(), "LaunchTemplateId");
        let id = if id.is_absent() { within(by.clone(), "LaunchTemplateName") } else { id };
        let items = self.items;
        let named = match self.named(item, "LaunchTemplate", &id, &["AWS::EC2::LaunchTemplate"]) {
            Named::Item(it) => items.get(&it),
            Named::Outside(_) | Named::Unknown => None,
        };
        let Some(template) = named else {
            return Launch { unknown: true, ..Launch::default() };
        };
        let mut data = |name: &'static str| self.get_in(template, &["LaunchTemplateData", name]);
        let ids = data("SecurityGroupIds");
        let groups = if ids.is_absent() { data("SecurityGroups") } else { ids };
        let interfaces = data("NetworkInterfaces");
        Launch {
            groups: given(groups),
            interfaces: elements(&interfaces).into_iter().map(|it| it.0).collect(),
            ..Launch::default()
        }
    }

    fn launch_configuration(&mut self, item: &Item<'a>, by: &Data) -> Launch {
        let items = self.items;
        let kinds = &["AWS::AutoScaling::LaunchConfiguration"];
        let named = match self.named(item, "LaunchConfigurationName", by, kinds) {
            Named::Item(it) => items.get(&it),
            Named::Outside(_) | Named::Unknown => None,
        };
        let Some(it) = named else {
            return Launch { unknown: true, ..Launch::default() };
        };
        let groups = self.get(it, "SecurityGroups");
        let public = self.get(it, "AssociatePublicIpAddress");
        Launch { groups: given(groups), public: given(public), ..Launch::default() }
    }

    pub(super) fn instance(&mut self, item: &Item<'a>) {
        self.note_maybe(item);
        let template = self.get(item, "LaunchTemplate");
        let launch = if template.is_absent() {
            Launch::default()
        } else {
            self.launch_template(item, &template)
        };
        let own = self.get(item, "NetworkInterfaces");
        let own: Vec<Data> = elements(&own).into_iter().map(|it| it.0).collect();
        let interfaces = if own.is_empty() { launch.interfaces } else { own };
        if !interfaces.is_empty() {
            for (index, it) in interfaces.iter().enumerate() {
                self.instance_interface(item, index, it);
            }
            return;
        }
        let subnet = self.get(item, "SubnetId");
        let subnet = if subnet.is_absent() { launch.subnet.unwrap_or(subnet) } else { subnet };
        let subnets = self.one_subnet(item, &subnet);
        let ids = self.get(item, "SecurityGroupIds");
        let names = self.get(item, "SecurityGroups");
        let groups = [Some(ids), Some(names), launch.groups]
            .into_iter()
            .flatten()
            .find(|it| !it.is_absent())
            .unwrap_or(Data::new(item.loc(), DataKind::Absent));
        let groups = if groups.is_absent() && launch.unknown {
            None
        } else {
            self.groups_of(item, "SecurityGroupIds", &groups, subnets.as_deref())
        };
        let ipv6 = self.own_ipv6(item, subnets.as_deref());
        let public = match self.elastic.get(item.name()) {
            Some(Value::Literal(true)) => Value::Literal(true),
            Some(_) => Value::Unknown,
            None => self.subnets_public(subnets.as_deref()),
        };
        self.stand(item, item.name(), machine(subnets, groups, public, ipv6));
    }

    /// One of the interfaces that an instance is launched with: a new one, or one of the template.
    fn instance_interface(&mut self, item: &Item<'a>, index: usize, it: &Data) {
        let id = interface_id(item.name(), index);
        if !matches!(it.kind, DataKind::Map(_)) {
            self.unknown(item, "NetworkInterfaces", it);
            self.stand(item, &id, unknown_machine());
            return;
        }
        let attached = within(it.clone(), "NetworkInterfaceId");
        if !attached.is_absent() {
            self.attached(item, &id, &attached);
            return;
        }
        let subnet = within(it.clone(), "SubnetId");
        let subnet = if subnet.is_absent() { self.get(item, "SubnetId") } else { subnet };
        let subnets = self.one_subnet(item, &subnet);
        let groups = within(it.clone(), "GroupSet");
        let groups = if groups.is_absent() { within(it.clone(), "Groups") } else { groups };
        let groups = self.groups_of(item, "NetworkInterfaces", &groups, subnets.as_deref());
        let (addresses, count) =
            (within(it.clone(), "Ipv6Addresses"), within(it.clone(), "Ipv6AddressCount"));
        let ipv6 = self.ipv6_by(&addresses, &count, subnets.as_deref());
        let public = within(it.clone(), "AssociatePublicIpAddress");
        let public = match self.elastic.get(item.name()) {
            Some(it) if index == 0 && *it == Value::Literal(true) => Value::Literal(true),
            Some(_) if index == 0 => Value::Unknown,
            Some(_) | None if public.is_absent() => self.subnets_public(subnets.as_deref()),
            Some(_) | None => self.truth(item, "AssociatePublicIpAddress", &public, false),
        };
        self.stand(item, &id, machine(subnets, groups, public, ipv6));
    }

    /// An interface of the template that an instance has: it stands under the instance's name too.
    fn attached(&mut self, item: &Item<'a>, id: &str, interface: &Data) {
        let kinds = &["AWS::EC2::NetworkInterface"];
        let named = self.named(item, "NetworkInterfaceId", interface, kinds);
        let items = self.items;
        let found = match &named {
            Named::Item(it) => items.get(it),
            Named::Outside(_) | Named::Unknown => None,
        };
        let Some(interface) = found else {
            self.stand(item, id, unknown_machine());
            return;
        };
        let name = ResourceId::new(&[interface.name()]);
        if !self.graph.interfaces.contains_key(&name) {
            self.network_interface(interface);
        }
        if let Some(mut it) = self.graph.interfaces.get(&name).cloned() {
            it.declaration = item.name().to_string();
            it.loc = item.loc();
            it.type_name = item.type_name.clone();
            self.graph.interfaces.insert(ResourceId::new(&[id]), it);
        }
    }

    pub(super) fn network_interface_attachment(&mut self, item: &Item<'a>) {
        self.note_maybe(item);
        let instance = self.get(item, "InstanceId");
        let interface = self.get(item, "NetworkInterfaceId");
        let index = self.get(item, "DeviceIndex");
        let Named::Item(name) = self.named(item, "InstanceId", &instance, &["AWS::EC2::Instance"])
        else {
            return;
        };
        let items = self.items;
        let Some(instance) = items.get(&name) else { return };
        let index = index.as_integer().map_or_else(|| item.name().to_string(), |it| it.to_string());
        self.attached(instance, &format!("{name}.eth{index}"), &interface);
    }

    pub(super) fn auto_scaling_group(&mut self, item: &Item<'a>) {
        self.note_maybe(item);
        let launch = self.launch_of(item);
        let zones = self.get(item, "VPCZoneIdentifier");
        let subnets = self.zone_subnets(item, &zones);
        self.scaled(item, launch, subnets);
    }

    fn launch_of(&mut self, item: &Item<'a>) -> Launch {
        let template = self.get(item, "LaunchTemplate");
        if !template.is_absent() {
            return self.launch_template(item, &template);
        }
        let mixed = self.get_in(
            item,
            &["MixedInstancesPolicy", "LaunchTemplate", "LaunchTemplateSpecification"],
        );
        if !mixed.is_absent() {
            return self.launch_template(item, &mixed);
        }
        let configuration = self.get(item, "LaunchConfigurationName");
        if !configuration.is_absent() {
            return self.launch_configuration(item, &configuration);
        }
        let why = "it names no launch template or launch configuration";
        self.note(item.loc(), item, "LaunchTemplate", why);
        Launch { unknown: true, ..Launch::default() }
    }

    /// `VPCZoneIdentifier` takes a list, and its texts may hold several names with commas.
    fn zone_subnets(&mut self, item: &Item<'a>, zones: &Data) -> Option<Vec<Ref<Subnet>>> {
        let split = |it: &Data| {
            let pieces = crate::read::text::pieces(it.loc, it.clone(), ",");
            pieces.as_list().map_or_else(|| vec![it.clone()], <[Data]>::to_vec)
        };
        let all = match zones.as_list() {
            Some(items) => {
                Data::new(zones.loc, DataKind::List(items.iter().flat_map(split).collect()))
            }
            None if matches!(zones.kind, DataKind::Composed(_) | DataKind::Text(_)) => {
                Data::new(zones.loc, DataKind::List(split(zones)))
            }
            None => zones.clone(),
        };
        self.subnets_of(item, "VPCZoneIdentifier", &all)
    }

    fn scaled(&mut self, item: &Item<'a>, launch: Launch, subnets: Option<Vec<Ref<Subnet>>>) {
        let first = launch.interfaces.first().cloned();
        let inner = |name: &str| first.clone().map(|it| within(it, name)).and_then(given);
        let groups = inner("Groups").or(launch.groups);
        let groups = match (groups, launch.unknown) {
            (Some(it), _) => self.groups_of(item, "SecurityGroupIds", &it, subnets.as_deref()),
            (None, true) => None,
            (None, false) => {
                let none = Data::new(item.loc(), DataKind::Absent);
                self.groups_of(item, "SecurityGroupIds", &none, subnets.as_deref())
            }
        };
        let public = match inner("AssociatePublicIpAddress").or(launch.public) {
            Some(it) => self.truth(item, "AssociatePublicIpAddress", &it, false),
            None if launch.unknown => Value::Unknown,
            None => self.subnets_public(subnets.as_deref()),
        };
        let ipv6 = match inner("Ipv6AddressCount").or(launch.ipv6) {
            Some(it) => it.as_integer().map_or(Value::Unknown, |it| Value::Literal(it > 0)),
            None => self.subnets_ipv6(subnets.as_deref()),
        };
        self.stand(item, item.name(), machine(subnets, groups, public, ipv6));
    }

    /// The groups that the nodes of an EKS node group have by their launch template, if any.
    pub(super) fn launch_groups(
        &mut self,
        item: &Item<'a>,
        template: &Data,
    ) -> (Option<Data>, bool) {
        let by = match (within(template.clone(), "Id"), within(template.clone(), "Name")) {
            (it, _) if !it.is_absent() => it,
            (_, it) => it,
        };
        let map =
            Data::new(template.loc, DataKind::Map(vec![("LaunchTemplateId".to_string(), by)]));
        let launch = self.launch_template(item, &map);
        let inner = launch.interfaces.into_iter().next().map(|it| within(it, "Groups"));
        (inner.and_then(given).or(launch.groups), launch.unknown)
    }
}

/// The name of an instance's interface: the first is the instance itself.
fn interface_id(instance: &str, index: usize) -> String {
    if index == 0 { instance.to_string() } else { format!("{instance}.eth{index}") }
}

/// A machine: what it listens on is not known.
fn machine(
    subnets: Option<Vec<Ref<Subnet>>>,
    groups: Option<Vec<Ref<SecurityGroup>>>,
    public: Value<bool>,
    ipv6: Value<bool>,
) -> Standing {
    Standing {
        kind: InterfaceKind::Instance,
        subnets,
        groups,
        public,
        ipv6,
        ports: Vec::new(),
        store: false,
    }
}

/// A machine of which nothing is known.
fn unknown_machine() -> Standing {
    machine(None, None, Value::Unknown, Value::Unknown)
}

/// The item behind a reference.
pub(super) fn item_of<'i, 'a>(reader: &Reader<'a>, data: &Data) -> Option<&'i Item<'a>>
where
    'a: 'i,
{
    reader.items.get(data.as_resource()?)
}
