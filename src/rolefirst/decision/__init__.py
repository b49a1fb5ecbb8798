"""The decision: who holds a key, and what should stand there instead."""
