"""The one door to the network: every question and every answer or failure is recorded, and can be replayed."""
