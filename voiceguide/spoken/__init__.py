"""Written text -> what is said: numbers, signs and capitals as a person reads them, cut into sentences, by language."""
