"""Reading other places' exports: pure functions from text to lines."""
