from __future__ import annotations

from tests.assess.inputs_factory import engagement, inputs
from tests.rules.asking import ask

from reservecheck.model.engagement import Accept, Deciding
from reservecheck.model.words import Control
from reservecheck.rules.policy_looser_than_default import RULE


def test_policy_looser_than_default_notes_each_setting() -> None:
    setting = engagement(accept=Accept(), deciding=Deciding(control=Control.UNDEMONSTRATED))
    assert ask(RULE, inputs(engagement=setting)) == [
        (
            "breaks",
            "note",
            'deciding.control = "undemonstrated": nobody had to show who holds the keys (default "signed")',
        )
    ]


def test_policy_looser_than_default_holds_under_the_defaults() -> None:
    assert ask(RULE, inputs(engagement=engagement(accept=Accept()))) == [
        ("holds", "note", "no setting asks for less than the default")
    ]
