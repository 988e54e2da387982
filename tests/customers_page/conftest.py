"""One browser for all tests of the page, a fresh tab for each, and the site of the shared example."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.commitment.trees import SCOPE
from tests.customers_page.chromium import Chromium, Tab, chromium, tab
from tests.customers_page.sites import ETH, published, tree_of, written

from reservecheck.commitment.columns import Row
from reservecheck.commitment.scheme import Scope

BTC = Scope(snapshot=SCOPE.snapshot, asset="BTC", decimals=8, height=3)
OWED = (Row("ada", 150_000_000), Row("ben", 102_900_000_000), Row("zoë", 0), Row("two", 70, 0), Row("two", 7, 1))


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    with chromium(tmp_path_factory.mktemp("chromium")) as running:
        yield running


@pytest.fixture
def fresh(browser: Chromium) -> Iterator[Tab]:
    """A tab of this test alone, at about:blank."""
    with tab(browser) as one:
        yield one


@pytest.fixture(scope="session")
def shared(browser: Chromium) -> Iterator[Tab]:
    """A tab that tests take one after the other: a process each would take longer than the tests."""
    with tab(browser) as one:
        yield one


@pytest.fixture
def page(shared: Tab) -> Tab:
    """The shared tab, at about:blank and with nothing emulated."""
    shared.call("Emulation.clearDeviceMetricsOverride")
    shared.call("Emulation.setEmulatedMedia", features=[])
    shared.call("Page.setInterceptFileChooserDialog", enabled=False)
    shared.open("about:blank")
    return shared


@pytest.fixture(scope="session")
def proofs() -> dict[str, str]:
    """Proofs in bitcoin for the site below, by customer."""
    made = tree_of(BTC, *OWED)[1]
    return dict(zip(("ada", "ben", "zoë", "two"), made, strict=True))


@pytest.fixture(scope="session")
def commitment() -> bytes:
    """Two trees, as an exchange publishes them."""
    return published(tree_of(BTC, *OWED)[0], ETH)


@pytest.fixture(scope="session")
def index(tmp_path_factory: pytest.TempPathFactory, commitment: bytes) -> Path:
    """The page of the site of those trees."""
    return written(tmp_path_factory.mktemp("site") / "site", commitment)


@pytest.fixture
def opened(page: Tab, index: Path) -> Tab:
    """The page, opened from its file, in English."""
    page.open(f"file://{index}#en")
    return page
