//! `sns_topic!`: an SNS topic that tells people and systems what alarms and budgets say.
//!
//! <https://docs.aws.amazon.com/sns/latest/dg/sns-create-subscribe-endpoint-to-topic.html>

use crate::check::{Context, notify as checks};
use crate::field::List;
use crate::lower::{Lower, notify};
use crate::notify_fields::SubscriptionField;
use crate::value::Text;

crate::declaration! {
    /// An SNS topic. Alarms of CloudWatch and budgets of the account may publish to it.
    SnsTopic SnsTopicBuilder {
        /// Who gets what is published: `[Email("ops@example.com"), Https(pager)]`. Each confirms it once.
        optional subscriptions: List<SubscriptionField>;
        /// The ARN of the KMS key that encrypts messages, with a policy that lets the services that publish
        /// use it; AWS's own `alias/aws/sns` does not. Left out, messages are encrypted on the way only.
        optional kms_key: Text;
        /// Whether rules of EventBridge may publish too. SNS takes no condition there, so a rule of
        /// another account that knows the topic may as well.
        default events: bool = false;
        /// The sender's name in e-mails, 100 characters at most.
        optional display_name: String;
        /// Its physical name, 1 to 256 letters, digits, `-` and `_`.
        optional topic_name: String;
    } members SnsTopicMembers {
        /// The Amazon Resource Name.
        arn;
        /// The name.
        name;
    }
}

impl SnsTopic {
    /// Checks the declaration's own limits.
    pub fn check(&self, cx: &mut Context<'_>) {
        checks::check_topic(self, cx);
    }

    /// Lowers it into resources.
    pub fn lower(&self, cx: &mut Lower<'_>) {
        notify::lower_topic(self, cx);
    }
}
