"""One profile, open: what both front ends hold of it, and every operation that they offer, written once.

Neither a screen nor a command line is known here: progress and stopping go through `progress`, events through `emit`.
"""
