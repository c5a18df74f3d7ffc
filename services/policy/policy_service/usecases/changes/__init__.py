"""What use cases that change a workspace's rules or settings have in common."""
