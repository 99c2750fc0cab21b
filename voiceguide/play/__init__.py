"""Live: a transport of numbers, a player, and the outputs it plays on."""
