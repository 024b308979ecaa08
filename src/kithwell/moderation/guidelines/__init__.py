"""The community's guidelines: versioned, accepted at joining, quoted by decisions."""
