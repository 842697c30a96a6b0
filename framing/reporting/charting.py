"""Charts as SVG that sits inside a page: drawn by matplotlib, coloured by the page's style sheet.

Matplotlib lays out; what it writes is parsed and rebuilt for HTML: no namespaces, no metadata, no
style sheet of its own, names of its own that no other chart has, and colours that are variables of
the page, so that light, dark and print each have theirs. All text stays text and is escaped. The
same drawing gives the same bytes.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from markupsafe import Markup
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLOURS = {
    "#010101": "ink",
    "#020202": "soft",
    "#030303": "line",
    "#040404": "page",
    "#050505": "faint",
    "#0a0101": "s1",
    "#0a0202": "s2",
    "#0a0303": "s3",
    "#0a0404": "s4",
}
"""Colours that nobody would choose, each standing for a variable of the page's style sheet."""

INK, SOFT, LINE, PAGE, FAINT, *SERIES = COLOURS

_STYLE: Mapping[str, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "framing",
    "svg.id": None,
    "text.parse_math": False,
    "text.usetex": False,
    "font.size": 11.0,
    "path.simplify": False,
}
_NO_METADATA = dict.fromkeys(("Creator", "Date", "Format", "Type"))
_CONTROL = re.compile("[\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_NUMBER = re.compile(r"-?\d+\.\d+")
_COLOUR = re.compile(r"#[0-9a-f]{6}")
_KEPT = ("width", "height", "version")


@dataclass(frozen=True, slots=True)
class Margins:
    """What lies between the plot and the edges of the drawing, in its units."""

    left: float
    right: float
    top: float
    bottom: float


@contextmanager
def open_chart(width: float, height: float, margins: Margins) -> Iterator[tuple[Figure, Axes]]:
    """Give a figure with one bare plot, measured in units of the drawing.

    Matplotlib's settings are its defaults within the block, and afterwards as they were; the block
    has to end with the chart written.
    """
    from matplotlib import style
    from matplotlib.figure import Figure

    with style.context([dict(_STYLE)], after_reset=True), warnings.catch_warnings():
        # Its own font measures, and lacks some scripts; the reader's browser has others.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        figure = Figure(figsize=(width / 72, height / 72), frameon=False)
        wide = width - margins.left - margins.right
        high = height - margins.top - margins.bottom
        box = (margins.left / width, margins.bottom / height, wide / width, high / height)
        axes = figure.add_axes(box)
        axes.patch.set_visible(False)
        for spine in axes.spines.values():
            spine.set_visible(False)
        axes.tick_params(length=0, labelcolor=SOFT, labelsize=10)
        axes.set_axisbelow(True)
        yield figure, axes


def clean_text(text: str) -> str:
    r"""Replace what no XML can hold.

    >>> clean_text("a\x00b")
    'a�b'
    """
    return _CONTROL.sub("\ufffd", text)


def write_svg(figure: Figure, *, name: str, label: str, titles: Mapping[str, str]) -> Markup:
    """Write a figure as an SVG element for the inside of an HTML page.

    Parameters
    ----------
    figure : Figure
    name : str
        Of letters, digits and dashes; opens every id of this chart, so that none meets another's.
    label : str
        The chart in words, for those who do not see it.
    titles : mapping of str to str
        Address of a link (``#place``) to what is shown when a pointer rests on it.
    """
    from lxml import etree
    from markupsafe import Markup

    stream = io.BytesIO()
    figure.savefig(stream, format="svg", metadata=_NO_METADATA)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_blank_text=True)
    root = etree.fromstring(stream.getvalue(), parser)
    _drop_foreign(root)
    _rename(root, name)
    for element in root.iter():
        _restyle(element)
        if element.tag == "a":
            _describe_link(element, titles)
    root.set("role", "img")
    root.set("aria-label", clean_text(label))
    etree.cleanup_namespaces(root)
    text = etree.tostring(root, encoding="unicode", with_tail=False)
    return Markup(text)  # noqa: S704  the serialiser has escaped all text


def _drop_foreign(root: Any) -> None:
    """Remove namespaces, metadata, style sheets and sizes that the page decides on."""
    for element in list(root.iter()):
        tag = str(element.tag).rpartition("}")[2]
        if tag in {"metadata", "style"}:
            element.getparent().remove(element)
            continue
        element.tag = tag
        for key in list(element.attrib):
            plain = key.rpartition("}")[2]
            if plain != key:
                element.set(plain, element.attrib.pop(key))
    for key in _KEPT:
        root.attrib.pop(key, None)


def _rename(root: Any, name: str) -> None:
    """Give ids that are referred to new names, and drop the others."""
    used = {reference for element in root.iter() for reference in _list_references(element)}
    own = [element.get("id") for element in root.iter() if element.get("id") in used]
    names = {old: f"{name}-{number}" for number, old in enumerate(own)}
    for element in root.iter():
        old = element.attrib.pop("id", None)
        if old in names:
            element.set("id", names[old])
        for key in ("href", "clip-path"):
            value = element.get(key, "")
            for reference in _list_references(element):
                if reference in names and reference in value:
                    element.set(key, value.replace(reference, names[reference]))


def _list_references(element: Any) -> list[str]:
    found = []
    if element.tag == "use":
        found.append(element.get("href", "").removeprefix("#"))
    clip = element.get("clip-path")
    if clip:
        found.append(clip.removeprefix("url(#").removesuffix(")"))
    return found


def _restyle(element: Any) -> None:
    """Shorten numbers, and let the page choose colours and fonts."""
    for key in ("d", "x", "y", "transform", "points"):
        value = element.get(key)
        if value is not None and element.tag != "a":
            element.set(key, " ".join(_NUMBER.sub(_shorten_number, value).split()))
    style = element.get("style")
    if style is not None:
        kept = [part.strip() for part in style.split(";") if "font-family" not in part]
        text = "; ".join(part for part in kept if part)
        element.set("style", _COLOUR.sub(_name_colour, text))
    if element.get("transform", "").startswith("rotate(-0 "):
        del element.attrib["transform"]


def _shorten_number(match: re.Match[str]) -> str:
    return f"{float(match[0]):.2f}".rstrip("0").rstrip(".")


def _name_colour(match: re.Match[str]) -> str:
    name = COLOURS.get(match[0])
    return f"var(--{name})" if name else match[0]


def _describe_link(element: Any, titles: Mapping[str, str]) -> None:
    """Say what a link shows; the keyboard finds the same links in the chart's table."""
    from lxml import etree

    for key in ("target", "type", "show", "actuate"):
        element.attrib.pop(key, None)
    element.set("tabindex", "-1")
    title = titles.get(element.get("href", ""))
    if title is not None:
        node = etree.Element("title")
        node.text = clean_text(title)
        element.insert(0, node)
