//! ECS services, Lambda functions, EKS clusters and their nodes.

use archgen_core::resource::Ref;
use archgen_core::resource::interfaces::InterfaceKind;
use archgen_core::resource::network::Subnet;
use archgen_core::types::Port;
use archgen_core::value::Value;

use super::instances::item_of;
use super::{Item, Reader, Standing, elements, within};
use crate::read::data::Data;

impl<'a> Reader<'a> {
    pub(super) fn ecs_service(&mut self, item: &Item<'a>) {
        self.note_maybe(item);
        let network = self.get_in(item, &["NetworkConfiguration", "AwsvpcConfiguration"]);
        if network.is_absent() {
            let why = "without `NetworkConfiguration` its tasks share the interfaces of the instances they run on";
            self.note(item.loc(), item, "NetworkConfiguration", why);
            return;
        }
        let subnets = within(network.clone(), "Subnets");
        let subnets = self.subnets_of(item, "Subnets", &subnets);
        let groups = within(network.clone(), "SecurityGroups");
        let groups = self.groups_of(item, "SecurityGroups", &groups, subnets.as_deref());
        let public = within(network, "AssignPublicIp");
        let public = self.word(item, "AssignPublicIp", &public, ("ENABLED", "DISABLED"), false);
        let task = self.get(item, "TaskDefinition");
        let (kind, ports) = self.task(item, &task);
        let ipv6 = self.subnets_have_ipv6(subnets.as_deref());
        let standing = Standing { kind, subnets, groups, public, ipv6, ports, store: false };
        self.stand(item, item.name(), standing);
    }

    /// What a task definition says: the system it runs, and the TCP ports of its containers.
    fn task(&mut self, item: &Item<'a>, task: &Data) -> (InterfaceKind, Vec<Value<Port>>) {
        let mut ports = Vec::new();
        let balanced = self.get(item, "LoadBalancers");
        for (it, _) in elements(&balanced) {
            let port = within(it, "ContainerPort");
            if !port.is_absent() {
                ports.push(self.port(item, "ContainerPort", &port));
            }
        }
        let Some(task) = item_of(self, task) else {
            self.unknown(item, "TaskDefinition", task);
            return (InterfaceKind::Linux, ports);
        };
        let containers = self.get(task, "ContainerDefinitions");
        for (container, _) in elements(&containers) {
            for (mapping, _) in elements(&within(container, "PortMappings")) {
                let protocol = within(mapping.clone(), "Protocol");
                let port = within(mapping, "ContainerPort");
                if protocol.as_text().is_none_or(|it| it.eq_ignore_ascii_case("tcp"))
                    && !port.is_absent()
                {
                    let port = self.port(task, "ContainerPort", &port);
                    if !ports.contains(&port) {
                        ports.push(port);
                    }
                }
            }
        }
        let system = self.get_in(task, &["RuntimePlatform", "OperatingSystemFamily"]);
        let kind = match (system.as_text(), system.is_absent()) {
            (Some(it), _) if it.to_ascii_uppercase().starts_with("WINDOWS") => {
                InterfaceKind::Windows
            }
            (Some(_), _) | (None, true) => InterfaceKind::Linux,
            (None, false) => InterfaceKind::Instance,
        };
        (kind, ports)
    }

    /// Whether tasks get IPv6 addresses: they do in subnets with an IPv6 block if the account's
    /// setting `dualStackIPv6` is on, which it is unless somebody turned it off.
    /// <https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-networking-awsvpc.html>
    fn subnets_have_ipv6(&self, subnets: Option<&[Ref<Subnet>]>) -> Value<bool> {
        let Some(subnets) = subnets else { return Value::Unknown };
        let mut blocks =
            subnets.iter().map(|it| self.graph.get(it).and_then(|it| it.ipv6.as_ref()));
        if blocks.all(|it| it.is_none()) { Value::Literal(false) } else { Value::Unknown }
    }

    pub(super) fn function(&mut self, item: &Item<'a>) {
        let place = self.get(item, "VpcConfig");
        // Without a VPC it stands in no subnet of the team's.
        if place.is_absent() {
            return;
        }
        self.note_maybe(item);
        let subnets = within(place.clone(), "SubnetIds");
        if subnets.as_list().is_some_and(<[Data]>::is_empty) {
            return;
        }
        let subnets = self.subnets_of(item, "VpcConfig", &subnets);
        let groups = within(place.clone(), "SecurityGroupIds");
        let groups = self.groups_of(item, "VpcConfig", &groups, subnets.as_deref());
        let ipv6 = within(place, "Ipv6AllowedForDualStack");
        let ipv6 = self.truth(item, "Ipv6AllowedForDualStack", &ipv6, false);
        let standing = Standing {
            kind: InterfaceKind::Function,
            subnets,
            groups,
            // Its interfaces never have public addresses:
            // https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc-internet.html
            public: Value::Literal(false),
            ipv6,
            ports: Vec::new(),
            store: false,
        };
        self.stand(item, item.name(), standing);
    }

    pub(super) fn eks_cluster(&mut self, item: &Item<'a>) {
        self.note_maybe(item);
        let place = self.get(item, "ResourcesVpcConfig");
        let subnets = within(place.clone(), "SubnetIds");
        let subnets = self.subnets_of(item, "SubnetIds", &subnets);
        let named = within(place.clone(), "SecurityGroupIds");
        let own = self.cluster_group(item.name());
        let groups = if elements(&named).is_empty() {
            Some(Vec::new())
        } else {
            self.groups_of(item, "SecurityGroupIds", &named, subnets.as_deref())
        };
        let groups = groups.map(|mut it| {
            it.push(own);
            it
        });
        let public = within(place, "EndpointPublicAccess");
        if public.as_bool() != Some(false) {
            let why = "the public endpoint of the Kubernetes API is not in the VPC; it is not read";
            self.note(item.loc(), item, "EndpointPublicAccess", why);
        }
        let standing = Standing {
            kind: InterfaceKind::Managed,
            subnets,
            groups,
            public: Value::Literal(false),
            ipv6: Value::Unknown,
            ports: vec![Value::Literal(Port(443))],
            store: false,
        };
        self.stand(item, item.name(), standing);
    }

    pub(super) fn eks_nodegroup(&mut self, item: &Item<'a>) {
        self.note_maybe(item);
        let subnets = self.get(item, "Subnets");
        let subnets = self.subnets_of(item, "Subnets", &subnets);
        let template = self.get(item, "LaunchTemplate");
        let remote = self.get(item, "RemoteAccess");
        let cluster = self.get(item, "ClusterName");
        let (launch, unknown) =
            if template.is_absent() { (None, false) } else { self.launch_groups(item, &template) };
        let groups = if !remote.is_absent() {
            let why = "Amazon EKS makes a group for remote access that is not read";
            self.note(remote.loc, item, "RemoteAccess", why);
            None
        } else if let Some(it) = launch {
            self.groups_of(item, "LaunchTemplate", &it, subnets.as_deref())
        } else if unknown {
            None
        } else {
            let cluster = cluster.as_resource().map(str::to_string).or_else(|| {
                let name = cluster.as_text()?;
                self.items
                    .values()
                    .find(|it| {
                        it.kind() == "AWS::EKS::Cluster"
                            && self.source.property(it, "Name").as_text() == Some(name)
                    })
                    .map(|it| it.name().to_string())
            });
            match cluster {
                Some(it) => Some(vec![self.cluster_group(&it)]),
                None => {
                    self.note(
                        item.loc(),
                        item,
                        "ClusterName",
                        "its cluster is not in the template",
                    );
                    None
                }
            }
        };
        let public = self.subnets_public(subnets.as_deref());
        let ipv6 = self.subnets_ipv6(subnets.as_deref());
        let image = self.get(item, "AmiType");
        let kind = match image.as_text() {
            Some(it) if it.starts_with("WINDOWS") => InterfaceKind::Windows,
            // An image of the team's own may be anything.
            Some("CUSTOM") | None => InterfaceKind::Instance,
            Some(_) => InterfaceKind::Linux,
        };
        let standing =
            Standing { kind, subnets, groups, public, ipv6, ports: Vec::new(), store: false };
        self.stand(item, item.name(), standing);
    }
}
