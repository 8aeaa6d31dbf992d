"""What a study keeps of its feeds and timetables changes no answer."""

from __future__ import annotations

from pathlib import Path

from timed_corner import make_timed_corner

from scicity.cli import main


def answers(study: Path, out: Path) -> dict[str, bytes]:
    """The files that `scicity compare` writes."""
    assert main(["compare", "--study", str(study), "--out", str(out)]) == 0
    return {file.name: file.read_bytes() for file in sorted(out.iterdir())}


def kept(study: Path) -> set[Path]:
    return {file for file in (study / "timetable_store").rglob("*") if file.is_file()}


def test_a_second_question_reads_what_the_first_one_kept(tmp_path: Path) -> None:
    study = make_timed_corner(tmp_path / "study")
    first = answers(study, tmp_path / "first")
    files = kept(study)
    assert {file.parent.name for file in files} == {"feeds", "services"}
    assert answers(study, tmp_path / "second") == first
    assert kept(study) == files


def test_a_study_that_cannot_keep_anything_answers_the_same(tmp_path: Path) -> None:
    first = answers(make_timed_corner(tmp_path / "one"), tmp_path / "first")
    study = make_timed_corner(tmp_path / "other")
    (study / "timetable_store").write_text("in the way")
    assert answers(study, tmp_path / "second") == first
