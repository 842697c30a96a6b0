"""What reports tell of a drift: nothing is lost, and what is missing is None."""

from __future__ import annotations

from framing.reporting.accounts import TABLES, open_account


def test_every_table_that_a_drift_makes_has_its_columns(invented):
    content = invented.to_dict()
    assert {table: list(columns) for table, columns in TABLES.items()} == {
        table: list(content[table][0]) for table in TABLES
    }


def test_columns_are_those_that_are_measured(drift):
    assert {name: list(getattr(drift, name).columns) for name in TABLES} == {
        name: list(columns) for name, columns in TABLES.items()
    }


def test_columns_hold_text_flags_or_numbers(invented):
    kinds = {"text": str, "flag": bool, "number": (int, float)}
    content = invented.to_dict()
    for table, columns in TABLES.items():
        for name, kind in columns.items():
            values = [row[name] for row in content[table] if row[name] is not None]
            assert all(isinstance(value, kinds[kind]) for value in values), (table, name)


def test_all_rows_and_facts_are_taken(invented):
    account, content = open_account(invented), invented.to_dict()
    assert all(list(account[table]) == content[table] for table in TABLES)
    assert account.fact("n_tests") == content["n_tests"]
    assert not set(account.facts) & set(TABLES)


def test_what_was_not_made_is_empty(account, row):
    told = account(cells=[{"label": "cost", "share": 0.3}])
    assert told["cells"][0] == dict.fromkeys(TABLES["cells"]) | {"label": "cost", "share": 0.3}
    assert told["contrasts"] == []
    assert told.fact("colour") is None


def test_names_are_given_and_others_keep_their_ids(account):
    told = account()
    labels = ("cost", "law=pro", "risk")
    assert [told.name(label) for label in labels] == ["Costs", "The law: pro", "risk"]


def test_sources_and_periods_are_in_order(account, row):
    places = [("post", "2024-02"), ("Alp", None), (None, "2023-11"), ("Post", "2024-02")]
    told = account(cells=[row("cells", source=s, period=p) for s, p in places])
    assert told.sources == ["Alp", "Post", "post"]
    assert told.periods == ["2023-11", "2024-02"]


def test_common_frames_come_first_and_stances_by_target(account, row):
    shares = [("law=con", 0.1), ("rare", 0.2), ("act=pro", 0.3), ("law=pro", 0.9), ("often", 0.5)]
    cells = [
        row("cells", label=label, kind="stance" if "=" in label else "frame", share=s, source=None)
        for label, s in shares
    ]
    cells.append(row("cells", label="rare", share=0.99, source="Post"))  # decides nothing
    order = [label for label, _ in account(cells=cells).labels]
    assert order == ["often", "rare", "act=pro", "law=pro", "law=con"]


def test_rows_that_stand_keep_their_numbers(account, row):
    rows = [
        row("contrasts", stands=False),
        row("contrasts", comparison="period"),
        row("contrasts", b="Herald"),
    ]
    told = account(contrasts=rows)
    assert [number for number, _ in told.standing("contrasts")] == [1, 2]
    assert [n for n, _ in told.standing("contrasts", comparison="source")] == [2]
    assert told.standing("contrasts", comparison="source", b=None) == []
