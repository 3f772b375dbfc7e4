//! Records that Route 53 refuses: a name outside the zone, a value of another type, a CNAME at the domain itself.
use archgen::prelude::*;

#[architecture]
pub fn shop(env: Environment) -> Architecture {
    let zone = hosted_zone! { domain: "example.com" };
    let www = dns_record! {
        zone: zone, domain: "www.example.org", kind: Cname, values: ["shop.example.net"],
    };
    let host = dns_record! {
        zone: zone, domain: "host.example.com", kind: A, values: ["shop.example.net"],
    };
    let apex = dns_record! { zone: zone, kind: Cname, values: ["shop.example.net"] };
    let nowhere = dns_record! { zone: zone, domain: "nowhere.example.com" };
}

fn main() {}
