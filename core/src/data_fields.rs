//! Declarations that hold data, where others name them: the `stores` of `backup_plan!`, and what a tier of
//! `objectives!` holds.

crate::any_of! {
    /// What a backup plan copies; AWS Backup cannot copy all that can be named.
    StoreRef StoreKind: "a database, file system or bucket" { RdsPostgres Efs S3Bucket Redis EksCluster }
}

crate::any_of! {
    /// What a tier of promises holds.
    HeldRef HeldKind: "a service, cluster, database, cache, file system, bucket or load balancer" {
        EcsService EcsCluster EksCluster K8sService RdsPostgres Redis Efs S3Bucket Alb
    }
}
