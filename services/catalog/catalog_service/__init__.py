"""The catalog service: GPTs, the actions inside them, and the versions that calls use."""
