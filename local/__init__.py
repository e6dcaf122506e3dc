"""What stands in for AWS and for Docker on one machine. Nothing that is shipped imports it."""
