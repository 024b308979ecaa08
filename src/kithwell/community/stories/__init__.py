"""Stories: written with a guide, with consent per use, withdrawn everywhere on one tap."""
