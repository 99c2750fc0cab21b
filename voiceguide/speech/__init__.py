"""Utterance -> clip: engines, the studio that runs them, and the cache."""
