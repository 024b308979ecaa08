"""Pages of events: thin, parse, call, render."""
