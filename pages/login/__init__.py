"""Signing in and out, one's own account, and the choice of a lab."""
