"""One company per problem, named after it: the healthy one with that problem in it. A file per topic.

The files load nothing of what builds a world, so that listing the scenarios stays quick.
"""

from importlib import import_module

TOPICS = ("octopus", "documents", "customers", "ahead", "connection")

for _topic in TOPICS:  # in the order in which the scenarios are listed
    import_module(f"{__name__}.{_topic}")
