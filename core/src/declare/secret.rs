//! `secret!`: a secret of AWS Secrets Manager.

use crate::check::{Context, storage as checks};
use crate::field::{List, Map};
use crate::lower::{Lower, storage};
use crate::types::Count;
use crate::value::Text;

crate::declaration! {
    /// A secret. Its value never appears anywhere: AWS makes one up, and where it must be another, its
    /// owner puts it in.
    Secret SecretBuilder {
        /// What it is for.
        required description: Text = "\"API keys of the payment provider\"";
        /// Its physical name, such as `shop/production/api-keys`.
        optional secret_name: String;
        /// The name of the user that it is the password of: its value is then a JSON text with `username` and
        /// `password`, as databases' clients of AWS read it.
        optional username: String;
        /// What else is in that text: `{ host: database.endpoint, port: database.port }`.
        optional fields: Map<Text>;
        /// The length of the value AWS makes up, 8 to 4096 characters.
        default generate: Count = Count(32);
        /// The ARN of the KMS key; left out, AWS's own.
        optional kms_key: Text;
        /// Further Regions that hold a copy.
        optional replica_regions: List<Text>;
    } members SecretMembers {
        /// The Amazon Resource Name.
        arn;
    }
}

impl Secret {
    /// Checks the declaration's own limits.
    pub fn check(&self, cx: &mut Context<'_>) {
        checks::check_secret(self, cx);
    }

    /// Lowers it into resources.
    pub fn lower(&self, cx: &mut Lower<'_>) {
        storage::lower_secret(self, cx);
    }
}
