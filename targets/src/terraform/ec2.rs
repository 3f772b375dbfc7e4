//! Launch templates.

use std::collections::BTreeSet;

use archgen_core::resource::Resource;
use archgen_core::resource::ec2::{LaunchTemplate, METADATA_HOPS, ROOT_DEVICE, VOLUME_TYPE};

use super::expr::{Expr, Object};
use super::module::{Block, Mode, Module};
use super::writer::{Writer, value};

/// What looks up a public parameter of AWS.
const PARAMETER: &str = "aws_ssm_parameter";

impl Writer<'_> {
    pub(super) fn launch_template(
        &self,
        resource: &Resource,
        it: &LaunchTemplate,
        out: &mut Module,
    ) {
        let image = it.image_parameter.map(|name| {
            let parameter = Object::new().with("name", name);
            let parameter = self.part(resource, PARAMETER, parameter);
            // Terraform takes `value` for a secret, which the name of an image is not.
            let image = format!("data.{}.insecure_value", parameter.address);
            out.add(Block { mode: Mode::Data, depends_on: BTreeSet::new(), ..parameter });
            Expr::Name(image.into())
        });
        let profile = it.profile.as_ref().map(|it| Object::new().with("arn", self.arn(it)));

        let tags = |of: &str| -> Expr {
            // `default_tags` do not reach what the template starts.
            Object::new().with("resource_type", of).with("tags", self.all_tags(resource)).into()
        };
        let volume = Object::new()
            .with("delete_on_termination", "true")
            .with("encrypted", "true")
            .with("volume_size", value(&it.volume))
            .with("volume_type", VOLUME_TYPE);
        let device = Object::new().with("device_name", ROOT_DEVICE).with("ebs", volume);
        let metadata = Object::new()
            .with("http_endpoint", "enabled")
            .with("http_put_response_hop_limit", METADATA_HOPS)
            .with("http_tokens", "required");
        let user_data = it.script().map(|it| Expr::call("base64encode", [self.text(&it)]));
        let body = Object::new()
            .with("block_device_mappings", vec![device.into()])
            .maybe("iam_instance_profile", profile)
            .maybe("image_id", image)
            .maybe("instance_type", self.optional_text(it.instance_type.as_ref()))
            .with("metadata_options", metadata)
            .with("tag_specifications", vec![tags("instance"), tags("volume")])
            .with("tags", self.tags(resource))
            .maybe("user_data", user_data)
            .with("vpc_security_group_ids", self.ids(&it.groups));
        out.add(self.block(resource, body));
    }
}
