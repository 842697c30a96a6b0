"""Templates: what is missing is an error, and what is given is text."""

from __future__ import annotations

import pytest
from jinja2 import TemplateNotFound, UndefinedError

from framing.reporting.rendering import render


def test_text_is_escaped():
    page = render("base.html", title="<b>&'\"</b>")
    assert "<title>&lt;b&gt;&amp;&#39;&#34;&lt;/b&gt;</title>" in page
    assert "<b>" not in page


def test_a_name_that_is_missing_is_an_error():
    with pytest.raises(UndefinedError, match="title"):
        render("base.html")


def test_a_template_that_is_missing_is_an_error():
    with pytest.raises(TemplateNotFound):
        render("none.html")
