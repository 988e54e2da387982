"""`providers.toml`: the practitioner's own sources. Only their names reach a bundle, a log or a message.

URLs and credentials are resolved at use, from the environment; a repr shows neither. Messages repeat no text of the
file but names that are well written: a key may stand where a name belongs.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path
from typing import Final

from reservecheck.declare.coin_set_files import coin_set_file
from reservecheck.declare.names import NAME, NAME_MEANING
from reservecheck.errors import InputError, Problem, SourceError
from reservecheck.model.operators import ENTITY, operator_key
from reservecheck.transport.coin_set import CoinSetFile
from reservecheck.transport.endpoint import Endpoint
from reservecheck.transport.record import SourceCard
from reservecheck.vault.plain_name import name_problem
from reservecheck.vault.toml_file import read_toml
from reservecheck.vault.toml_table import Table

FORMAT: Final = "reservecheck/providers/v1"
KINDS: Final = ("bitcoind", "evm")
RUN_BY: Final = ("practitioner", "third-party", "entity")
_NETWORK: Final = r"[a-z0-9]{3,16}:[A-Za-z0-9]{1,32}"
_VARIABLE: Final = r"[A-Za-z_][A-Za-z0-9_]*"
_HEADER: Final = r"[A-Za-z0-9-]+"
_WAYS_IN: Final = "{ cookie_file }, { user_env, password_env } or { header, value_env }"
_URL: Final = re.compile(r"https?://(?P<authority>[^/?#\s]+)(?P<path>[^?#\s]*)(?P<query>[?#]\S*)?", re.IGNORECASE)
_MOST: Final = 1_000
_PARTS: Final = 4
"""Numbers an IPv4 address is written in at most."""
ONE_OPERATOR: Final = "one address is one operator: give both the name of who runs it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Auth:
    """How to be let in; all empty: no credentials. Names of environment variables, never their values."""

    cookie_file: Path | None = None
    user_env: str = ""
    password_env: str = ""
    header: str = ""
    value_env: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """One source: its card is public, everything else is not. Exactly one of `url` and `url_env` is set."""

    card: SourceCard
    url: str = field(repr=False, default="")
    url_env: str = field(repr=False, default="")
    auth: Auth = field(repr=False, default_factory=Auth)
    requests_per_second: int = 20
    parallel: int = 4
    timeout_s: int = 60
    coin_set: CoinSetFile | None = field(repr=False, default=None)

    def endpoint(self, environ: Mapping[str, str] | None = None) -> Endpoint:
        """Where it is and how to be let in; raises SourceError for an environment variable that is not set."""
        return secrets_of(self, os.environ if environ is None else environ)


def secrets_of(provider: Provider, environ: Mapping[str, str]) -> Endpoint:
    """URL and credentials of a source, resolved now; raises SourceError for the variable that is not set.

    It is named if it is in capitals, as variables are: another word may be a key at the wrong place.
    """

    def value(key: str, variable: str) -> str:
        if not environ.get(variable):
            shown, example = (variable, variable) if variable.isupper() else (f"that {key} names", "NAME")
            raise SourceError(
                f"source {provider.card.name}: the environment variable {shown} is not set",
                hint=f"set it, for example: export {example}=…",
            )
        return environ[variable]

    auth = provider.auth
    return Endpoint(
        url=value("url_env", provider.url_env) if provider.url_env else provider.url,
        headers={auth.header: value("value_env", auth.value_env)} if auth.header else {},
        user=value("user_env", auth.user_env) if auth.user_env else None,
        password=value("password_env", auth.password_env) if auth.password_env else None,
        cookie_file=auth.cookie_file,
        requests_per_second=provider.requests_per_second,
        parallel=provider.parallel,
        timeout_s=provider.timeout_s,
    )


def load_providers(path: Path) -> tuple[Provider, ...]:
    """The sources of a file, several a network or one; raises InputError with every problem found in it."""
    problems: list[Problem] = []
    root = read_toml(path).root(problems, quotes=False)
    root.choice("format", [FORMAT])
    providers: list[Provider] = []
    for table in root.tables("source"):
        provider = _provider(table, path.parent)
        if provider.card.name and provider.card.name in {other.card.name for other in providers}:
            table.problem(f"two sources are called {provider.card.name!r}", "name", hint="names are unique")
        if said := _twin(provider, providers, host_of(provider.url), lambda other: host_of(other.url)):
            table.problem(said, "operator", hint=ONE_OPERATOR)
        if said := _half_the_entity(provider, providers):
            table.problem(said, "run_by", hint='write run_by = "entity" for both, or correct the operator')
        providers.append(provider)
    root.done()
    if not providers and not problems:
        root.problem("no source is named", hint="add a [[source]]")
    if problems:
        raise InputError(*problems)
    return tuple(providers)


def endpoints_of(providers: Iterable[Provider], environ: Mapping[str, str] | None = None) -> dict[str, Endpoint]:
    """Where each source is, by name.

    Raises SourceError for a variable that is not set, and for one address under two operators on one network.
    """
    found: dict[str, Endpoint] = {}
    before: list[Provider] = []
    for provider in providers:
        found[provider.card.name] = provider.endpoint(environ)
        host = host_of(found[provider.card.name].url)
        if said := _twin(provider, before, host, lambda other: host_of(found[other.card.name].url)):
            raise SourceError(said, hint=ONE_OPERATOR)
        before.append(provider)
    return found


def _twin(
    provider: Provider, others: Iterable[Provider], host: str, host_of_other: Callable[[Provider], str]
) -> str:
    """Words where another source of the network is at the same address and said to be run by somebody else."""
    card = provider.card
    for other in others:
        same = host and card.network == other.card.network and host == host_of_other(other)
        if same and operator_key(card.operator) != operator_key(other.card.operator):
            return f"{other.card.name} and {card.name} are at one address, but have two operators"
    return ""


def kind_of(network: str) -> str:
    """The kind of source a network is read with."""
    return "evm" if network.startswith("eip155:") else "bitcoind"


def _half_the_entity(provider: Provider, others: Iterable[Provider]) -> str:
    """Words where one operator is the entity in one source and somebody else in another."""
    card = provider.card
    for other in others:
        if (
            operator_key(card.operator) == operator_key(other.card.operator)
            and ENTITY in {card.run_by, other.card.run_by}
            and card.run_by != other.card.run_by
        ):
            return f"{other.card.name} and {card.name} have one operator, and only one is run by the entity"
    return ""


def host_of(url: str) -> str:
    """The host a URL names, with its port on the loopback only, where every node has one; "" for no URL."""
    parts = _URL.match(url)
    if parts is None:
        return ""
    host, colon, port = parts["authority"].rpartition("@")[2].lower().rpartition(":")
    if not colon or "]" in port:
        host, port = f"{host}{colon}{port}", ""
    host = host.rstrip(".")
    address = _address(host.strip("[]"))
    if address is None:
        return host
    if not (address.is_loopback or address.is_unspecified):
        return str(address)
    default = "443" if url.lower().startswith("https") else "80"
    return f"loopback:{int(port) if port.isdecimal() else default}"


def _address(host: str) -> IPv4Address | IPv6Address | None:
    """A host that is an address however it is written (also as C's inet_aton reads it); None for a name."""
    if host == "localhost":
        return ip_address("127.0.0.1")
    with suppress(ValueError):
        found = ip_address(host)
        return (found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found
    *first, last = host.split(".")
    if len(first) >= _PARTS:
        return None
    with suppress(ValueError, OverflowError):
        numbers = [
            int(part, 8 if part.startswith("0") and part.isdecimal() and part != "0" else 0) for part in first
        ]
        rest = int(last, 8 if last.startswith("0") and last.isdecimal() and last != "0" else 0)
        return ip_address(sum(one << 8 * (3 - place) for place, one in enumerate(numbers)) + rest)
    return None


def _provider(table: Table, folder: Path) -> Provider:
    card = SourceCard(
        name=table.text("name", pattern=NAME, meaning=NAME_MEANING),
        network=table.text("network", pattern=_NETWORK, meaning="a network such as bitcoin:mainnet or eip155:1"),
        kind=table.choice("kind", KINDS),
        operator=table.text("operator"),
        run_by=table.choice("run_by", RUN_BY),
        proofs=table.flag("proofs", default=False),
    )
    if card.operator and (wrong := name_problem("operator", card.operator, quotes=False)):
        table.problem(wrong[0], "operator", hint=wrong[1])
    fitting = kind_of(card.network)
    if card.network and card.kind and card.kind != fitting:
        table.problem(
            f"kind is {card.kind!r}, {card.network} is not read with it", "kind", hint=f'write "{fitting}"'
        )
    url, url_env = _where(table)
    timeout_s = table.integer("timeout_s", default=60, low=1, high=86_400)
    provider = Provider(
        card=card,
        url=url,
        url_env=url_env,
        auth=_auth(table, folder),
        requests_per_second=table.integer("requests_per_second", default=20, low=1, high=_MOST),
        parallel=table.integer("parallel", default=4, low=1, high=_MOST),
        timeout_s=timeout_s,
        coin_set=coin_set_file(table, card, folder, timeout_s=timeout_s),
    )
    table.done()
    return provider


def _where(table: Table) -> tuple[str, str]:
    url = table.text("url", default="")
    variable = table.text("url_env", default="", pattern=_VARIABLE, meaning="the name of an environment variable")
    if "url" not in table and "url_env" not in table:
        table.problem('[[source]] lacks "url"', hint='write url = "http://127.0.0.1:8332", or url_env = "NAME"')
    elif "url" in table and "url_env" in table:
        table.problem("url and url_env are both given", "url_env", hint="keep one of them")
    elif url:
        _check_url(table, url)
    return url, variable


def _check_url(table: Table, url: str) -> None:
    """Messages never repeat the URL: it may hold a key."""
    parts = _URL.fullmatch(url)
    if parts is None or parts["authority"].rpartition("@")[2].startswith(":"):
        table.problem("url is not an http or https address", "url", hint='write it as in "http://127.0.0.1:8332"')
    elif "@" in parts["authority"]:
        hint = 'write auth = { user_env = "…", password_env = "…" }, or the whole URL in a variable: url_env = "…"'
        table.problem("url holds a user or password", "url", hint=hint)
    elif parts["query"]:
        hint = 'a key in it would be written to files: put the whole URL in a variable, url_env = "…"'
        table.problem("url holds a query", "url", hint=hint)


def _auth(table: Table, folder: Path) -> Auth:
    auth = table.table("auth")
    given = set(auth.names())
    ways: tuple[set[str], ...] = ({"cookie_file"}, {"user_env", "password_env"}, {"header", "value_env"})
    if "auth" in table and given not in ways:
        known = set().union(*ways)
        held = [*sorted(given & known), *["something else"] * bool(given - known)]
        table.problem(f"auth holds {', '.join(held) or 'nothing'}", "auth", hint=f"write {_WAYS_IN}")
        return Auth()
    cookie = auth.text("cookie_file") if "cookie_file" in given else ""
    variables = {
        key: auth.text(key, pattern=_VARIABLE, meaning="the name of an environment variable")
        for key in ("user_env", "password_env", "value_env")
        if key in given
    }
    header = auth.text("header", pattern=_HEADER, meaning="a header's name") if "header" in given else ""
    return Auth(cookie_file=folder / cookie if cookie else None, header=header, **variables)
