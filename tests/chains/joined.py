"""Logs of several sources of one network, decoded each by itself and put together, as a run does."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from reservecheck.chains.panel import panel
from reservecheck.chains.quorum import JointReading, together
from reservecheck.chains.reader import NetworkReading, Plan
from reservecheck.transport.record import Recorded, SourceCard

Decode = Callable[[Plan, Sequence[Recorded]], NetworkReading]


def joined(plan: Plan, decode: Decode, logs: Mapping[str, Sequence[Recorded]]) -> JointReading:
    """Each source is of an operator of its own, and a third party."""
    network = plan.network.network
    cards = [SourceCard(name=name, network=network, kind="x", operator=name, run_by="third-party") for name in logs]
    return together({name: decode(plan, items) for name, items in sorted(logs.items())}, panel(cards, None))
