"""The execution service: calls operations, states how each call ended, keeps the audit trail."""
