"""The chassis of every service: what all of them do, done once."""
