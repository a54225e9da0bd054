"""Connecting accounts: one conversation, stage by stage, each answer tried with the vendor before it is kept.

`Connecting.stage` says what comes next and `answer` takes what was given for it; both front ends do no more than ask.
What a vendor refuses is raised as it comes and changes nothing: the stage stays, or goes back to the answer that was
wrong. A refused credential is not sent a second time. A half that worked is kept at once (`workspace/drafts.py`), so
that a conversation which was broken off goes on there.

Not here: the questions and the words for what goes wrong (`presentation/connecting.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec

from octowizard.locale import _
from octowizard.matching.vat_numbers import vat_key
from octowizard.octopus import oauth as octopus_oauth
from octowizard.octopus.client import Octopus
from octowizard.octopus.models import Dossier
from octowizard.octopus.session import Credentials as Login
from octowizard.onboarding.connection import CREDIT_NOTES, INVOICES, START, chosen, lacking, setting
from octowizard.snapshot import declared_parts
from octowizard.teamleader import oauth
from octowizard.teamleader.client import Teamleader
from octowizard.teamleader.loopback import Listener, code_from
from octowizard.teamleader.models import Address, Department
from octowizard.transport.clock import VendorClock
from octowizard.transport.errors import SignInRefused
from octowizard.transport.http import check_for_header, checked_address
from octowizard.transport.ledger import MemoryCallLedger
from octowizard.transport.refusals import Credential, MemoryRefusals, sign_in
from octowizard.workspace import drafts, profiles
from octowizard.workspace import secrets as kept
from octowizard.workspace.drafts import Draft, OctopusHalf, TeamleaderHalf
from octowizard.workspace.forget import workspace_of

if TYPE_CHECKING:
    from octowizard.workspace.profiles import Profile

Side = Literal["octopus", "teamleader"]
Stage = Literal[
    "octopus", "octopus-consent", "dossier", "keys", "consent", "entity", "compare", "sync", "half", "done"
]

PORT = 8765  # of the redirect address
BROWSER_SECONDS = 300.0
CLOCK_OFF = timedelta(minutes=5)
YES, OTHER_DOSSIER, OTHER_ENTITY = "yes", "dossier", "entity"
RUNNERS = ("classic", "booster", "none")  # who books today: Teamleader's integration, its Booster, nobody


class Addresses(msgspec.Struct, frozen=True, kw_only=True):
    """Where the vendors are."""

    octopus: str = "https://service.inaras.be/octopus-rest-api/v1"
    octopus_sign_in: str = "https://service.inaras.be/octopus-oauth"
    teamleader: str = "https://api.focus.teamleader.eu"
    teamleader_sign_in: str = "https://focus.teamleader.eu"

    @classmethod
    def of(cls, profile: Profile) -> Addresses:
        """Those of a profile; the vendors' own for a side that is not connected."""
        return cls(
            octopus=profile.octopus_url or VENDORS.octopus,
            octopus_sign_in=profile.octopus_oauth_url or VENDORS.octopus_sign_in,
            teamleader=profile.teamleader_url or VENDORS.teamleader,
            teamleader_sign_in=profile.teamleader_auth_url or VENDORS.teamleader_sign_in,
        )

    def changed(self, addresses: Mapping[str, str]) -> Addresses:
        """These, with those that are elsewhere."""
        return msgspec.structs.replace(
            self, **{name: addresses[name] for name in self.__struct_fields__ if name in addresses}
        )


VENDORS = Addresses()


class NotConnected(Exception):
    """What the vendor answered cannot be connected; the message is one sentence."""


class Connecting:
    """The accounts of one profile on their way to being connected.

    `addresses`: where vendors are, by the names of `Addresses`, as far as that is given now; the rest is where it was
    when the conversation was broken off, of the profile, or the vendors' own. `only`: one side alone. `reauthorise`:
    the profile is there, and is signed in again to the same accounts.
    Coroutines talk to the vendors; the rest blocks. Raises ProfileError, ConfigurationError and SecretsUnavailable
    when it cannot even begin: nothing has been asked then.
    """

    def __init__(
        self,
        root: Path,
        name: str,
        *,
        addresses: Mapping[str, str] | None = None,
        place: Literal["keyring", "file"] | None = None,
        only: Side | None = None,
        port: int | None = None,
        octopus_sign_in: Literal["password", "browser"] | None = None,
        oauth_in_query: bool = False,
        reauthorise: bool = False,
    ) -> None:
        self.root = root
        self.name = name
        self.only = only
        self.port = PORT if port is None else port
        self.reauthorise = reauthorise
        self.profile: Profile | None = profiles.load(root, name) if reauthorise else None
        self.renewed: set[Side] = set()  # signed in again, and kept
        self.before: Profile | None = None  # of which a side was not connected until now
        self.draft = draft = self._begun(place)
        self.store = kept.SecretStore(name, profiles.folder(root, name), draft.secrets)
        known = Addresses.of(self.profile) if self.profile is not None else VENDORS
        elsewhere = {**draft.addresses, **(addresses or {})}
        self.addresses = known.changed(elsewhere)
        self.draft = msgspec.structs.replace(draft, addresses=elsewhere)
        for address in msgspec.structs.astuple(self.addresses):
            checked_address(address)
        self.store.try_place()
        before = self.profile.octopus_sign_in if self.profile is not None else "password"
        self.octopus_sign_in: Literal["password", "browser"] = octopus_sign_in or before
        in_query = oauth_in_query or bool(self.profile and self.profile.octopus_oauth_in_query)
        self._door = octopus_oauth.Door(self.addresses.octopus_sign_in, in_query)
        self._house = ""
        self._browser: octopus_oauth.BrowserSignIn | None = None
        self._refresh = octopus_oauth.FirstRefresh("")
        self.dossiers: tuple[Dossier, ...] = ()
        self.version = ""
        self.clock: tuple[datetime, datetime] | None = None
        self.departments: tuple[Department, ...] = ()
        self.signed_in_as = ""
        self._login: Login | None = None
        self._keys: oauth.Credentials | None = None
        self._tokens: oauth.FirstTokens | None = None
        self._consent = Listener(self.port)
        self._locale = 0
        self._ledger = MemoryCallLedger()
        self._refusals = MemoryRefusals()

    def _begun(self, place: Literal["keyring", "file"] | None) -> Draft:
        if self.profile is not None:
            if not (self._lacks("octopus") or self._lacks("teamleader")):
                raise profiles.ProfileError(
                    _(
                        "Nobody has signed in to {vendors} with {name} yet: octowizard connect {name}, without "
                        "--reauthorise, does."
                    ).format(name=self.name, vendors=_(" and ").join(sorted(self.profile.unconnected)))
                )
            if place is not None and place != self.profile.secrets:
                raise profiles.ProfileError(
                    _("The secrets of {name} live in the {place}: leave --secrets out.").format(
                        name=self.name, place=self.profile.secrets
                    )
                )
            return Draft(name=self.name, secrets=self.profile.secrets)
        if self.name in profiles.names(self.root):
            self.before = profiles.load(self.root, self.name)
        if self.before is not None and not self.before.unconnected:
            raise profiles.ProfileError(
                _(
                    "There is already a profile “{name}”: give another name, or sign in to its accounts again with "
                    "octowizard connect {name} --reauthorise."
                ).format(name=self.name)
            )
        draft = drafts.load(self.root, self.name)
        if draft is None and self.before is not None and len(self.before.unconnected) == 1:
            return Draft(name=self.name, secrets=self.before.secrets)
        if draft is None:
            return Draft(name=self.name, secrets=place or "keyring")
        if place is not None and place != draft.secrets:
            raise profiles.ProfileError(
                _(
                    "The secrets of {name} are in the {place} already: leave --secrets out, or begin anew after "
                    "octowizard profiles remove {name}."
                ).format(name=self.name, place=draft.secrets)
            )
        return draft

    # --- what comes next ------------------------------------------------------------------------------------

    @property
    def at_consent(self) -> bool:
        """Is a page in the browser what comes next?"""
        return self.stage in ("consent", "octopus-consent")

    @property
    def stage(self) -> Stage:
        """What is to be answered next; `half`: one side is connected, and no more was wanted."""
        if self.profile is not None and not self.reauthorise:
            return "done"
        if self._lacks("octopus"):
            return "dossier" if self.dossiers else "octopus-consent" if self._house else "octopus"
        if self._lacks("teamleader"):
            if self._keys is None:
                return "keys"
            return "entity" if self._tokens is not None else "consent"
        if self.reauthorise:
            return "done"
        if self.draft.octopus is None or self.draft.teamleader is None:
            return "half"
        return "sync" if self.draft.same_company else "compare"

    def _lacks(self, side: Side) -> bool:
        if self.only not in (None, side):
            return False
        if self.before is not None and side.title() not in self.before.unconnected:
            return False
        if self.profile is not None:  # that is signed in again
            return side not in self.renewed and side.title() not in self.profile.unconnected
        return (self.draft.octopus if side == "octopus" else self.draft.teamleader) is None

    async def answer(self, given: Mapping[str, str]) -> None:
        """Try what was given for the present stage, and keep what worked.

        Raises what the vendors raise, and NotConnected.
        """
        match self.stage:
            case "octopus":
                await self._sign_in_to_octopus(given)
            case "dossier":
                await self._choose_dossier(given.get("dossier", ""))
            case "keys":
                self._take_keys(given)
            case "consent" | "octopus-consent":
                await self._take(code_from(given.get("code", ""), self._consent.state))
            case "entity":
                await self._choose_entity(given.get("entity", ""))
            case "compare":
                self._compare(given.get("same", ""))
            case "sync":
                self._finish(given)

    def given(self, name: str) -> bool:
        """Whether the environment holds this secret, so that nobody need type it."""
        return self.store.given(name) is not None

    def _secret(self, name: str, given: Mapping[str, str]) -> str:
        return self.store.given(name) or given.get(name, "")

    @property
    def clock_off(self) -> tuple[datetime, datetime] | None:
        """Now by this computer's clock and by Octopus' (aware), where they differ by minutes."""
        return self.clock if self.clock and abs(self.clock[1] - self.clock[0]) > CLOCK_OFF else None

    # --- Octopus --------------------------------------------------------------------------------------------

    async def _sign_in_to_octopus(self, given: Mapping[str, str]) -> None:
        house = self._secret(kept.OCTOPUS_SOFTWARE_HOUSE, given)
        self._locale = chosen(setting("message-language"), given.get("language") or "dossier")
        check_for_header(house, _("The Octopus software house id"))
        if self.octopus_sign_in == "browser":
            self._house = house
            return
        login = Login(house, given.get("user", ""), self._secret(kept.OCTOPUS_PASSWORD, given))
        if not (login.user and login.password):
            raise NotConnected(_("Octopus needs a software-house id, a user and a password."))
        await self._see_dossiers(login)

    async def _take_octopus_code(self, code: str) -> None:
        house = self._house
        where = (self.addresses.octopus_sign_in, house)
        once = Credential("Octopus", "refresh token", (*where, code))
        self._consent = Listener(self.port)
        try:
            granted = await sign_in(
                self._refusals,
                (once,),
                lambda: octopus_oauth.exchange_code(self._door, house, code, self.redirect_address),
                lambda _refused: once,
            )
        except octopus_oauth.NotGranted:
            raise
        except SignInRefused:
            self._house = ""
            raise
        self._refresh = octopus_oauth.FirstRefresh(granted.refresh_token)
        first = granted.access_token
        self._browser = octopus_oauth.BrowserSignIn(self._door, house, self._refresh, first=first)
        await self._see_dossiers(Login(house, "", ""))

    async def _see_dossiers(self, login: Login) -> None:
        async with self._octopus(login, None) as octopus:
            self.version = await octopus.version()
            self.clock = (datetime.now(UTC), octopus.clock.now())
            dossiers = await octopus.dossiers()
        if self.profile is not None and self.profile.dossier_id not in {
            one.dossier_key.id for one in dossiers
        }:
            raise NotConnected(
                _(
                    "This Octopus user does not see dossier {dossier} of this profile: sign in with the user that does."
                ).format(dossier=f"{self.profile.dossier_id} {self.profile.dossier_name}".strip())
            )
        if not dossiers:
            raise NotConnected(
                _(
                    "This Octopus user sees no dossier: let its owner give the user the right to one, in Octopus."
                )
            )
        self._login, self.dossiers = login, tuple(dossiers)

    async def _choose_dossier(self, id: str) -> None:
        dossier = next((one for one in self.dossiers if str(one.dossier_key.id) == id.strip()), None)
        if dossier is None or self._login is None:
            raise NotConnected(_("“{id}” is none of these dossiers: give its number.").format(id=id))
        number = dossier.dossier_key.id
        if self.profile is not None and number != self.profile.dossier_id:
            raise NotConnected(
                _("Signing in again keeps the dossier: {dossier}.").format(dossier=self.profile.dossier_id)
            )
        try:
            async with self._octopus(self._login, number) as octopus:
                years = [year for year in await octopus.bookyears() if not year.closed]
                newest = max(years, key=lambda year: year.start_date, default=None)
                journals = () if newest is None else await octopus.journals(newest.bookyear_key.id)
        except SignInRefused:
            self.dossiers = ()
            raise
        half = OctopusHalf(
            url=self.addresses.octopus,
            user=self._login.user,
            sign_in=self.octopus_sign_in,
            oauth_url=self._door.address if self.octopus_sign_in == "browser" else "",
            oauth_in_query=self._door.in_query,
            locale_id=self._locale,
            dossier_id=number,
            name=dossier.dossier_description,
            vat_number=dossier.vat_nr,
            address=_one_line(
                dossier.street_and_nr, f"{dossier.postal_code} {dossier.city}".strip(), dossier.country
            ),
            journals=tuple((each.journal_key, each.name) for each in journals if each.journal_key[:1] == "V"),
        )
        values = {kept.OCTOPUS_SOFTWARE_HOUSE: self._login.software_house}
        if self.octopus_sign_in == "password":
            values[kept.OCTOPUS_PASSWORD] = self._login.password
        self._keep("octopus", values, half)

    def _octopus(self, login: Login, dossier: int | None) -> Octopus:
        return Octopus(
            self.addresses.octopus,
            login,
            dossier_id=dossier,
            locale_id=self._locale,
            ledger=self._ledger,
            refusals=self._refusals,
            browser=self._browser,
        )

    # --- Teamleader -----------------------------------------------------------------------------------------

    @property
    def redirect_address(self) -> str:
        """What has to be registered with the integration, and for a sign-in by the browser with Octopus."""
        return redirect_address(self.port)

    @property
    def consent_page(self) -> str:
        """The page of the vendor on which the user lets octowizard in."""
        if self.stage == "octopus-consent":
            return octopus_oauth.authorize_url(
                self._door, self._house, self.redirect_address, self._consent.state
            )
        assert self._keys is not None
        return oauth.authorize_url(
            self.addresses.teamleader_sign_in,
            self._keys.client_id,
            self.redirect_address,
            self._consent.state,
        )

    def _take_keys(self, given: Mapping[str, str]) -> None:
        keys = oauth.Credentials(
            given.get("client_id", ""), self._secret(kept.TEAMLEADER_CLIENT_SECRET, given)
        )
        check_for_header(keys.client_id, _("The Teamleader client id"))
        check_for_header(keys.client_secret, _("The Teamleader client secret"))
        self._keys = keys

    async def by_browser(self, show: Callable[[str], None], seconds: float = BROWSER_SECONDS) -> None:
        """Wait on the redirect address for the browser, and take the code it brings.

        `show` is called with the consent page once somebody listens. Raises NoCode too; another page may be asked for
        then.
        """
        self._consent = listener = Listener(
            self.port, self._consent.state
        )  # the page that stands there holds
        async with listener:
            show(self.consent_page)
            code = await listener.code(seconds)
        await self._take(code)

    async def _take(self, code: str) -> None:
        if self.stage == "octopus-consent":
            await self._take_octopus_code(code)
        elif self.stage == "consent":
            await self._take_code(code)

    def stop_waiting(self) -> None:
        """End `by_browser`, which then raises NoCode; from any thread."""
        self._consent.give_up()

    async def _take_code(self, code: str) -> None:
        """The tokens for a code, tried at once."""
        assert self._keys is not None
        keys, address, clock = self._keys, self.addresses.teamleader_sign_in, VendorClock()
        secret = Credential("Teamleader", "client secret", (address, keys.client_id, keys.client_secret))
        once = Credential("Teamleader", "refresh token", (address, keys.client_id, code))
        try:
            granted = await sign_in(
                self._refusals,
                (secret, once),
                lambda: oauth.exchange_code(address, keys, code, self.redirect_address, clock=clock),
                lambda refused: once if isinstance(refused, oauth.NotGranted) else secret,
            )
        except oauth.NotGranted:
            self._consent = Listener(self.port)
            raise
        except SignInRefused:
            self._keys = None
            raise
        tokens = oauth.FirstTokens(keys, granted, clock)
        self._consent = Listener(self.port)
        async with self._teamleader(keys, tokens) as teamleader:
            me = await teamleader.me()
            departments = [one for one in await teamleader.departments() if one.status != "archived"]
        if self.profile is not None and self.profile.department_id not in {one.id for one in departments}:
            raise NotConnected(
                _(
                    "This is another Teamleader account: it has no company entity {name}. Sign in to Teamleader as a "
                    "user of the right account, then ask for the page again."
                ).format(name=self.profile.department_name or self.profile.department_id)
            )
        if not departments:
            raise NotConnected(_("This Teamleader user sees no company entity: sign in as one who does."))
        self.signed_in_as = " ".join(part for part in (me.first_name, me.last_name) if part) or me.email or ""
        self.departments, self._tokens = tuple(departments), tokens

    async def _choose_entity(self, id: str) -> None:
        by_place = {str(place): one.id for place, one in enumerate(self.departments, 1)}
        if id not in by_place or self._keys is None or self._tokens is None:
            raise NotConnected(_("“{id}” is none of these company entities: give its number.").format(id=id))
        id = by_place[id]
        if self.profile is not None and id != self.profile.department_id:
            raise NotConnected(
                _("Signing in again keeps the company entity: {name}.").format(
                    name=self.profile.department_name or self.profile.department_id
                )
            )
        async with self._teamleader(self._keys, self._tokens) as teamleader:
            entity = await teamleader.department(id)
        where = entity.address or Address()
        town = f"{where.postal_code or ''} {where.city or ''}".strip()
        half = TeamleaderHalf(
            url=self.addresses.teamleader,
            auth_url=self.addresses.teamleader_sign_in,
            client_id=self._keys.client_id,
            department_id=id,
            name=entity.name,
            vat_number=entity.vat_number or "",
            address=_one_line(where.line_1 or "", town, where.country or ""),
        )
        self._keep("teamleader", {kept.TEAMLEADER_CLIENT_SECRET: self._keys.client_secret}, half)

    def _teamleader(self, keys: oauth.Credentials, tokens: oauth.FirstTokens) -> Teamleader:
        return Teamleader(
            self.addresses.teamleader,
            self.addresses.teamleader_sign_in,
            keys,
            tokens,
            counter=self._ledger,
            refusals=self._refusals,
        )

    # --- both -----------------------------------------------------------------------------------------------

    @property
    def differences(self) -> tuple[str, ...]:
        """Members (`name`, `vat_number`) in which the dossier and the company entity differ."""
        octopus, teamleader = self.draft.octopus, self.draft.teamleader
        if octopus is None or teamleader is None:
            return ()
        names = (" ".join(half.name.casefold().split()) for half in (octopus, teamleader))
        numbers = (vat_key(half.vat_number) for half in (octopus, teamleader))
        return tuple(
            member for member, pair in (("name", set(names)), ("vat_number", set(numbers))) if len(pair) > 1
        )

    def _compare(self, same: str) -> None:
        if same == YES:
            self._save(msgspec.structs.replace(self.draft, same_company=True))
        elif same == OTHER_DOSSIER:
            self.draft = msgspec.structs.replace(self.draft, octopus=None)
        elif same == OTHER_ENTITY:
            self.draft = msgspec.structs.replace(self.draft, teamleader=None)
        else:
            raise NotConnected(_("Write {values}.").format(values=f"{YES}, {OTHER_DOSSIER}, {OTHER_ENTITY}"))

    def _finish(self, given: Mapping[str, str]) -> None:
        octopus, teamleader = self.draft.octopus, self.draft.teamleader
        assert octopus is not None
        assert teamleader is not None
        runner = given.get("runner", "")
        if runner not in RUNNERS:
            raise NotConnected(_("Write {values}.").format(values=", ".join(RUNNERS)))
        journals = {}
        for name in (INVOICES, CREDIT_NOTES):
            journals[name] = chosen(setting(name), given.get(name, ""))
            if why := lacking(journals[name], [key for key, _name in octopus.journals]):
                raise NotConnected(why)
        start = chosen(setting(START), given.get(START, ""))
        before = self.before or profiles.without_accounts(self.name, start)
        profile = msgspec.structs.replace(
            drafts.joined(before, octopus, teamleader),
            start_date=start,
            mode="connector" if runner == "none" else "observer",
            invoice_journal=journals[INVOICES],
            credit_note_journal=journals[CREDIT_NOTES],
            other_connector_off=runner == "none",
            secrets=self.draft.secrets,
        )
        self._keep_profile(profile)
        self._count_calls()

    def _keep_profile(self, profile: Profile) -> None:
        """Keep the profile; what was declared of a side that it connects is measured from now on."""
        if self.before is not None:
            with workspace_of(self.root, self.before) as workspace:
                for vendor in sorted(self.before.unconnected - profile.unconnected):
                    declared_parts.forget(workspace, vendor)
        profiles.save(self.root, profile)
        drafts.forget(self.root, self.name)
        self.profile = profile

    def _keep(self, side: Side, values: Mapping[str, str], half: OctopusHalf | TeamleaderHalf) -> None:
        """Keep the secrets of a half that worked, then the half; all as it was before where one cannot be kept."""
        written = {name: value for name, value in values.items() if not self.given(name)}

        def then() -> None:
            if side == "octopus" and self.octopus_sign_in == "browser":
                kept.OctopusRefresh(self.store).replace(self._refresh.read() or "")
            elif side == "teamleader" and self._tokens is not None:
                token = kept.RefreshToken(self.store)
                token.replace(None, self._tokens.read() or "")
                token.keep_access(self._tokens.access())
            self._keep_half(half)

        drafts.kept_together(self.store, written, then)
        if self.reauthorise:
            self.renewed.add(side)
        self._count_calls()

    def _keep_half(self, half: OctopusHalf | TeamleaderHalf) -> None:
        if self.profile is None:
            side = "octopus" if isinstance(half, OctopusHalf) else "teamleader"
            self._save(msgspec.structs.replace(self.draft, same_company=False, **{side: half}))
            if self.before is not None and (self.only or len(self.before.unconnected) == 1):
                profile = drafts.joined(self.before, half)
                self._keep_profile(msgspec.structs.replace(profile, secrets=self.draft.secrets))
            return
        self.profile = drafts.joined(self.profile, half)
        profiles.save(self.root, self.profile)

    def _save(self, draft: Draft) -> None:
        drafts.save(self.root, draft)
        self.draft = draft

    def _count_calls(self) -> None:
        """The calls that were made count in the workspace from now on; a refusal of before no longer holds."""
        from octowizard.workspace.db import Workspace
        from octowizard.workspace.ledgers import SpentCalls
        from octowizard.workspace.refusals import try_again

        with Workspace.open(self.root, self.name) as workspace:
            ledgers = {side.lower(): SpentCalls(workspace, side) for side in ("Octopus", "Teamleader")}
            for scope, operation, at in self._ledger.calls():
                ledgers[scope.partition("/")[0]].spend(scope, operation, None, at)
            try_again(workspace)
        self._ledger = MemoryCallLedger()


def redirect_address(port: int | None = None) -> str:
    """Where the browser brings the code: at `port` of this computer, or the usual one."""
    return f"http://localhost:{PORT if port is None else port}/callback"


def _one_line(*parts: str) -> str:
    return ", ".join(part for part in (part.strip() for part in parts) if part)
