"""What the use cases about stored calls (`domain.stored_call`) have in common."""
