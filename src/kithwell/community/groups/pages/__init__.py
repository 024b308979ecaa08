"""Pages of groups: the directory, the door, and what facilitators see. Thin: parse, call, render."""
