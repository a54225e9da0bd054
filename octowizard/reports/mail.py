"""A letter for a mail program: a file that it opens as a draft, or an address that fills in a new message.

Nothing is sent: whoever reads it does that.
"""

from __future__ import annotations

import re
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

from octowizard.presentation.visible import plain

if TYPE_CHECKING:
    from octowizard.presentation.letters import Letter

LONGEST_ADDRESS = 1_900  # characters; Windows hands on no more than about two thousand
_MAIL = re.compile(r"[^\s@<>,;:\"()\[\]\\]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}")


class Attachment(NamedTuple):
    """A file that goes with a letter; `kind`: its MIME type."""

    name: str
    kind: str
    body: bytes


def eml(letter: Letter, now: datetime, attachment: Attachment | None = None) -> bytes:
    """The letter as a message of RFC 5322 in UTF-8, unsent: the mail program fills in from whom it is.

    `now`: aware. An address that is none is left out: whoever sends it writes it in.
    """
    message = EmailMessage(policy=SMTP)
    message["Date"] = format_datetime(now)
    if address := mail_address(letter):
        message["To"] = address
    message["Subject"] = plain(letter.subject)
    message["X-Unsent"] = "1"  # Outlook opens it to be written on
    message.set_content(letter.text())
    message["Content-Language"] = letter.language  # after the content, which takes such headers away
    if attachment is not None:
        main, _slash, sub = attachment.kind.partition("/")
        message.add_attachment(attachment.body, maintype=main, subtype=sub, filename=attachment.name)
    return message.as_bytes()


def mail_address(letter: Letter) -> str:
    """To where the letter goes; "" where that is not known, or is no address of a mailbox."""
    address = letter.address.strip()
    return address if _MAIL.fullmatch(address) and address.isascii() else ""


class Opened(NamedTuple):
    """What opens a new message. `cut`: not all the records fitted in."""

    address: str
    cut: bool


def mailto(letter: Letter) -> Opened:
    """The letter as a `mailto:` address that every system hands on whole; it names fewer records where it must."""
    most = len(letter.records)
    address = _mailto(letter, letter.text())
    while len(address) > LONGEST_ADDRESS and most:
        most = min(most - 1, most * 3 // 4)
        address = _mailto(letter, letter.text(most))
    cut = most < len(letter.records)
    text = letter.text(most)
    while len(address) > LONGEST_ADDRESS:
        text, cut = text[: len(text) * 9 // 10], True
        address = _mailto(letter, f"{text}…")
    return Opened(address, cut)


def _mailto(letter: Letter, text: str) -> str:
    to, subject = quote(mail_address(letter), safe="@"), quote(plain(letter.subject), safe="")
    body = quote(text.replace("\n", "\r\n"), safe="")
    return f"mailto:{to}?subject={subject}&body={body}"
