"""The policy service: a workspace's domain rules, and the verdict on each call."""
