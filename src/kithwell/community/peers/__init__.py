"""Finding one another: onboarding, buddies, profiles, badges, gentle steps and shared goals."""
