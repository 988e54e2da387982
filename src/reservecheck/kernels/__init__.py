"""Loops that are compiled where numba is installed (the extra `fast`); each has a twin without it."""
