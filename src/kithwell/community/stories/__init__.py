"""Stories: written with a guide, reviewed, shown with consent, withdrawn everywhere on one tap."""
