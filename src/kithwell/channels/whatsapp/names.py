"""What we call the provider's messages. Its ids hold the phone number, lightly dressed up (base64), so they are never
stored: everything after the door knows a message by a keyed hash of its id."""

from __future__ import annotations

from kithwell.kernel import crypto

LENGTH = 48  # hex characters, 192 bits: enough that no two messages ever meet


def own_name(provider_id: str) -> str:
    """The name under which a message of the provider is known here; "" stays ""."""
    return crypto.blind_index("whatsapp.message", provider_id)[:LENGTH] if provider_id else ""
