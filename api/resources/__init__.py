"""What a lab has and does: a folder or a module for each resource. Resources never import each other; one reads another's tables by SQL."""
