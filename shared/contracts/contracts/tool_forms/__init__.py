"""What models are given of compiled operations, for whoever serves it: pure, without I/O."""
