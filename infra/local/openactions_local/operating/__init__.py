"""Commands for operators: dead letters and streams of a running broker."""
