"""octowizard: connects Octopus to Teamleader Focus, and explains it when that connection breaks."""

__version__ = "0.1.0"
