"""Groups, memberships, joining, facilitators."""
