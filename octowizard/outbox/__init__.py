"""The only door through which anything is written to a vendor: intent, call, outcome, settling."""
