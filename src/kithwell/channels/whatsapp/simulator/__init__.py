"""The provider's side of WhatsApp, played strictly: for tests, for trying out, and for the phone at /sim in a demo.

Nothing here talks to Meta. It follows the public documentation of the Cloud API, refuses what the provider refuses and
misbehaves on request (`faults.py`). docs/simulator.md tells how to use it.
"""
