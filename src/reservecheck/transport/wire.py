"""One HTTP attempt: a POST that ends at its deadline, with a body of bounded size, or a failure in one word.

The only module that knows httpx. No exception of it leaves this module, and nothing it would log is logged,
because both carry URLs. Redirects are not followed; proxies and credentials of the environment are not used.
"""

from __future__ import annotations

import logging
import ssl
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import httpcore
import httpx

from reservecheck.errors import SourceError
from reservecheck.transport.echo import echoes, texts_of_headers, texts_of_url
from reservecheck.transport.endpoint import Endpoint

_SLICE: Final = 64 * 1024
_LOGGERS: Final = ("httpx", "httpcore.connection", "httpcore.http11", "httpcore.http2", "httpcore.proxy")


@dataclass(frozen=True, slots=True)
class Landed:
    """An HTTP answer, whatever its status."""

    status: int
    retry_after: str | None
    body: bytes


class Wire:
    """Kept-alive connections to one endpoint. Safe to use from many threads."""

    def __init__(self, name: str, endpoint: Endpoint, *, largest_body: int) -> None:
        _silence()
        self._endpoint = endpoint
        self._largest_body = largest_body
        self.credentials = endpoint.credentials()
        self._url = _usable_url(name, endpoint.url)
        self._secrets = _secrets(self._url, endpoint, self.credentials)
        self._client = httpx.Client(
            transport=_DeadlineTransport(endpoint.parallel, secure=self._url.scheme == "https"),
            headers={"User-Agent": "reservecheck", "Accept-Encoding": "gzip", **endpoint.headers},
            timeout=endpoint.timeout_s,
            follow_redirects=False,
            trust_env=False,
        )

    @property
    def host(self) -> tuple[str, int | None]:
        """What shares limits: the host's name and port."""
        return self._url.host, self._url.port

    def post(self, body: bytes, credentials: tuple[str, str] | None) -> Landed | str:
        """What came back, or a failure in words: timed out, unreachable, reset, not json, too large."""
        _here.deadline = time.monotonic() + self._endpoint.timeout_s
        _here.quiet = True
        try:
            return self._post(body, credentials)
        except httpx.TimeoutException:
            return "timed out"
        except httpx.DecodingError:
            return "not json"
        except (httpx.ReadError, httpx.WriteError, httpx.CloseError, httpx.ProtocolError):
            return "reset"
        except (httpx.HTTPError, UnicodeError):
            return "unreachable"
        finally:
            _here.quiet = False

    def read_credentials_again(self) -> tuple[str, str] | None:
        """Look at the cookie file once more; None when there are no credentials."""
        self.credentials = self._endpoint.credentials()
        self._secrets = _secrets(self._url, self._endpoint, self.credentials)
        return self.credentials

    def lacks_cookie(self) -> bool:
        """Whether credentials are in a cookie file that is not there; it is looked for again each time."""
        if self._endpoint.cookie_file is None or self.credentials is not None:
            return False
        return self.read_credentials_again() is None

    def echoes(self, body: bytes) -> bool:
        """Whether a body holds a credential: a header's value, user, password, or a key inside the URL."""
        return echoes(body, self._secrets)

    def close(self) -> None:
        """Drop the connections."""
        self._client.close()

    def _post(self, body: bytes, credentials: tuple[str, str] | None) -> Landed | str:
        headers = {"Content-Type": "application/json"}
        with self._client.stream("POST", self._url, content=body, headers=headers, auth=credentials) as response:
            parts, size = [], 0
            for part in response.iter_bytes():
                size += len(part)
                if size > self._largest_body:
                    return "too large"
                parts.append(part)
            return Landed(response.status_code, response.headers.get("Retry-After"), b"".join(parts))


def _usable_url(name: str, text: str) -> httpx.URL:
    try:
        url = httpx.URL(text)
        if url.host:
            return url
    except httpx.InvalidURL:
        pass  # the message would carry the URL
    raise SourceError(f"source {name}: the URL is not one")


def _secrets(url: httpx.URL, endpoint: Endpoint, credentials: tuple[str, str] | None) -> frozenset[bytes]:
    """Texts that no recording may hold."""
    headers = texts_of_headers(endpoint.headers.values(), credentials)
    return headers | texts_of_url(url.host, url.raw_path, url.userinfo)


class _Here(threading.local):
    """What the request this thread is making may still do."""

    deadline = float("inf")
    quiet = False


_here: Final = _Here()


def _left(past: type[Exception]) -> float:
    """Seconds until the deadline; raises `past` when there are none."""
    seconds = _here.deadline - time.monotonic()
    if seconds <= 0:
        raise past
    return seconds


def _silence() -> None:
    """Keep the libraries' log records of our own requests from being made; other users' stay."""
    for logger in map(logging.getLogger, _LOGGERS):
        if _unless_ours not in logger.filters:
            logger.addFilter(_unless_ours)


def _unless_ours(record: logging.LogRecord) -> bool:
    del record
    return not _here.quiet


class _DeadlineTransport(httpx.HTTPTransport):
    """httpx times every read apart, which a slow drip escapes: here all reads of a request share one deadline."""

    def __init__(self, parallel: int, *, secure: bool) -> None:
        super().__init__(verify=False)  # builds a pool that is replaced at once; ours verifies
        self._pool = httpcore.ConnectionPool(
            ssl_context=httpx.create_ssl_context(trust_env=False) if secure else None,
            max_connections=parallel,
            keepalive_expiry=20,
            network_backend=_DeadlineBackend(),
        )


class _DeadlineBackend(httpcore.SyncBackend):
    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        del timeout
        return _DeadlineStream(
            super().connect_tcp(host, port, _left(httpcore.ConnectTimeout), local_address, socket_options)
        )


class _DeadlineStream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        del timeout
        return self._stream.read(max_bytes, _left(httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        del timeout
        for start in range(0, len(buffer), _SLICE):
            self._stream.write(buffer[start : start + _SLICE], _left(httpcore.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        del timeout
        return _DeadlineStream(self._stream.start_tls(ssl_context, server_hostname, _left(httpcore.ConnectTimeout)))

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401  # as httpcore declares it
        return self._stream.get_extra_info(info)
