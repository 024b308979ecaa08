"""Cases, decisions with reasons, appeals: a person decides about persons."""
