"""A local CloudFormation: moto's AWS API with a deployment engine of our own in front."""
