"""The embedded platform: a broker, a database and every service from one command."""
