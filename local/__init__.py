"""Programs that stand in for AWS and for Docker on one machine. No code that is shipped imports this package."""
