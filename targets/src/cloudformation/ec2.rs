//! Launch templates.

use archgen_core::resource::Resource;
use archgen_core::resource::ec2::LaunchTemplate;

use super::expr::{Expr, Object};
use super::writer::{Writer, value};

impl Writer<'_> {
    pub(super) fn launch_template(&self, resource: &Resource, it: &LaunchTemplate) -> Object {
        let tags = |of: &str| -> Expr {
            Object::new().with("ResourceType", of).with("Tags", self.tags(resource)).into()
        };
        let volume = Object::new()
            .with("DeleteOnTermination", true)
            .with("Encrypted", true)
            .with("VolumeSize", value(&it.volume))
            .with("VolumeType", "gp3");
        let device: Expr = Object::new().with("DeviceName", "/dev/xvda").with("Ebs", volume).into();
        let mut script = Vec::new();
        for line in &it.user_data {
            script.push(self.text(line));
            script.push(Expr::from("\n"));
        }
        // One hop: tasks behind their own interfaces cannot take the instance's role.
        let metadata = Object::new()
            .with("HttpEndpoint", "enabled")
            .with("HttpPutResponseHopLimit", 1_i64)
            .with("HttpTokens", "required");
        let user_data = (!script.is_empty()).then(|| Expr::Base64(Box::new(Expr::concat(script))));
        let data = Object::new()
            .with("BlockDeviceMappings", vec![device])
            .with("IamInstanceProfile", Object::new().with("Arn", self.arn(&it.profile)))
            .with("ImageId", format!("{{{{resolve:ssm:{}}}}}", it.image_parameter))
            .with("InstanceType", self.text(&it.instance_type))
            .with("MetadataOptions", metadata)
            .with("SecurityGroupIds", self.ids(&it.groups))
            .with("TagSpecifications", vec![tags("instance"), tags("volume")])
            .maybe("UserData", user_data);
        Object::new()
            .with("LaunchTemplateData", data)
            .with("TagSpecifications", vec![tags("launch-template")])
    }
}
