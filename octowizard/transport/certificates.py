"""Which certificates are trusted: those of the operating system's store, so that an office's own CA works too."""

from __future__ import annotations

import os
import ssl
from collections.abc import Iterator
from functools import cache

from octowizard.locale import _
from octowizard.transport.errors import ConfigurationError

# OpenSSL's numbers of what is wrong with a certificate.
_NOT_YET_VALID, _EXPIRED, _OTHER_NAME, _OTHER_ADDRESS = 9, 10, 62, 64


@cache
def trusted() -> ssl.SSLContext:
    """Loading the store takes time: once, and only where there is TLS.

    Raises ConfigurationError when SSL_CERT_FILE or SSL_CERT_DIR names something that cannot be used: OpenSSL would
    pass over it in silence.
    """
    import truststore

    file, folder = os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR")
    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if file:
        try:
            context.load_verify_locations(cafile=file)
        except (OSError, ValueError) as error:
            raise _unusable("SSL_CERT_FILE", file, error) from error
    if folder:
        try:
            for part in folder.split(os.pathsep):
                os.scandir(part).close()
        except OSError as error:
            raise _unusable("SSL_CERT_DIR", folder, error) from error
    return context


def _unusable(variable: str, path: str, error: Exception) -> ConfigurationError:
    if isinstance(error, ssl.SSLError) or not isinstance(error, OSError):
        text = _(
            "{variable} names {path}, which holds no certificates: name a file of certificates in PEM form, "
            "or remove the variable to use those of this computer."
        )
        return ConfigurationError(text.format(variable=variable, path=path))
    text = _(
        "{variable} names {path}, which cannot be read ({reason}): correct it, "
        "or remove the variable to use the certificates of this computer."
    )
    return ConfigurationError(text.format(variable=variable, path=path, reason=error.strerror or str(error)))


def causes(error: BaseException) -> Iterator[BaseException]:
    """The error, and what it goes back to, each once."""
    seen: set[int] = set()  # an error that is raised a second time can lead back to itself
    cause: BaseException | None = error
    while cause is not None and id(cause) not in seen:
        yield cause
        seen.add(id(cause))
        cause = cause.__cause__ or cause.__context__


def distrust(error: BaseException) -> ssl.SSLCertVerificationError | None:
    """The certificate that was not trusted, when that is what the error goes back to."""
    shown = (cause for cause in causes(error) if isinstance(cause, ssl.SSLCertVerificationError))
    return next(shown, None)


def advice(error: ssl.SSLCertVerificationError) -> str:
    """What to do about it: half a sentence."""
    code = getattr(error, "verify_code", 0)  # not where the operating system itself checks
    if code in (_OTHER_NAME, _OTHER_ADDRESS):
        return _("it is made out to another name: check the address of the profile")
    if code in (_NOT_YET_VALID, _EXPIRED):
        return _("it does not hold today: check the date and time of this computer, or wait for a new one")
    return _(
        "if your office looks into its traffic, have its own certificate put into the store of this computer, "
        "or name its file in SSL_CERT_FILE"
    )
