//! `ecr_repository!`: a private repository of container images.
//!
//! <https://docs.aws.amazon.com/AmazonECR/latest/userguide/Repositories.html>

use crate::check::{Context, ecr as checks};
use crate::lower::{Lower, ecr};
use crate::types::{Count, Days};
use crate::value::Text;

crate::declaration! {
    /// A private repository of container images.
    EcrRepository EcrRepositoryBuilder {
        /// Whether each image is scanned for known vulnerabilities when it is pushed.
        default scan_on_push: bool = true;
        /// Whether a tag stays with the image that it was first given to.
        default immutable: bool = true;
        /// How many of the newest images are kept; left out, all of them.
        optional keep: Count;
        /// How long images are kept that no tag is left on, 1 day or more.
        default keep_untagged: Days = Days(14);
        /// The ARN of the KMS key; left out, keys that ECR manages. It cannot be changed.
        optional kms_key: Text;
        /// Its physical name, such as `shop/backend`: 2 to 256 lower-case letters and digits, with single `.`,
        /// `_`, `-` and `/` between them; left out, `ARCHITECTURE-ENVIRONMENT/NAME`. It cannot be changed.
        optional repository_name: String;
    } members EcrRepositoryMembers {
        /// What images are pushed to and pulled from, without a tag.
        uri;
        /// The name.
        name;
        /// The Amazon Resource Name.
        arn;
    }
}

impl EcrRepository {
    /// Checks the declaration's own limits.
    pub fn check(&self, cx: &mut Context<'_>) {
        checks::check(self, cx);
    }

    /// Lowers it into resources.
    pub fn lower(&self, cx: &mut Lower<'_>) {
        ecr::lower(self, cx);
    }
}
