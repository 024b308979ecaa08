"""Pages of the desk: thin. Parse, call, render."""
