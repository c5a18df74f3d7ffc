"""The compiler's version."""

COMPILER = 11
"""To be raised with every change of what a document is compiled to. What was compiled by a lower
version is then compiled again in the background; what commit b35d436 stored counts as version 1.
"""
