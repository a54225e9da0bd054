"""What can go wrong between octowizard and a vendor: one tree, each fact an attribute, one sentence.

Not here: what an error means for the bookkeeping (that is `problems/`). `str(error)` is translated when it is
read, says what happened, where, and what to do, and never holds a secret: the vendor's text is redacted.
"""

from datetime import datetime

from octowizard.locale import _, ngettext
from octowizard.locale.formats import dated_moment
from octowizard.locale.keys import key_of
from octowizard.locale.readings import call_name, request_name
from octowizard.transport.bounds import one_line
from octowizard.transport.redact import redact

_MOST_READ = 10_000  # letters of a vendor's text that are looked at


class ConfigurationError(Exception):
    """Something octowizard was told cannot be right (an address, a time-out); the message is one sentence."""


class VendorError(Exception):
    """A call to a vendor that did not succeed.

    vendor     "Octopus" or "Teamleader"
    operation  the operation's name in the vendor's contract
    text       the vendor's own words, redacted; "" when it said nothing
    status     HTTP status, None when there was no answer
    code       the vendor's error number, None when it gave none
    again      the same call may be tried again later and may then succeed
    in_doubt   a write was sent and nobody knows whether it took effect: look before repeating
    """

    def __init__(
        self,
        vendor: str,
        operation: str,
        text: str = "",
        *,
        status: int | None = None,
        code: int | None = None,
        again: bool = False,
        in_doubt: bool = False,
    ) -> None:
        self.vendor = vendor
        self.operation = operation
        self.text = one_line(redact(text[:_MOST_READ]))
        self.status = status
        self.code = code
        self.again = again
        self.in_doubt = in_doubt
        super().__init__(vendor, operation, self.text, status, code)

    @property
    def request(self) -> str:
        """The operation as people call it."""
        return request_name(self.operation)

    def __str__(self) -> str:
        """One translated sentence (two where something is in doubt)."""
        text = self._said()
        if self.in_doubt:
            doubt = _("Whether it took effect is not known: look in {vendor} before sending it again.")
            text += " " + doubt.format(vendor=self.vendor)
        return text

    def _said(self) -> str:
        return _("{vendor} did not do {operation}: {text}").format(
            vendor=self.vendor, operation=self.request, text=self._words()
        )

    def _words(self) -> str:
        """The vendor's text, or the bare numbers where it gave none; without a full stop at the end."""
        words = self.text.rstrip(". \n") or _("no explanation given")
        numbers = [f"HTTP {self.status}"] if self.status is not None else []
        if self.code is not None:
            numbers.append(_("code {code}").format(code=self.code))
        return f"{words}, {', '.join(numbers)}" if numbers else words


class Unreachable(VendorError):
    """No connection was made, so nothing was sent: no name, no route, no TLS, or too slow.

    `proxy`: host and port of the one that should have led there; "" where there is none.
    """

    def __init__(
        self, vendor: str, operation: str, text: str = "", *, address: str = "", proxy: str = ""
    ) -> None:
        super().__init__(vendor, operation, text, again=True)
        self.address = address
        self.proxy = proxy

    def _said(self) -> str:
        if self.proxy and self.text.startswith("407"):
            return _(
                "The proxy {proxy} of this network wants a user and a password, or others than it was given; nothing "
                "was sent to {vendor}: write them into HTTPS_PROXY, as http://USER:PASSWORD@{proxy}."
            ).format(proxy=self.proxy, vendor=self.vendor)
        if self.proxy:
            return _(
                "{vendor} cannot be reached at {address} by the proxy {proxy} ({text}); nothing was sent: check the "
                "proxy in HTTPS_PROXY or in the settings of this computer, then try again."
            ).format(vendor=self.vendor, address=self.address, proxy=self.proxy, text=self._words())
        if self.address:
            return _(
                "{vendor} cannot be reached at {address} ({text}); nothing was sent: "
                "check the internet connection and the address, then try again."
            ).format(vendor=self.vendor, address=self.address, text=self._words())
        return _(
            "{vendor} cannot be reached ({text}); nothing was sent: "
            "check the internet connection, then try again."
        ).format(vendor=self.vendor, text=self._words())


class Untrusted(Unreachable):
    """The certificate that was shown is not trusted here. `advice`: what to do, half a sentence."""

    def __init__(self, vendor: str, operation: str, text: str, *, address: str, advice: str) -> None:
        super().__init__(vendor, operation, text, address=address)
        self.advice = advice

    def _said(self) -> str:
        return _(
            "The certificate that {vendor} shows at {address} is not trusted by this computer ({text}), "
            "so nothing was sent: {advice}."
        ).format(vendor=self.vendor, address=self.address, text=self._words(), advice=self.advice)


class Interrupted(VendorError):
    """The request left, a complete answer did not come: time-out, cut connection, truncated body."""

    def __init__(self, vendor: str, operation: str, text: str = "", *, in_doubt: bool = False) -> None:
        super().__init__(vendor, operation, text, again=not in_doubt, in_doubt=in_doubt)

    def _said(self) -> str:
        text = _("The connection with {vendor} was lost during {operation} ({text}).")
        if not self.in_doubt:
            text = _("The connection with {vendor} was lost during {operation} ({text}): try again later.")
        return text.format(vendor=self.vendor, operation=self.request, text=self._words())


class Failed(VendorError):
    """The vendor's own fault (5xx)."""

    def __init__(
        self,
        vendor: str,
        operation: str,
        text: str = "",
        *,
        status: int,
        code: int | None = None,
        in_doubt: bool = False,
    ) -> None:
        super().__init__(
            vendor, operation, text, status=status, code=code, again=not in_doubt, in_doubt=in_doubt
        )

    def _said(self) -> str:
        text = _("{vendor} failed during {operation}: {text}.")
        if not self.in_doubt:
            text = _("{vendor} failed during {operation}: {text}; try again later.")
        return text.format(vendor=self.vendor, operation=self.request, text=self._words())


class Refused(VendorError):
    """The vendor said no (4xx). `technical` is its text for developers, `field` the member it names."""

    def __init__(
        self,
        vendor: str,
        operation: str,
        text: str = "",
        *,
        status: int | None = None,
        code: int | None = None,
        technical: str = "",
        field: str = "",
        again: bool = False,
    ) -> None:
        super().__init__(vendor, operation, text or technical, status=status, code=code, again=again)
        self.technical = one_line(redact(technical[:_MOST_READ]))
        self.field = one_line(redact(field[:_MOST_READ]))

    def _said(self) -> str:
        if self.field:
            return _("{vendor} refused {operation}: {text}; look at {field}.").format(
                vendor=self.vendor,
                operation=self.request,
                text=self._words(),
                field=self.field,
            )
        return _("{vendor} refused {operation}: {text}.").format(
            vendor=self.vendor, operation=self.request, text=self._words()
        )


class SignInRefused(Refused):
    """Wrong credentials, or a sign-in that does not hold. Never repeated by itself: vendors block.

    since   when the same credentials were refused; nothing was sent now. None: it was refused now
    kept    it was refused now, and is remembered: the same credentials will not be sent again
    """

    def __init__(
        self,
        vendor: str,
        operation: str,
        text: str = "",
        *,
        status: int | None = None,
        code: int | None = None,
        technical: str = "",
        field: str = "",
        since: datetime | None = None,
    ) -> None:
        super().__init__(vendor, operation, text, status=status, code=code, technical=technical, field=field)
        self.since = since
        self.kept = False

    def _said(self) -> str:
        places = {"vendor": self.vendor, "text": self._words()}
        if self.since is not None:
            return _(
                "{vendor} refused the sign-in on {date} ({text}), so it was not sent again: correct the user, the "
                "password or the keys of this profile; or, once {vendor} has mended it on its side, "
                "try the same again with octowizard check --try-again (in the app: {again} on the finding)."
            ).format(again=key_of("checks.sign_in", "i"), **places, date=dated_moment(self.since))
        if self.kept:
            return _(
                "{vendor} refused the sign-in ({text}), and octowizard does not send it again: correct the user, the "
                "password or the keys of this profile; or, once {vendor} has mended it on its side, "
                "try the same again with octowizard check --try-again (in the app: {again} on the finding)."
            ).format(again=key_of("checks.sign_in", "i"), **places)
        return _(
            "{vendor} refused the sign-in ({text}): check the user, the password and the keys "
            "of this profile, then connect again."
        ).format(**places)


class Forbidden(Refused):
    """403: this user may not do it, or not now (a closed or locked journal, a disabled dossier)."""

    def _said(self) -> str:
        return _("{vendor} does not allow {operation}: {text}.").format(
            vendor=self.vendor, operation=self.request, text=self._words()
        )


class LimitReached(Refused):
    """The vendor says that a limit is spent. `until`: when it is free again (aware), if the vendor tells."""

    def __init__(
        self,
        vendor: str,
        operation: str,
        text: str = "",
        *,
        status: int | None = None,
        code: int | None = None,
        technical: str = "",
        until: datetime | None = None,
    ) -> None:
        super().__init__(vendor, operation, text, status=status, code=code, technical=technical, again=True)
        self.until = until

    def _said(self) -> str:
        if self.until is not None:
            return _("{vendor} takes no more {operation} for now ({text}): try again after {until}.").format(
                vendor=self.vendor,
                operation=self.request,
                text=self._words(),
                until=dated_moment(self.until),
            )
        return _("{vendor} takes no more {operation} for now ({text}): try again later.").format(
            vendor=self.vendor, operation=self.request, text=self._words()
        )


class Unreadable(VendorError):
    """The answer is not JSON, or fits no contract. `path` says where in it, "$" being the whole."""

    def __init__(
        self,
        vendor: str,
        operation: str,
        text: str = "",
        *,
        path: str = "$",
        status: int | None = None,
        in_doubt: bool = False,
    ) -> None:
        super().__init__(vendor, operation, text, status=status, in_doubt=in_doubt)
        self.path = path

    def _said(self) -> str:
        if self.path == "$":
            return _(
                "{vendor} answered {operation} with something octowizard cannot read ({text}): "
                "try again later, and report it if it stays."
            ).format(vendor=self.vendor, operation=self.request, text=self.text)
        return _(
            "{vendor} answered {operation} with something octowizard cannot read, at {path} ({text}): "
            "try again later, and report it if it stays."
        ).format(vendor=self.vendor, operation=self.request, path=self.path, text=self.text)


def other_server(vendor: str, operation: str, status: int, *, in_doubt: bool = False) -> Unreadable:
    """What a redirect means: nothing redirects here, so what stands in between did not pass the request on."""
    what = _("an answer of another kind, as of another server; check the address")
    return Unreadable(vendor, operation, what, status=status, in_doubt=in_doubt)


class WebPage(Unreadable):
    """A web page where an answer should be: of a guest network, a proxy, a firewall."""

    def _said(self) -> str:
        return _(
            "A web page came where {vendor} should have answered {operation}: something in between, such as a guest "
            "network that wants a sign-in, or a proxy, answers for it. Open any page in a browser, do what is asked "
            "there, then try again."
        ).format(vendor=self.vendor, operation=self.request)


class LimitSpent(VendorError):
    """Our own count says no more today; nothing was sent. `until`: when the call is free again (aware)."""

    def __init__(self, vendor: str, operation: str, *, limit: int, until: datetime) -> None:
        super().__init__(vendor, operation, again=True)
        self.limit = limit
        self.until = until

    def _said(self) -> str:
        return _(
            "The {limit} calls a day that {vendor} allows for {operation} are used up: "
            "it goes on after {until}."
        ).format(
            limit=self.limit,
            vendor=self.vendor,
            operation=self.request,
            until=dated_moment(self.until),
        )


class AllowanceSpent(LimitSpent):
    """As many calls as whoever looks wanted to make were made; nothing was sent."""

    def _said(self) -> str:
        text = ngettext(
            "not looked at: a message is answered with at most {count} call to {vendor}; a check looks at all",
            "not looked at: a message is answered with at most {count} calls to {vendor}; a check looks at all",
            self.limit,
        )
        return text.format(count=self.limit, vendor=self.vendor)


def plainly(error: VendorError) -> str:
    """What happened, without the vendor's own words and the request: those are details (`text`, `operation`).

    What octowizard says itself of connections, refused sign-ins and its own counts stays whole: it tells what to do.
    """
    call, reason = call_name(error.operation), _told(error)
    if reason is None:
        return str(error)
    until = error.until if isinstance(error, LimitReached) else None
    moment = dated_moment(until) if until is not None else ""
    return reason[0 if call else 1].format(vendor=error.vendor, call=call, until=moment)


def _told(error: VendorError) -> tuple[str, str] | None:
    """What happened to a call, and to one that has no name for people; None: what the error says itself stays whole."""
    if type(error) is Forbidden:
        return (
            _("{vendor} does not allow it to this user, or not now: {call}."),
            _("{vendor} does not allow this user what was asked, or not now."),
        )
    if type(error) is Refused:
        return _("{vendor} answered no: {call}."), _("{vendor} answered no.")
    if isinstance(error, LimitReached) and error.until is not None:
        return (
            _("{vendor} takes no more for now ({call}): try again after {until}."),
            _("{vendor} takes no more for now: try again after {until}."),
        )
    if isinstance(error, LimitReached):
        return (
            _("{vendor} takes no more for now ({call}): try again later."),
            _("{vendor} takes no more for now: try again later."),
        )
    if type(error) is Unreadable:
        return (
            _(
                "{vendor} answered something that octowizard cannot read ({call}): try again later, and report it if "
                "it stays."
            ),
            _(
                "{vendor} answered something that octowizard cannot read: try again later, and report it if it stays."
            ),
        )
    if isinstance(error, Failed) and error.in_doubt:
        return (
            _("{vendor} failed on its own side: {call}. Whether it took effect is not known."),
            _("{vendor} failed on its own side. Whether it took effect is not known."),
        )
    if isinstance(error, Failed):
        return (
            _("{vendor} failed on its own side: {call}. Try again later."),
            _("{vendor} failed on its own side. Try again later."),
        )
    return None
