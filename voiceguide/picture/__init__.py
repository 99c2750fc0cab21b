"""Timeline -> pictures: a scene, and those who draw it as SVG or for a terminal."""
