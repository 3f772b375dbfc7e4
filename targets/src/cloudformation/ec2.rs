//! Launch templates.

use archgen_core::resource::Resource;
use archgen_core::resource::ec2::{LaunchTemplate, METADATA_HOPS, ROOT_DEVICE, VOLUME_TYPE};

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
            .with("VolumeType", VOLUME_TYPE);
        let device: Expr = Object::new().with("DeviceName", ROOT_DEVICE).with("Ebs", volume).into();
        let metadata = Object::new()
            .with("HttpEndpoint", "enabled")
            .with("HttpPutResponseHopLimit", METADATA_HOPS)
            .with("HttpTokens", "required");
        let user_data = it.script().map(|it| Expr::Base64(Box::new(self.text(&it))));
        let profile = it.profile.as_ref().map(|it| Object::new().with("Arn", self.arn(it)));
        let image = it.image_parameter.map(|it| format!("{{{{resolve:ssm:{it}}}}}"));
        let data = Object::new()
            .with("BlockDeviceMappings", vec![device])
            .maybe("IamInstanceProfile", profile)
            .maybe("ImageId", image)
            .maybe("InstanceType", self.optional_text(it.instance_type.as_ref()))
            .with("MetadataOptions", metadata)
            .with("SecurityGroupIds", self.ids(&it.groups))
            .with("TagSpecifications", vec![tags("instance"), tags("volume")])
            .maybe("UserData", user_data);
        Object::new()
            .with("LaunchTemplateData", data)
            .with("TagSpecifications", vec![tags("launch-template")])
    }
}
