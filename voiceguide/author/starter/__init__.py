"""Answers -> the text of a script to begin with: one that checks clean, and that explains itself to its author."""
