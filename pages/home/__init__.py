"""Home: what needs attention in a lab."""
