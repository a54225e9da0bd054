"""Pure bookkeeping, no vendor in it: money, fiscal years and periods, VAT, document numbers."""
