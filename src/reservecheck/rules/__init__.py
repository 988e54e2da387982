"""The core rules, one file each; none can be switched off."""
