"""Signing in and out, the user's own account, and the choice of a lab."""
