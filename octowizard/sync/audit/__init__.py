"""The proof that both sides say the same: recomputed from what stands on each, without the plan and without links.

`audit.audit` is the one question. `pairing` finds which booking is which document, `sides` says what either of them
is in the books, `customers` whether the relation is the right one, `differences` names what is not the same,
`totals` adds up, `open_amounts` compares payments. All pure: no clock, no network, no disk.
"""
