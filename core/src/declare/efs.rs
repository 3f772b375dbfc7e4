//! `efs!`: a shared file system.

use crate::check::{Context, storage as checks};
use crate::declare::SecurityGroup;
use crate::field::{DeclarationRef, List, TierRef};
use crate::lower::{Lower, storage};
use crate::types::{Count, Days};
use crate::value::Text;

crate::declaration! {
    /// An encrypted file system with a mount target in every zone of its tier.
    Efs EfsBuilder {
        /// The tier its mount targets stand in.
        required subnets: TierRef = "network.private";
        /// Whether AWS Backup copies it every day.
        default backups: bool = true;
        /// The folder that services see as its root.
        default path: String = "/data".to_string();
        /// The user and group that own the folder.
        default user: Count = Count(1000);
        /// After how long without use a file moves to Infrequent Access: 1, 7, 14, 30, 60, 90, 180,
        /// 270 or 365 days.
        optional infrequent_access_after: Days;
        /// The Region to which AWS keeps a copy, minutes behind.
        optional replicate_to: Text;
        /// The ARN of the KMS key that encrypts it; left out, AWS's own. Another key makes another file system.
        optional kms_key: Text;
        /// Groups that the team wrote; left out, archgen derives one.
        optional security_groups: List<DeclarationRef<SecurityGroup>>;
    } members EfsMembers {
        /// The identifier, `fs-…`.
        id;
        /// The Amazon Resource Name.
        arn;
    }
}

impl Efs {
    /// Checks the declaration's own limits.
    pub fn check(&self, cx: &mut Context<'_>) {
        checks::check_file_system(self, cx);
    }

    /// Lowers it into resources.
    pub fn lower(&self, cx: &mut Lower<'_>) {
        storage::lower_file_system(self, cx);
    }
}
