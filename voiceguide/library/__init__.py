"""The library: scripts and sounds, the user's own first."""
