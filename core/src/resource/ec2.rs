//! EC2 instances behind ECS.

use super::Ref;
use super::iam::InstanceProfile;
use super::network::SecurityGroup;
use crate::types::Storage;
use crate::value::{Text, Value};

/// How EC2 instances are started.
#[derive(Clone, Debug, PartialEq)]
pub struct LaunchTemplate {
    /// The instance type.
    pub instance_type: Text,
    /// The name of the public SSM parameter that holds the newest image.
    pub image_parameter: &'static str,
    /// The groups on the instances.
    pub groups: Vec<Ref<SecurityGroup>>,
    /// The role of the instances.
    pub profile: Ref<InstanceProfile>,
    /// The size of the encrypted root volume.
    pub volume: Value<Storage>,
    /// The lines of the script that runs at start.
    pub user_data: Vec<Text>,
}
