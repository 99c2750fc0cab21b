"""Routine -> Timeline: pure functions that unroll, fit and schedule."""
