"""Posts, replies, reactions, polls, pictures, drafts, search inside a group."""
