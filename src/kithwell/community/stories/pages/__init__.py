"""Pages of stories: thin, parse, call, render."""
