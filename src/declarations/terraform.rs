//! The macro of how Terraform is set up.

/// Where Terraform keeps its state, and where it may work.
///
/// Nothing of it must be given. `region` is that of Terraform's environment (`AWS_REGION`) unless said
/// otherwise; in an account that `allowed_account_ids` does not name, Terraform stops before it changes
/// anything. The state is in the S3 bucket `state_bucket` (in `state_region`, or else `region`) under
/// `state_key`, which is `NAME/ENVIRONMENT/terraform.tfstate` unless said otherwise. It is encrypted, and
/// locked by a file beside it; `lock_table` names a DynamoDB table that locks it too, for teams that have
/// one (Terraform calls that deprecated). What is left out of bucket and Region is given to
/// `terraform init`; `backend.hcl.example` beside the module says how. `required_version` narrows the
/// versions of Terraform, which are `>= 1.11` anyway.
///
/// Derived: `bootstrap/` beside the module, a module that makes the bucket (versions, encryption, no public
/// access, TLS only) and the table. For CloudFormation it says nothing. Codes: `AG0007`, `AG0107`, `AG0730`
/// where an architecture has two, `AG0731` for a parameter where Terraform has no variables yet. AWS:
/// [state in S3](https://docs.aws.amazon.com/prescriptive-guidance/latest/terraform-aws-provider-best-practices/backend.html).
///
/// ```
/// # use archgen::prelude::*;
/// #[architecture(environments = [Staging, Production])]
/// fn demo(env: Environment) -> Architecture {
///     let network = vpc! { cidr: "10.0.0.0/16", zones: 2, subnets: { private: /24 } };
///     let state = terraform! {
///         region: "eu-west-1",
///         allowed_account_ids: [
///             if env == Environment::Production { "123456789012" } else { "210987654321" },
///         ],
///         state_bucket: "demo-terraform-state",
///         lock_table: "demo-terraform-locks",
///     };
/// }
/// archgen::check(&demo(Environment::Production)).unwrap();
/// ```
pub use archgen_macros::terraform;
