"""Pure bookkeeping, no vendor in it: money, fiscal years and periods, VAT, ledger accounts, document numbers."""
