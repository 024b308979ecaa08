"""Pure decisions of stories: what a story needs, its states, captions, cleaning of files."""
