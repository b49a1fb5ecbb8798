"""Loaders: bytes of some format → Project."""
