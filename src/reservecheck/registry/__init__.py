"""The shipped networks, assets and instruments."""
