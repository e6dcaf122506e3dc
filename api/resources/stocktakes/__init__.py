"""Stocktakes of a lab: start, count, review, post. Nothing is frozen meanwhile."""
