"""Pictures of sessions: scenes, and how they are drawn."""
