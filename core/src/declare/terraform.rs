//! `terraform!`: where Terraform keeps its state, and where it may work.

use crate::check::{Context, terraform as checks};
use crate::field::{Field, List};
use crate::lower::Lower;
use crate::resource::terraform::TerraformSettings;
use crate::value::Value;

crate::declaration! {
    /// Where Terraform keeps its state, and where it may work; for other targets it says nothing.
    bare Terraform TerraformBuilder {
        /// The Region; left out, that of Terraform's environment (`AWS_REGION`).
        optional region: String;
        /// The accounts it may work in: `["123456789012"]`. Anywhere else it stops before it changes
        /// anything.
        optional allowed_account_ids: List<String>;
        /// The S3 bucket that holds the state; left out, it is given to `terraform init`.
        optional state_bucket: String;
        /// The name of the state in that bucket: `NAME/ENVIRONMENT/terraform.tfstate` unless said
        /// otherwise.
        optional state_key: String;
        /// The Region of that bucket; `region` unless said otherwise.
        optional state_region: String;
        /// A DynamoDB table that locks the state, besides the lock file in the bucket.
        optional lock_table: String;
        /// The versions of Terraform that may be used, besides `>= 1.11`: `"~> 1.13"`.
        optional required_version: String;
    } members TerraformMembers {}
}

impl Terraform {
    /// Checks the declaration's own limits.
    pub fn check(&self, cx: &mut Context<'_>) {
        checks::check(self, cx);
    }

    /// Lowers it into the graph's settings; it makes no resource.
    pub fn lower(&self, cx: &mut Lower<'_>) {
        let value = |it: &Option<Field<String>>| it.as_ref().map(|it| it.value.clone());
        let accounts = self.allowed_account_ids.as_ref().and_then(Field::literal);
        cx.terraform(TerraformSettings {
            region: value(&self.region),
            allowed_account_ids: accounts
                .into_iter()
                .flatten()
                .map(|it: &Field<String>| it.value.clone())
                .collect::<Vec<Value<String>>>(),
            state_bucket: value(&self.state_bucket),
            state_key: value(&self.state_key),
            state_region: value(&self.state_region),
            lock_table: value(&self.lock_table),
            required_version: value(&self.required_version),
        });
    }
}
