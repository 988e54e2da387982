from reservecheck.cli.formats import ReportFormat
from reservecheck.report.formats import FORMATS


def test_the_command_line_offers_exactly_the_formats_there_are() -> None:
    assert [str(name) for name in ReportFormat] == list(FORMATS)
