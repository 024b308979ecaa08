"""The assistant: scripted, reviewed words that answer at once and lead to people. No model, no network, no database.

`rules` decides what to say (pure), `reading` understands the little it must, `texts` holds the reviewed words, and
`speak` is the door for those who have a conversation.
"""
