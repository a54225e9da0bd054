"""What both clients share: retry of reads, sliding window, daily budget, typed errors, redacted log."""
