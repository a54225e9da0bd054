"""The app, driven by its keys over a scripted engine."""
