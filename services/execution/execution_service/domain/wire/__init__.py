"""From admitted arguments to the characters and bytes of a request, part by part."""
