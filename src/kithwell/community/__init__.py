"""Groups where people who have been there keep each other company."""
