"""Pages of peers: thin."""
