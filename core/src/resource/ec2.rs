//! EC2 instances behind ECS and EKS.

use super::Ref;
use super::iam::InstanceProfile;
use super::network::SecurityGroup;
use crate::types::Storage;
use crate::value::{Text, Value};

/// The device of the root volume in images of Amazon Linux.
pub const ROOT_DEVICE: &str = "/dev/xvda";

/// The type of the root volume.
pub const VOLUME_TYPE: &str = "gp3";

/// How far answers of the instance metadata service get. One hop: tasks behind their own interfaces cannot
/// take the instance's role.
pub const METADATA_HOPS: u16 = 1;

/// How EC2 instances are started.
#[derive(Clone, Debug, PartialEq)]
pub struct LaunchTemplate {
    /// The instance type; none where a node group of EKS says it.
    pub instance_type: Option<Text>,
    /// The name of the public SSM parameter that holds the newest image; none where EKS chooses it.
    pub image_parameter: Option<&'static str>,
    /// The groups on the instances.
    pub groups: Vec<Ref<SecurityGroup>>,
    /// The role of the instances; none where a node group of EKS says it.
    pub profile: Option<Ref<InstanceProfile>>,
    /// The size of the encrypted root volume.
    pub volume: Value<Storage>,
    /// The lines of the script that runs at start.
    pub user_data: Vec<Text>,
}

impl LaunchTemplate {
    /// The script that runs at start.
    pub fn script(&self) -> Option<Text> {
        let lines = self.user_data.iter().cloned();
        lines.map(|it| it.then("\n")).reduce(Text::then)
    }
}
