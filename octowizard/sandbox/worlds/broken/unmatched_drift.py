"""`unmatched-drift`: the matches of two invoices were undone in Octopus; Teamleader leaves them paid, as documented."""

from __future__ import annotations

from octowizard.sandbox.state import World
from octowizard.sandbox.worlds.breaking import broken, healthy_but, paid_invoices, undo_matches


def build(seed: int, customers: int | None, documents: int | None) -> World:
    """Nothing is refused."""
    making = healthy_but("unmatched-drift", seed, customers, documents)
    for invoice in paid_invoices(making)[:2]:
        undo_matches(making, invoice, with_receipts=False)
    return broken(making, (), ("reconcile", {}))
