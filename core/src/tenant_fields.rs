//! `tenant_pool!`: how far apart its tenants are, layer by layer.

crate::words! {
    /// Whose tasks serve a tenant.
    ComputeIsolation: "ways to run tenants" {
        /// All tenants share the tasks of one service.
        Pool = "pool",
        /// Every tenant has a service, a target group and roles of its own; the security group is shared.
        Bridge = "bridge",
        /// Every tenant has a service, a target group, roles and a security group of its own.
        Silo = "silo",
    }
}

crate::words! {
    /// Where the rows of a tenant are.
    DatabaseIsolation: "ways to keep tenants' rows" {
        /// In a schema of one database, under a user of its own.
        Schema = "schema",
        /// In a database of one instance, under a user of its own.
        Database = "database",
        /// In an instance of its own.
        Instance = "instance",
    }
}

crate::words! {
    /// Whether tenants share something.
    Sharing: "ways to share" {
        /// All have the same.
        Shared = "shared",
        /// Each has its own, and only its own.
        PerTenant = "per tenant",
    }
}

crate::words! {
    /// What tenants can be kept apart in.
    Layer: "layers" {
        /// The tasks that serve a tenant.
        Compute = "compute",
        /// The rows of a tenant, and who may read them.
        Database = "database",
        /// The network: who can connect to what.
        Network = "network",
        /// Secrets.
        Secrets = "secrets",
        /// The keys that a tenant's secrets and logs are encrypted with.
        Keys = "keys",
        /// Log groups.
        Logs = "logs",
        /// What IAM lets the roles of a tenant do.
        Identity = "identity",
        /// Which requests a tenant gets.
        Routing = "routing",
    }
}
