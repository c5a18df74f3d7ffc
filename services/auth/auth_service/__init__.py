"""The auth service: how each action signs in to its API, and the secrets it does so with."""
