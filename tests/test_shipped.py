"""What comes with the package, in the checkout and in the wheel."""

from __future__ import annotations

import pytest

from framing import shipped
from framing.coding.codebook import read_codebook
from framing.shipped import find_codebook, find_model, find_shipped


@pytest.mark.parametrize("name", ["labels", "models", "seeds"])
def test_the_folders_are_there(name):
    assert find_shipped(name).is_dir()
    assert find_shipped(name).name == name


def test_the_wheel_comes_before_the_checkout(tmp_path, monkeypatch):
    monkeypatch.setattr(shipped, "_PACKAGE", tmp_path / "framing")
    assert find_shipped("labels") == tmp_path / "labels"
    inside = tmp_path / "framing" / "_shipped" / "labels"
    inside.mkdir(parents=True)
    assert find_shipped("labels") == inside
    assert find_shipped("seeds") == tmp_path / "seeds"


def test_the_files_are_named():
    assert find_codebook() == find_shipped("labels") / "codebook.yaml"
    assert find_model() == find_shipped("models") / "critical-minerals.safetensors"
    assert read_codebook(find_codebook()).frame_ids
