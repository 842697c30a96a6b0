"""Lines and their scale."""

from __future__ import annotations

from framing.reporting.series import Line, Scale


def test_a_scale_ends_at_the_first_and_last_period():
    assert Scale({"2023-02": 5, "2023-01": 4, "2023-06": 9}, top=0.4).ends == (4, 9)


def test_lines_name_their_source_and_their_cells():
    assert Line("Post", [], "#000000", "time-1-0").name == "Post"
    line = Line(None, [], "#000000", "time-1-0")
    assert (line.name, line.anchor(3)) == ("All sources", "time-1-0-3")
