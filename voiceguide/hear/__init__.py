"""Hear: spoken commands, understood in the noise of a room and under the session's own sound."""
