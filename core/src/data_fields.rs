//! Declarations that hold data, where others name them: the `stores` of `backup_plan!`, and what a tier of
//! `objectives!` holds.

use crate::declare::Kind;
use crate::field::{FieldType, FieldValue, Reader};
use crate::node::Node;
use crate::value::Value;

/// What a backup plan copies.
#[derive(Clone, Debug, PartialEq)]
pub struct StoreRef {
    /// Its kind; AWS Backup cannot copy all that can be named.
    pub kind: Kind,
    /// Its name.
    pub name: String,
}

impl FieldType for StoreRef {
    fn expected() -> String {
        "a database, file system or bucket".to_string()
    }

    fn read(node: &Node, reader: &mut Reader<'_>) -> Value<Self> {
        match node.as_reference() {
            Some(it)
                if it.member.is_none()
                    && matches!(
                        it.kind,
                        Kind::RdsPostgres
                            | Kind::Efs
                            | Kind::S3Bucket
                            | Kind::Redis
                            | Kind::EksCluster
                    ) =>
            {
                Value::Literal(StoreRef { kind: it.kind, name: it.name.clone() })
            }
            Some(_) => reader.wrong_reference(node, &Self::expected()),
            None => reader.wrong(node, &Self::expected()),
        }
    }
}

/// What a tier of promises holds.
#[derive(Clone, Debug, PartialEq)]
pub struct HeldRef {
    /// Its kind.
    pub kind: Kind,
    /// Its name.
    pub name: String,
}

impl FieldType for HeldRef {
    fn expected() -> String {
        "a service, cluster, database, cache, file system, bucket or load balancer".to_string()
    }

    fn read(node: &Node, reader: &mut Reader<'_>) -> Value<Self> {
        match node.as_reference() {
            Some(it)
                if it.member.is_none()
                    && matches!(
                        it.kind,
                        Kind::EcsService
                            | Kind::EcsCluster
                            | Kind::EksCluster
                            | Kind::K8sService
                            | Kind::RdsPostgres
                            | Kind::Redis
                            | Kind::Efs
                            | Kind::S3Bucket
                            | Kind::Alb
                    ) =>
            {
                Value::Literal(HeldRef { kind: it.kind, name: it.name.clone() })
            }
            Some(_) => reader.wrong_reference(node, &Self::expected()),
            None => reader.wrong(node, &Self::expected()),
        }
    }
}

macro_rules! named {
    ($of:ident: $($kind:ident)*) => { $(
        impl FieldValue<$of> for crate::declare::Handle<crate::declare::$kind> {}
    )* };
}
named!(StoreRef: RdsPostgres Efs S3Bucket Redis EksCluster);
named!(HeldRef: EcsService EcsCluster EksCluster K8sService RdsPostgres Redis Efs S3Bucket Alb);
