"""The page for a phone: a remote for a session that plays here (`remote`), or a player of its own (`served`)."""
