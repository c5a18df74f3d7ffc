"""Root keys in services of the operator's own: HashiCorp Vault's Transit engine, and AWS KMS."""
