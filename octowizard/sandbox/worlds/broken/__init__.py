"""One company per problem: the healthy one with that problem in it, one file each, named after it."""
