use archgen::prelude::*;

/// Three production networks, all 10.0.0.0/16, can never be peered.
#[architecture(environments = [Production])]
pub fn as_written(env: Environment) -> Architecture {
    let kinexus = vpc! { cidr: "10.0.0.0/16", zones: 3, subnets: { private: /24 } };
    let prod_infra = vpc! { cidr: "10.0.0.0/16", zones: 2, subnets: { private: /24 } };
    let aivo = vpc! { cidr: "10.0.0.0/16", zones: 3, subnets: { private: /24 } };
    let kinexus_to_prod_infra = vpc_peering! { requester: kinexus, accepter: prod_infra };
    let kinexus_to_aivo = vpc_peering! { requester: kinexus, accepter: aivo };
}

fn main() {}
