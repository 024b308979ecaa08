"""Moving a community in: WhatsApp chats and Discourse exports, with consent."""
