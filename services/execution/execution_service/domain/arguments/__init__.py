"""What a call is given: plain JSON, its canonical form, and what a schema says about it."""
