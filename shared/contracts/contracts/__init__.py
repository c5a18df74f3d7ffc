"""What services say to each other: facts, requests, ids, and the errors that travel with them."""
