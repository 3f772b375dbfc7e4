//! The macros with their documentation: here, where examples can use the whole crate.
//!
//! Each page says what AWS makes of a declaration, what archgen derives from it, and which codes it can
//! give of its own. The codes of the language itself (`AG0001` to `AG0007`, `AG0101` to `AG0107`, `AG0109`)
//! can come from every macro; `archgen explain CODE` says more about any of them.

mod compute;
mod data;
mod flows;
mod network;
mod observability;
mod tenants;
mod terraform;

pub use compute::*;
pub use data::*;
pub use flows::*;
pub use network::*;
pub use observability::*;
pub use tenants::*;
pub use terraform::*;

/// Turns a function of declarations into an architecture that is checked while it compiles.
///
/// The function takes an [`Environment`](crate::Environment), perhaps also a struct that derives
/// [`Options`](macro@crate::Options), and gives an [`Architecture`](crate::Architecture). Its body is
/// Rust: each `let NAME = vpc! { … };` declares something called `NAME`, which others then refer to.
/// Beside `pub fn shop` comes `pub const SHOP: Entry`, which [`build::emit`](crate::build::emit) and
/// the command line take.
///
/// `#[architecture(environments = [Staging, Production])]` names the environments it is for; left out,
/// all three. It is checked in each of them, and what is wrong only in some says in which.
///
/// Every declaration that makes resources takes the field `tags`, such as `tags: { team: "payments" }`;
/// policies can be about them, see [`deny!`](crate::deny).
///
/// Gives the findings of every declaration in it. Of its own: `AG0001` where the text cannot be read,
/// `AG0101` where two declarations have one name, `AG0901` where an option is given wrongly.
/// What is emitted is an
/// [AWS CloudFormation template](https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html).
///
/// ```
/// use archgen::prelude::*;
///
/// /// One VPC, with NAT gateways where it must not fail.
/// #[architecture(environments = [Staging, Production])]
/// pub fn demo(env: Environment) -> Architecture {
///     let network = vpc! {
///         cidr: match env { Environment::Production => "10.0.0.0/16", _ => "10.1.0.0/16" },
///         zones: 2,
///         subnets: { public: /24, private: /24 },
///         nat: if env == Environment::Production { PerZone } else { Single },
///     };
/// }
///
/// assert_eq!(DEMO.name, "demo");
/// archgen::check(&demo(Environment::Production)).unwrap();
/// ```
pub use archgen_macros::architecture;
