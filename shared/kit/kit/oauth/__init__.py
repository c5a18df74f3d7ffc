"""What every OAuth client here does alike: pure, and nothing here dials."""
