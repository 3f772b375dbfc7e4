use archgen::prelude::*;

#[architecture]
pub fn shop(env: Environment) -> Architecture {
    let network = vpc! { cidr: "10.0.0.0/16", zones: 2, subnets: { private: /24 } };
    alarm! { watch: network, when: Cpu > 80 };
}

fn main() {}
