"""The container that lets programs in: the API's resources of labs at /api/v1, with access tokens, and their description."""
