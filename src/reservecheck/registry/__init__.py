"""What networks, assets and instruments are: shipped rows, and those an engagement accepts."""
