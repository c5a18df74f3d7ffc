"""The OAuth 2.0 client's protocol: nothing here dials, reads a clock or draws random numbers."""
