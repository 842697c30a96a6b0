"""Terms and paragraphs of both sides of a difference."""

from __future__ import annotations

from framing.reporting.behind import (
    find_paragraphs,
    index_typicals,
    list_behind,
    list_typicals,
    name_typicals,
)


def term(contrast=0, side="a", **values):
    return {"contrast": contrast, "side": side, "term": "levy", "z": 3.0} | (
        {"count_a": 1200, "count_b": 7} | values
    )


def example(contrast=0, side="a", **values):
    known = {"id": "p:1", "article": "p", "source": "Post", "date": "2023-04-11"}
    return {"contrast": contrast, "side": side, **known, "probability": 0.97, "text": "T."} | values


def test_sides_have_their_terms_and_paragraphs(account, row):
    told = account(
        contrasts=[row("contrasts")],
        terms=[term(term="bill", z=2.0), term(), term(side="b", term="sun", z=-4.04)],
        examples=[example(), example(side="b", text="U.", date=None, probability=None)],
    )
    (item,) = list_behind(told)
    assert (item.id, item.number) == ("behind-0", 0)
    assert (item.title, item.summary) == ("Costs in Post against all others", "+15.0 points")
    a, b = item.sides
    assert (a.name, b.name) == ("Post", "All other sources")
    assert [(t.term, t.z, t.note) for t in a.terms] == [
        ("levy", "3.0", "1,200 against 7"),
        ("bill", "2.0", "1,200 against 7"),
    ]
    assert [(t.term, t.z) for t in b.terms] == [("sun", "4.0")]
    assert [(q.text, q.origin) for q in (*a.quotes, *b.quotes)] == [
        ("T.", "Post, 2023-04-11, p:1, probability 97%"),
        ("U.", "Post, p:1"),
    ]


def test_periods_are_named(account, row):
    periods = row("contrasts", comparison="period", a="2023-01", b="2024-01", source="Post")
    (item,) = list_behind(account(contrasts=[periods], terms=[term()]))
    assert [side.name for side in item.sides] == ["January 2023", "January 2024"]


def test_only_what_stands_and_has_something_behind_it(account, row):
    rows = [row("contrasts"), row("contrasts", stands=False), row("contrasts")]
    told = account(contrasts=rows, terms=[term(0), term(1)])
    assert [item.number for item in list_behind(told)] == [0]
    assert [i.number for i in list_behind(account(contrasts=rows, examples=[example(2)]))] == [2]


def test_the_widest_come_first_and_all_that_was_measured_is_shown(account, row):
    rows = [row("contrasts", difference=0.1), row("contrasts", difference=-0.4)]
    terms = [term(n, z=float(z)) for n in (0, 1) for z in range(20)]
    quotes = [example(1, text=f"{n}.") for n in range(9)]
    items = list_behind(account(contrasts=rows, terms=terms, examples=quotes))
    assert [item.number for item in items] == [1, 0]
    assert [t.z for t in items[0].sides[0].terms] == [f"{z}.0" for z in range(19, -1, -1)]
    assert [q.text for q in items[0].sides[0].quotes] == [f"{n}." for n in range(9)]


def test_shares_find_their_paragraphs(account, row):
    over = row("contrasts", comparison="period", a="2023", b="2024", source="Post")
    rows = [
        row("contrasts"),
        row("contrasts", b="Herald"),
        over,
        over | {"source": None},
        row("contrasts", a="Gazette"),
    ]
    examples = [example(0), example(0, "b"), example(1), example(1, "b")]
    examples += [example(2, "b"), example(3), example(3, "b")]
    told = account(contrasts=rows, examples=examples, terms=[term(4)])
    assert find_paragraphs(told, list_behind(told)) == {
        ("cost", "Post", None): "behind-0",
        ("cost", "Herald", None): "behind-1",
        ("cost", "Post", "2024"): "behind-2",
        ("cost", None, "2023"): "behind-3",
        ("cost", None, "2024"): "behind-3",
    }


class TestTypicals:
    def pick(self, label, source=None, period=None, **values):
        known = {"id": "p:1", "article": "p", "unit_source": "Post", "date": "2023-04-11"}
        place = {"label": label, "source": source, "period": period}
        return place | known | {"probability": 0.97, "text": "Tin rose."} | values

    def test_shares_have_their_paragraph(self, account):
        rows = [self.pick("cost"), self.pick("cost", "Post", "2023-04", date=None)]
        pooled, own = index_typicals(account(typicals=rows)).values()
        assert (pooled.origin, own.origin) == (
            "Post, 2023-04-11, p:1, probability 97%",
            "p:1, probability 97%",
        )
        assert list(index_typicals(account(typicals=rows))) == [
            ("cost", None, None),
            ("cost", "Post", "2023-04"),
        ]

    def test_long_ones_are_cut_and_those_of_periods_more(self, account):
        rows = [self.pick("cost", period=p, text="word " * 200) for p in (None, "2023-04")]
        whole, timed = index_typicals(account(typicals=rows)).values()
        assert 390 < len(whole.text) <= 400
        assert 190 < len(timed.text) <= 200

    def test_those_of_whole_sources_are_listed_in_the_order_of_labels(self, account, row):
        cells = [row("cells", label=name, source=None, share=s) for name, s in (("a", 1), ("b", 0))]
        rows = [self.pick("b", "Post"), self.pick("a", "Post"), self.pick("a")]
        told = account(cells=cells, typicals=[*rows, self.pick("a", "Post", "2023")])
        typicals = index_typicals(told)
        places = name_typicals(typicals)
        assert set(places) == {("b", "Post"), ("a", "Post"), ("a", None)}
        assert len(set(places.values())) == 3
        found = list_typicals(told, typicals, [None, "Herald", "Post"])
        assert [(name, [item.label for item in own]) for name, own in found] == [
            ("All sources", ["a"]),
            ("Post", ["a", "b"]),
        ]
        assert found[1][1][1].id == places["b", "Post"]
