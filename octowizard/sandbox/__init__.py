"""The practice company: stand-ins of both vendors. It is the other side and imports nothing of octowizard."""
