"""Text -> Routine: the language, its table of keys, and the nouns that a script is read into."""
