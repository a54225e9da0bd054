"""What takes seconds or a minute at a real vendor takes a fraction in a storm, in the same proportions."""

CALL = 0.4  # seconds for which octowizard waits for an answer
LATE = 0.45  # seconds after which an answer comes too late
SETTLED = 0.4  # seconds after which a request that was cut off has ended
