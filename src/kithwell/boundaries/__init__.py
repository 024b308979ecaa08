"""People's own tools: block, mute, words, warnings, who may write to me."""
