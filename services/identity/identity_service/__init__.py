"""The identity service: workspaces, their members, and the API tokens that say who is calling."""
