"""Pages for stewards: thin. Parse, call, render."""
