"""Receiving a purchase: what arrives becomes containers."""
