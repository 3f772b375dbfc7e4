"""The policy scanner checkov over everything that is emitted."""
