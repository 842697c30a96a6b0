"""Tests of groups of sources: how they are read, and what takes their names."""

from __future__ import annotations

import pandas as pd
import pytest

from framing.groups import find_strangers, read_groups, rename_groups
from framing.schema import InputError


class TestReadingGroups:
    def read(self, path, text):
        path.write_text(text, encoding="utf-8")
        return read_groups(path)

    def test_names_and_their_sources(self, tmp_path):
        text = "\ufeffPress: [The Post, Mail]\n2024:\n  - 7\n  - Ötztaler Bote\nnone yet: []\n"
        assert self.read(tmp_path / "g.yaml", text) == {
            "Press": ["The Post", "Mail"],
            "2024": ["7", "Ötztaler Bote"],
            "none yet": [],
        }

    @pytest.mark.parametrize(
        "text",
        ["", "[]", "{}", "Press: Post", "- Press", "Press: {a: b}", "Press: [[a]]", "Press: [~]"],
    )
    def test_anything_else_is_refused(self, tmp_path, text):
        told = r"g.yaml: these are no groups; write 'name: \[source, source\]' a line$"
        with pytest.raises(InputError, match=told):
            self.read(tmp_path / "g.yaml", text)

    @pytest.mark.parametrize(
        "text", ["Press: [a", "a: [2024-13-45]", "a: !!python/name:os.path [b]"]
    )
    def test_what_is_no_yaml_is_refused(self, tmp_path, text):
        with pytest.raises(InputError, match=r"g.yaml: the groups cannot be read; give a YAML"):
            self.read(tmp_path / "g.yaml", text)

    def test_what_is_no_text_or_no_file_is_refused(self, tmp_path):
        (tmp_path / "g.yaml").write_bytes(b"\xff\xfe\x00")
        for path in (tmp_path / "g.yaml", tmp_path / "none.yaml", tmp_path):
            with pytest.raises(InputError, match=r": the groups cannot be read; give a YAML file$"):
                read_groups(path)


class TestGroups:
    TABLE = pd.DataFrame({"source": ["Post", "the post", "Herald", " Mail", None]})

    def test_groups_stand_in_the_place_of_their_sources_however_spelled(self):
        renamed = rename_groups(self.TABLE, "source", {"Press": ["The Post", "Mail"]})
        assert renamed["source"].tolist() == ["Press", "Press", "Herald", "Press", None]
        assert self.TABLE["source"].tolist()[0] == "Post"

    def test_articles_that_share_a_name_stay_two_in_a_group(self):
        table = pd.DataFrame({"source": ["Post", "Mail", "Sun"], "article": ["1", "1", "2"]})
        renamed = rename_groups(table, "source", {"Press": ["Post", "Mail"]})
        assert renamed["article"].tolist() == ["1 (post)", "1 (mail)", "2"]

    def test_numbers_are_sources_too(self):
        table = pd.DataFrame({"desk": [1, 2, 3]})
        renamed = rename_groups(table, "desk", {"odd": ["1", "3"]})
        assert renamed["desk"].tolist() == ["odd", "2", "odd"]

    def test_numbers_in_a_column_with_gaps_are_whole(self):
        renamed = rename_groups(pd.DataFrame({"desk": [1, 2, None]}), "desk", {"odd": ["1"]})
        assert renamed["desk"].tolist() == ["odd", "2", None]

    def test_a_group_may_be_called_as_a_source_of_its_own_only(self):
        renamed = rename_groups(self.TABLE, "source", {"Post": ["Post", "Mail"]})
        assert set(renamed["source"].dropna()) == {"Post", "Herald"}
        told = "^'Post' is a source beside the group 'the Post'; put it into a group, or call the"
        with pytest.raises(InputError, match=told):
            rename_groups(self.TABLE, "source", {"the Post": ["Mail"]})

    def test_a_source_named_twice_is_refused(self):
        told = "^'post' stands in the groups 'one' and 'two'; name each source once$"
        with pytest.raises(InputError, match=told):
            rename_groups(self.TABLE, "source", {"one": ["Post"], "two": ["post"]})
        with pytest.raises(InputError, match=r"^'Post' stands twice in the group 'one'; name"):
            rename_groups(self.TABLE, "source", {"one": ["Post", "Post"]})

    def test_groups_of_no_source_are_refused(self):
        told = "^no source of the groups is among the predictions; name sources as the column 'sour"
        with pytest.raises(InputError, match=told):
            rename_groups(self.TABLE, "source", {"one": ["Times"]})


class TestStrangers:
    TABLE = pd.DataFrame({"source": ["Post", "the Herald", " Mail", None]})

    def test_members_that_are_no_source_are_told_with_the_nearest(self):
        groups = {"P": ["The Post", "Herld"], "Far": ["Mail", "Ötztaler Bote"]}
        assert list(find_strangers(self.TABLE, "source", groups)) == [
            "no source is called 'Herld', which the group 'P' names; did you mean 'the Herald'?",
            "no source is called 'Ötztaler Bote', which the group 'Far' names",
        ]

    def test_without_groups_or_the_column_there_are_none(self):
        assert list(find_strangers(self.TABLE, "source", {})) == []
        assert list(find_strangers(self.TABLE, "desk", {"Press": ["Herld"]})) == []
