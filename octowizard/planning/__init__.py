"""From a Snapshot to what will become of every document, customer and payment: one answer, read by everybody. Pure."""
