"""Labelled lists of Belgian customers, invented: what two administrations of the same years hold of the same firms.

`make(rows, seed)` gives a left list (as an accountant keeps it), a right list (as a sales office keeps it) and the
pairs that are one customer. Deterministic; it knows the truth because it writes each firm down twice.

Independent of the matcher on purpose: nothing of `octowizard` is imported here, the words (`words.py`) and check digits
(`numbers.py`) are its own, and the faults (`noise.py`) are not the reverse of any rule of comparing: each imitates
how a record goes wrong (a slip on an azerty keyboard, a scan that takes O for 0, a field that was too short, a move
that only one side heard of, a legal form from before the reform of 2019, a town by its name in the other
language, the accountant's mailbox on three clients). `firms.py` makes what is hard about Belgian firms: groups of
sisters under one roof, mailbox and telephone; branches of a chain; namesakes; shared offices; one-person firms;
private persons; contacts that work for a firm in the list.

The rates stand at the head of `firms.py` and `records.py`. They were set by what plain methods find in such lists
(checked and normalised VAT number alone finds six pairs in ten; that, or the same name and postcode, gives
F1 .93), never by what octowizard's matching makes of them.
"""

from tests.generator.lists import COLUMNS, Row, Truth, make

__all__ = ["COLUMNS", "Row", "Truth", "make"]
