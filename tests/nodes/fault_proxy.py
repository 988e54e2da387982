"""A loopback proxy before a real node that can be told to misbehave; what is not told passes through unchanged.

    with fault_proxy(node) as proxy:
        proxy.when(method("eth_call"), altered(lambda body: body.replace(b"0x01", b"0x02")))
        proxy.when(first(2), status(429, retry_after="7"))

Rules are looked at in the order they were given; the first that fits counts. Credentials of the node are added
where the client sends none.
"""

from __future__ import annotations

import base64
import gzip
import http.client
import json
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from tests.nodes.running import Node


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: its number from 1, the methods it calls, its body and headers (names in lower case)."""

    number: int
    methods: tuple[str, ...]
    body: bytes
    headers: dict[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the node would have answered."""

    status: int
    body: bytes


When = Callable[[Asked], bool]
Fault = Callable[["Handler", Callable[[], Answer]], None]
"""Given the connection and a way to ask the node."""


def always(asked: Asked) -> bool:
    """Every request."""
    del asked
    return True


def first(count: int) -> When:
    """The first `count` requests."""
    return lambda asked: asked.number <= count


def nth(*numbers: int) -> When:
    """The requests of these numbers, from 1."""
    return lambda asked: asked.number in numbers


def method(*names: str) -> When:
    """Requests that call one of these methods, alone or in a batch."""
    return lambda asked: not set(names).isdisjoint(asked.methods)


def status(code: int, body: bytes = b"", *, retry_after: str | None = None, kind: str = "text/plain") -> Fault:
    """An HTTP status with a body of one's own, without asking the node."""
    headers = {"Content-Type": kind} | ({} if retry_after is None else {"Retry-After": retry_after})
    return lambda handler, _ask: handler.send(code, body, headers)


def html_page(handler: Handler, ask: Callable[[], Answer]) -> None:
    """A page for people, under status 200."""
    del ask
    handler.send(200, b"<!DOCTYPE html><html><body>Just a moment...</body></html>", {"Content-Type": "text/html"})


def error_body(code: int, message: str) -> Fault:
    """A JSON-RPC error under status 200, one for each call."""

    def refuse(entry: dict[str, Any]) -> dict[str, Any]:
        kept = {key: value for key, value in entry.items() if key not in {"result", "error"}}
        return kept | {"error": {"code": code, "message": message}}

    return altered_entries(refuse)


def altered(change: Callable[[bytes], bytes]) -> Fault:
    """The node's own answer with its body changed."""

    def fault(handler: Handler, ask: Callable[[], Answer]) -> None:
        answer = ask()
        handler.send(answer.status, change(answer.body))

    return fault


def altered_entries(change: Callable[[dict[str, Any]], dict[str, Any]]) -> Fault:
    """The node's own answer with every JSON-RPC object in it changed; numbers keep their digits only as text."""

    def rewrite(body: bytes) -> bytes:
        parsed = json.loads(body, parse_float=str)
        changed = [change(entry) for entry in parsed] if isinstance(parsed, list) else change(parsed)
        return json.dumps(changed).encode()

    return altered(rewrite)


def after(act: Callable[[], object]) -> Fault:
    """The node's own answer, once something else was done to it: a reorganisation, for instance."""

    def fault(handler: Handler, ask: Callable[[], Answer]) -> None:
        act()
        answer = ask()
        handler.send(answer.status, answer.body)

    return fault


def asked_otherwise(change: Callable[[bytes], bytes]) -> Fault:
    """The node's answer to another question than was asked."""

    def fault(handler: Handler, ask: Callable[[], Answer]) -> None:
        del ask
        answer = handler.ask_node(change(handler.asked_body))
        handler.send(answer.status, answer.body)

    return fault


def one_is_missing(handler: Handler, ask: Callable[[], Answer]) -> None:
    """The answers of a batch without the last one."""
    altered(lambda body: json.dumps(json.loads(body, parse_float=str)[:-1]).encode())(handler, ask)


def wrong_id(handler: Handler, ask: Callable[[], Answer]) -> None:
    """Somebody else's answer: every id is one too high."""
    altered_entries(lambda entry: entry | {"id": entry["id"] + 1})(handler, ask)


def out_of_order(handler: Handler, ask: Callable[[], Answer]) -> None:
    """The answers of a batch from last to first."""
    altered(lambda body: json.dumps(json.loads(body, parse_float=str)[::-1]).encode())(handler, ask)


def truncated(handler: Handler, ask: Callable[[], Answer]) -> None:
    """Half the JSON, as if that were all."""
    altered(lambda body: body[: len(body) // 2])(handler, ask)


def cut_off(handler: Handler, ask: Callable[[], Answer]) -> None:
    """Half the body that was announced, then the end of the connection."""
    body = ask().body
    handler.head(200, len(body))
    handler.wfile.write(body[: len(body) // 2])
    handler.close_connection = True


def gzipped(handler: Handler, ask: Callable[[], Answer]) -> None:
    """The node's own answer, compressed."""
    handler.send(200, gzip.compress(ask().body), {"Content-Encoding": "gzip"})


def drip(every_s: float, *, headers_too: bool = False) -> Fault:
    """The node's own answer, one byte at a time."""

    def fault(handler: Handler, ask: Callable[[], Answer]) -> None:
        body = ask().body
        head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        if not headers_too:
            handler.wfile.write(head)
            head = b""
        for byte in head + body:
            handler.wfile.write(bytes([byte]))
            if handler.proxy.stopped.wait(every_s):
                return

    return fault


def hang(handler: Handler, ask: Callable[[], Answer]) -> None:
    """No answer, as long as the proxy lives."""
    del ask
    handler.proxy.stopped.wait()
    handler.close_connection = True


def reset(handler: Handler, ask: Callable[[], Answer]) -> None:
    """The connection is torn down without an answer."""
    del ask
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.close_connection = True


class FaultProxy(ThreadingHTTPServer):
    """Where to ask (`url`), what was asked (`asked`), and what goes wrong (`when`)."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, node: Node) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.node = node
        self.asked: list[Asked] = []
        self.stopped = threading.Event()
        self.busiest = 0
        self._busy = 0
        self._rules: list[tuple[When, Fault]] = []
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()

    @property
    def url(self) -> str:
        """The proxy's own address."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def when(self, fits: When, fault: Fault) -> None:
        """Misbehave like this for requests that fit."""
        self._rules.append((fits, fault))

    def behave(self) -> None:
        """Forget all rules."""
        self._rules.clear()

    def die(self) -> None:
        """Stop listening and drop every connection: from now on nobody is there."""
        if self.stopped.is_set():
            return
        self.stopped.set()
        self.shutdown()
        with self._lock:
            for connection in self._open:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
        self.server_close()

    def admit(self, body: bytes, headers: dict[str, str]) -> tuple[Asked, Fault | None]:
        """Number a request and find the rule that fits it."""
        parsed = json.loads(body)
        calls = parsed if isinstance(parsed, list) else [parsed]
        with self._lock:
            asked = Asked(len(self.asked) + 1, tuple(call["method"] for call in calls), body, headers)
            self.asked.append(asked)
        return asked, next((fault for fits, fault in self._rules if fits(asked)), None)

    def begun(self) -> None:
        """Keep `busiest`: how many requests were under way at once, at most."""
        with self._lock:
            self._busy += 1
            self.busiest = max(self.busiest, self._busy)

    def ended(self) -> None:
        """One request less is under way; said before the answer's last byte, after which a client may ask again."""
        with self._lock:
            self._busy -= 1

    def process_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401  # as socketserver declares it
        with self._lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:  # noqa: ANN401  # as socketserver declares it
        with self._lock:
            self._open.discard(request)
        request.close()

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away is what some faults provoke."""


class Handler(BaseHTTPRequestHandler):
    """One connection to the proxy."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # head and body are two writes, which would wait 40 ms for each other
    server: FaultProxy

    @property
    def proxy(self) -> FaultProxy:
        """The proxy this connection is to."""
        return self.server

    def do_POST(self) -> None:
        """Pass a request on, or misbehave."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self._under_way = True
        self.asked_body = body
        self.proxy.begun()
        try:
            _, fault = self.proxy.admit(body, headers)
            if fault is not None:
                fault(self, lambda: self.ask_node(body))
                return
            answer = self.ask_node(body)
            self.send(answer.status, answer.body)
        finally:
            self._end()

    def head(self, code: int, length: int, headers: dict[str, str] | None = None) -> None:
        """Status line and headers."""
        self.send_response(code)
        self.send_header("Content-Length", str(length))
        for name, value in (headers or {"Content-Type": "application/json"}).items():
            self.send_header(name, value)
        self.end_headers()

    def send(self, code: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        """A whole answer."""
        self.head(code, len(body), headers)
        self._end()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # as http.server declares it
        """Nothing is printed."""

    def _end(self) -> None:
        if self._under_way:
            self._under_way = False
            self.proxy.ended()

    def ask_node(self, body: bytes) -> Answer:
        """What the node answers to a request body."""
        node = self.proxy.node
        headers = {"Content-Type": "application/json"}
        if "Authorization" in self.headers:
            headers["Authorization"] = self.headers["Authorization"]
        elif node.auth is not None:
            headers["Authorization"] = "Basic " + base64.b64encode(":".join(node.auth).encode()).decode()
        connection = http.client.HTTPConnection(urlsplit(node.url).netloc, timeout=node.timeout_s)
        try:
            connection.request("POST", "/", body, headers)
            answer = connection.getresponse()
            return Answer(answer.status, answer.read())
        finally:
            connection.close()


@contextmanager
def fault_proxy(node: Node) -> Iterator[FaultProxy]:
    """A proxy before `node`, gone when the block ends."""
    proxy = FaultProxy(node)
    thread = threading.Thread(target=proxy.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        proxy.die()
        thread.join()
