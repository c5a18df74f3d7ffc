"""The execution service: calls operations, publishes how each call ended, keeps the audit trail."""
