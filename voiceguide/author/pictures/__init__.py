"""Pictures: what a session or the report of a fit looks like, drawn as SVG or for a terminal."""
