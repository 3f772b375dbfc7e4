//! What AWS runs in the team's subnets: databases, caches, file systems, brokers. One table says where
//! each type keeps its subnets, groups and port.

use archgen_core::resource::interfaces::InterfaceKind;
use archgen_core::types::Port;
use archgen_core::value::Value;

use super::endpoints::dual;
use super::{Item, Reader, Standing};
use crate::read::data::{Data, DataKind};

/// Where a type says its subnets.
enum Place {
    /// In itself.
    Own(&'static [&'static str]),
    /// In a subnet group: the property that names it, and the group's type.
    Group(&'static str, &'static str),
}

/// Which ports a type listens on.
enum Ports {
    /// These, always.
    Fixed(&'static [u16]),
    /// What a property says, else the port of the engine, else this one.
    Property(&'static str, Option<u16>),
    /// By what it is configured to be: not known here.
    Open,
}

/// Whether a type has a public address.
enum Public {
    /// Never.
    No,
    /// A property says it; where it does not, this is so, or it is not known.
    Property(&'static [&'static str], Option<bool>),
}

/// A type that AWS runs in subnets.
struct Managed {
    kind: &'static str,
    place: Place,
    groups: &'static [&'static str],
    ports: Ports,
    public: Public,
    store: bool,
    /// The property that says whether it has IPv6 addresses.
    family: &'static [&'static str],
    /// The property that names a cluster, which then says where it stands.
    cluster: Option<(&'static str, &'static [&'static str])>,
    /// A property without which it is not in a VPC at all.
    only_with: Option<&'static str>,
}

const BASE: Managed = Managed {
    kind: "",
    place: Place::Own(&["SubnetIds"]),
    groups: &["SecurityGroupIds"],
    ports: Ports::Open,
    public: Public::No,
    store: true,
    family: &["NetworkType"],
    cluster: None,
    only_with: None,
};

const VPC_GROUPS: &[&str] = &["VpcSecurityGroupIds"];
const RDS_SUBNETS: Place = Place::Group("DBSubnetGroupName", "AWS::RDS::DBSubnetGroup");
const CACHE_SUBNETS: Place = Place::Group("CacheSubnetGroupName", "AWS::ElastiCache::SubnetGroup");
const DOCUMENT_SUBNETS: Place = Place::Group("DBSubnetGroupName", "AWS::DocDB::DBSubnetGroup");
const GRAPH_SUBNETS: Place = Place::Group("DBSubnetGroupName", "AWS::Neptune::DBSubnetGroup");

/// The types, their places and the ports they listen on unless told otherwise, each by its page in
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html>.
const TABLE: &[Managed] = &[
    Managed {
        kind: "AWS::RDS::DBInstance",
        place: RDS_SUBNETS,
        groups: &["VPCSecurityGroups"],
        ports: Ports::Property("Port", None),
        // Without the property it rests on the subnet group and on what the VPC has.
        public: Public::Property(&["PubliclyAccessible"], None),
        cluster: Some(("DBClusterIdentifier", &["AWS::RDS::DBCluster"])),
        ..BASE
    },
    Managed {
        kind: "AWS::RDS::DBCluster",
        place: RDS_SUBNETS,
        groups: VPC_GROUPS,
        ports: Ports::Property("Port", None),
        // Instances say it for themselves; only Multi-AZ clusters have the property.
        public: Public::Property(&["PubliclyAccessible"], Some(false)),
        ..BASE
    },
    Managed {
        kind: "AWS::RDS::DBProxy",
        place: Place::Own(&["VpcSubnetIds"]),
        groups: VPC_GROUPS,
        ports: Ports::Property("EngineFamily", None),
        store: false,
        family: &["EndpointNetworkType"],
        ..BASE
    },
    Managed {
        kind: "AWS::ElastiCache::CacheCluster",
        place: CACHE_SUBNETS,
        groups: VPC_GROUPS,
        ports: Ports::Property("Port", None),
        ..BASE
    },
    Managed {
        kind: "AWS::ElastiCache::ReplicationGroup",
        place: CACHE_SUBNETS,
        ports: Ports::Property("Port", Some(6379)),
        ..BASE
    },
    Managed {
        kind: "AWS::ElastiCache::ServerlessCache",
        ports: Ports::Property("Engine", None),
        ..BASE
    },
    Managed {
        kind: "AWS::EFS::MountTarget",
        place: Place::Own(&["SubnetId"]),
        groups: &["SecurityGroups"],
        ports: Ports::Fixed(&[2049]),
        family: &["IpAddressType"],
        ..BASE
    },
    Managed {
        kind: "AWS::FSx::FileSystem",
        ports: Ports::Property("FileSystemType", None),
        ..BASE
    },
    Managed {
        kind: "AWS::Redshift::Cluster",
        place: Place::Group("ClusterSubnetGroupName", "AWS::Redshift::ClusterSubnetGroup"),
        groups: VPC_GROUPS,
        ports: Ports::Property("Port", Some(5439)),
        public: Public::Property(&["PubliclyAccessible"], None),
        ..BASE
    },
    Managed {
        kind: "AWS::DocDB::DBCluster",
        place: DOCUMENT_SUBNETS,
        groups: VPC_GROUPS,
        ports: Ports::Property("Port", Some(27017)),
        ..BASE
    },
    Managed {
        kind: "AWS::DocDB::DBInstance",
        place: DOCUMENT_SUBNETS,
        groups: VPC_GROUPS,
        ports: Ports::Property("Port", Some(27017)),
        cluster: Some(("DBClusterIdentifier", &["AWS::DocDB::DBCluster"])),
        ..BASE
    },
    Managed {
        kind: "AWS::Neptune::DBCluster",
        place: GRAPH_SUBNETS,
        groups: VPC_GROUPS,
        ports: Ports::Property("DBPort", Some(8182)),
        ..BASE
    },
    Managed {
        kind: "AWS::Neptune::DBInstance",
        place: GRAPH_SUBNETS,
        groups: VPC_GROUPS,
        ports: Ports::Property("DBPort", Some(8182)),
        public: Public::Property(&["PubliclyAccessible"], None),
        cluster: Some(("DBClusterIdentifier", &["AWS::Neptune::DBCluster"])),
        ..BASE
    },
    Managed {
        kind: "AWS::OpenSearchService::Domain",
        place: Place::Own(&["VPCOptions", "SubnetIds"]),
        groups: &["VPCOptions", "SecurityGroupIds"],
        ports: Ports::Fixed(&[443]),
        family: &["IPAddressType"],
        only_with: Some("VPCOptions"),
        ..BASE
    },
    Managed {
        kind: "AWS::Elasticsearch::Domain",
        place: Place::Own(&["VPCOptions", "SubnetIds"]),
        groups: &["VPCOptions", "SecurityGroupIds"],
        ports: Ports::Fixed(&[443]),
        only_with: Some("VPCOptions"),
        ..BASE
    },
    Managed {
        kind: "AWS::MSK::Cluster",
        place: Place::Own(&["BrokerNodeGroupInfo", "ClientSubnets"]),
        groups: &["BrokerNodeGroupInfo", "SecurityGroups"],
        family: &["BrokerNodeGroupInfo", "ConnectivityInfo", "NetworkType"],
        public: Public::Property(
            &["BrokerNodeGroupInfo", "ConnectivityInfo", "PublicAccess", "Type"],
            Some(false),
        ),
        ..BASE
    },
    Managed {
        kind: "AWS::AmazonMQ::Broker",
        groups: &["SecurityGroups"],
        public: Public::Property(&["PubliclyAccessible"], None),
        ..BASE
    },
    Managed {
        kind: "AWS::DAX::Cluster",
        place: Place::Group("SubnetGroupName", "AWS::DAX::SubnetGroup"),
        ports: Ports::Property("ClusterEndpointEncryptionType", None),
        ..BASE
    },
    Managed {
        kind: "AWS::DMS::ReplicationInstance",
        place: Place::Group("ReplicationSubnetGroupIdentifier", "AWS::DMS::ReplicationSubnetGroup"),
        groups: VPC_GROUPS,
        ports: Ports::Fixed(&[]),
        public: Public::Property(&["PubliclyAccessible"], None),
        store: false,
        ..BASE
    },
    Managed {
        kind: "AWS::MemoryDB::Cluster",
        place: Place::Group("SubnetGroupName", "AWS::MemoryDB::SubnetGroup"),
        ports: Ports::Property("Port", Some(6379)),
        ..BASE
    },
];

/// Whether a type is read here, or is a subnet group that is read with what names it.
pub(super) fn is_read(kind: &str) -> bool {
    TABLE
        .iter()
        .any(|it| it.kind == kind || matches!(it.place, Place::Group(_, group) if group == kind))
}

impl<'a> Reader<'a> {
    pub(super) fn managed(&mut self, item: &Item<'a>) {
        let Some(row) = TABLE.iter().find(|it| it.kind == item.kind()) else { return };
        if row.only_with.is_some_and(|it| self.get(item, it).is_absent()) {
            return;
        }
        self.note_maybe(item);
        // An instance of a cluster stands where the cluster does.
        let mut host: Option<(&'a Item<'a>, &Managed)> = None;
        if let Some((property, kinds)) = row.cluster {
            let cluster = self.get(item, property);
            if !cluster.is_absent() {
                let named = self.named(item, property, &cluster, kinds);
                let items = self.items;
                if let super::Named::Item(it) = named
                    && let Some(cluster) = items.get(&it)
                    && let Some(of) = TABLE.iter().find(|it| it.kind == cluster.kind())
                {
                    host = Some((cluster, of));
                }
            }
        }
        let standing = match host {
            Some((cluster, of)) => self.managed_standing(cluster, of, row, item),
            None => self.managed_standing(item, row, row, item),
        };
        self.stand(item, item.name(), standing);
    }

    /// How `place` says it stands; `own` is what says whether it is public.
    fn managed_standing(
        &mut self,
        place: &Item<'a>,
        row: &Managed,
        own_row: &Managed,
        own: &Item<'a>,
    ) -> Standing {
        let subnets = self.managed_subnets(place, row);
        let what = row.groups.last().copied().unwrap_or_default();
        let groups = self.get_in(place, row.groups);
        let groups = self.groups_of(place, what, &groups, subnets.as_deref());
        for what in ["DBSecurityGroups", "CacheSecurityGroupNames", "ClusterSecurityGroups"] {
            if self.source.has(place, what) {
                self.note(place.loc(), place, what, "groups from before VPCs are not read");
            }
        }
        let public = match &own_row.public {
            Public::No => Value::Literal(false),
            Public::Property(path, default) => {
                let it = self.get_in(own, path);
                let what = path.last().copied().unwrap_or_default();
                // Of DB clusters, Multi-AZ ones have interfaces of their own, and this class says so.
                let own_interfaces = self.source.has(own, "DBClusterInstanceClass");
                match (it.is_absent(), default.filter(|_| !own_interfaces), it.as_text()) {
                    (true, Some(it), _) => Value::Literal(it),
                    (true, None, _) => {
                        let why =
                            "it does not say so, and AWS's default rests on what else the VPC has";
                        self.note(own.loc(), own, what, why);
                        Value::Unknown
                    }
                    (false, _, Some("DISABLED")) => Value::Literal(false),
                    (false, _, Some("SERVICE_PROVIDED_EIPS")) => Value::Literal(true),
                    (false, _, _) => self.truth(own, what, &it, false),
                }
            }
        };
        let family = self.get_in(place, row.family);
        Standing {
            kind: InterfaceKind::Managed,
            subnets,
            groups,
            public,
            ipv6: dual(&family),
            ports: self.managed_ports(place, row),
            store: own_row.store,
        }
    }

    fn managed_subnets(
        &mut self,
        item: &Item<'a>,
        row: &Managed,
    ) -> Option<Vec<archgen_core::resource::Ref<archgen_core::resource::Subnet>>> {
        match &row.place {
            Place::Own(path) => {
                let it = self.get_in(item, path);
                let what = path.last().copied().unwrap_or_default();
                // `SubnetId` of a mount target is one, the others are lists.
                let it = if it.as_list().is_none() && it.as_resource().is_some() {
                    Data::new(it.loc, DataKind::List(vec![it]))
                } else {
                    it
                };
                self.subnets_of(item, what, &it)
            }
            Place::Group(property, kind) => {
                let mut named = self.get(item, property);
                if named.is_absent()
                    && let Some(source) = self.source_of(item)
                {
                    named = self.get(source, property);
                }
                if named.is_absent() {
                    return self.subnets_of(item, property, &named);
                }
                let items = self.items;
                let group = match self.named(item, property, &named, &[kind]) {
                    super::Named::Item(it) => items.get(&it),
                    // A group of the template may be named by its own name.
                    super::Named::Outside(it) => items.values().find(|group| {
                        group.kind() == *kind
                            && self.source.property(group, property).as_text() == Some(&it)
                    }),
                    super::Named::Unknown => None,
                }?;
                let subnets = self.get(group, "SubnetIds");
                self.subnets_of(group, "SubnetIds", &subnets)
            }
        }
    }

    /// The database that a replica copies: the replica stands with it, and listens where it does,
    /// unless it says otherwise.
    fn source_of(&mut self, item: &Item<'a>) -> Option<&'a Item<'a>> {
        let source = self.get(item, "SourceDBInstanceIdentifier");
        let items = self.items;
        items.get(source.as_resource()?).filter(|it| it.kind() == item.kind())
    }

    fn managed_ports(&mut self, item: &Item<'a>, row: &Managed) -> Vec<Value<Port>> {
        let literal = |it: &u16| Value::Literal(Port(*it));
        match &row.ports {
            Ports::Fixed(all) => all.iter().map(literal).collect(),
            Ports::Open => Vec::new(),
            Ports::Property(property, default) => {
                let source = self.source_of(item);
                let mut said = self.get(item, property);
                if said.is_absent()
                    && let Some(source) = source
                {
                    said = self.get(source, property);
                }
                if property.ends_with("Port") && !said.is_absent() {
                    return vec![self.port(item, property, &said)];
                }
                if let Some(it) = default {
                    return vec![literal(it)];
                }
                let engine = match source {
                    Some(source) => self.get(source, "Engine"),
                    None if property.ends_with("Port") => self.get(item, "Engine"),
                    None => said,
                };
                let ports = engine_ports(item.kind(), engine.as_text(), engine.is_absent());
                if ports.is_empty() {
                    self.note(engine.loc, item, property, "the port it listens on is not known");
                    return vec![Value::Unknown];
                }
                ports.iter().map(literal).collect()
            }
        }
    }
}

/// The ports of an engine where none is given.
/// <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html>,
/// <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBCluster.html>
fn engine_ports(kind: &str, engine: Option<&str>, absent: bool) -> &'static [u16] {
    let engine = engine.unwrap_or_default().to_ascii_lowercase();
    match (kind, engine.as_str()) {
        ("AWS::RDS::DBInstance" | "AWS::RDS::DBCluster", it) => match it {
            "mysql" | "mariadb" | "aurora" | "aurora-mysql" => &[3306],
            "postgres" | "aurora-postgresql" => &[5432],
            it if it.starts_with("oracle") || it.starts_with("custom-oracle") => &[1521],
            it if it.starts_with("sqlserver") || it.starts_with("custom-sqlserver") => &[1433],
            it if it.starts_with("db2") => &[50000],
            _ => &[],
        },
        ("AWS::RDS::DBProxy", "mysql") => &[3306],
        ("AWS::RDS::DBProxy", "postgresql") => &[5432],
        ("AWS::RDS::DBProxy", "sqlserver") => &[1433],
        ("AWS::ElastiCache::CacheCluster", "memcached") => &[11211],
        ("AWS::ElastiCache::CacheCluster", "redis" | "valkey") => &[6379],
        // Readers have a port of their own.
        ("AWS::ElastiCache::ServerlessCache", "redis" | "valkey") => &[6379, 6380],
        ("AWS::ElastiCache::ServerlessCache", "memcached") => &[11211, 11212],
        ("AWS::FSx::FileSystem", "lustre") => &[988],
        ("AWS::FSx::FileSystem", "windows") => &[445],
        ("AWS::FSx::FileSystem", "openzfs" | "ontap") => &[2049],
        ("AWS::DAX::Cluster", "tls") => &[9111],
        ("AWS::DAX::Cluster", "none") => &[8111],
        ("AWS::DAX::Cluster", _) if absent => &[8111],
        _ => &[],
    }
}
