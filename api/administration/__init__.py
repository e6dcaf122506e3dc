"""Labs, logins, sessions and the proof of isolation."""
