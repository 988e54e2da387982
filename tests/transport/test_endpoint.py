from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from reservecheck.errors import SourceError
from reservecheck.transport.endpoint import Endpoint
from reservecheck.transport.http import HttpTransport

URL = "http://127.0.0.1:1/"


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"url": "ftp://secret.example"}, "source alpha: the URL starts with neither http:// nor https://"),
        ({"url": "127.0.0.1:8332"}, "source alpha: the URL starts with neither http:// nor https://"),
        ({"url": "http://"}, "source alpha: the URL is not one"),
        ({"url": "http://secret:no-port/"}, "source alpha: the URL is not one"),
        (
            {"headers": {"X-Key": "secret\r\nHost: other"}},
            "source alpha: the URL or a credential holds a character that cannot be sent",
        ),
        (
            {"user": "u", "password": "secrét"},
            "source alpha: the URL or a credential holds a character that cannot be sent",
        ),
        ({"user": "secret"}, "source alpha: a user and a password are given together or not at all"),
        (
            {"user": "u", "password": "secret", "cookie_file": Path("c")},
            "source alpha: a cookie file and a user are both given\n  hint: keep one of them",
        ),
        (
            {"parallel": 0},
            (
                "source alpha: requests_per_second, parallel and timeout_s are at least 1\n"
                "  hint: leave them out for 20, 4 and 60"
            ),
        ),
    ],
)
def test_an_endpoint_that_cannot_be_used_is_refused_without_showing_it(
    fields: dict[str, Any], message: str
) -> None:
    with pytest.raises(SourceError) as refused:
        HttpTransport({"alpha": Endpoint(**{"url": URL} | fields)})
    assert str(refused.value) == message
    assert refused.value.__cause__ is None
    assert refused.value.__context__ is None


def test_a_repr_shows_limits_only() -> None:
    word = "planted"
    endpoint = Endpoint("http://planted.example/planted", headers={"X": word}, user=word, password=word)
    assert repr(endpoint) == "Endpoint(…, requests_per_second=20, parallel=4, timeout_s=60)"
    assert str(endpoint) == repr(endpoint)


def test_credentials_come_from_the_fields_or_the_cookie_file(tmp_path: Path) -> None:
    cookie = tmp_path / ".cookie"
    assert Endpoint(URL).credentials() is None
    assert Endpoint(URL, user="u", password="").credentials() == ("u", "")
    assert Endpoint(URL, cookie_file=cookie).credentials() is None
    cookie.write_text("__cookie__:a:b\n")
    assert Endpoint(URL, cookie_file=cookie).credentials() == ("__cookie__", "a:b")
    cookie.write_text("no colon")
    assert Endpoint(URL, cookie_file=cookie).credentials() is None
    cookie.write_bytes(b"\xff:\xff")
    assert Endpoint(URL, cookie_file=cookie).credentials() is None
