"""What several sources of one network say together: where they differ, nothing is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from reservecheck.chains.reader import NetworkReading, Reading


def agreed(read: Mapping[str, NetworkReading]) -> NetworkReading:
    """One reading of at least one source's; a source that read nothing neither confirms nor contradicts."""
    first = next(iter(read.values()))
    if len(read) == 1:
        return first
    pins = {source: one.pin for source, one in read.items() if one.pin is not None}
    if not pins:
        return first
    lead = next(iter(pins.values()))
    if any((pin.height, pin.hash) != (lead.height, lead.hash) for pin in pins.values()):
        said = ", ".join(f"{source} {pin.height} {pin.hash[:12]}…" for source, pin in pins.items())
        apart = Reading(None, f"the sources disagree about the block at the cut-off: {said}", ())
        return NetworkReading(pin=None, readings=dict.fromkeys(first.readings, apart))
    pin = replace(
        lead,
        final=all(pin.final for pin in pins.values()),
        still_there=all(pin.still_there for pin in pins.values()),
        agreed=tuple(pins),
        asked=tuple(read),
        exchanges=tuple(n for pin in pins.values() for n in pin.exchanges),
    )
    return NetworkReading(pin=pin, readings={key: _one(key, read) for key in first.readings})


def _one(key: tuple[str, str], read: Mapping[str, NetworkReading]) -> Reading:
    said = {source: one.readings[key] for source, one in read.items()}
    units = {source: reading.units for source, reading in said.items() if reading.units is not None}
    if not units:
        return next(iter(said.values()))
    exchanges = tuple(n for source in units for n in said[source].exchanges)
    if len(set(units.values())) > 1:
        words = ", ".join(f"{source} {amount}" for source, amount in units.items())
        return Reading(None, f"the sources disagree: {words}", exchanges)
    return Reading(next(iter(units.values())), "", exchanges)
