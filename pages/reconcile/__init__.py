"""Stocktakes and locations."""
