"""The real Terraform with a simulated AWS provider."""
