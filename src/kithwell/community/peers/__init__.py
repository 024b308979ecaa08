"""Finding one another: onboarding, suggestions, buddies, profiles, badges, own steps."""
