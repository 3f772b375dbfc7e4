"""Whether the CloudFormation and the Terraform output of an architecture say the same."""
