"""What is told of a life: it is what happened, and it says so in plain words."""

from __future__ import annotations

import json
import os
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from lives_kit import hamlet_run, noisy_run

import glasstown
from glasstown.engine import measures as m
from glasstown.errors import BadValue, UnknownName
from glasstown.lab.answers import asked_at
from glasstown.lab.api import Run, first_adult, life_to_tell
from glasstown.lab.lives import Citizen
from glasstown.lab.picking import pick
from glasstown.scheme.types import SchemeModel
from glasstown.show import one_page

GOLDEN = Path(__file__).parent / "golden"
BY_SCHEME = (m.M_LIST, m.M_GRADE_REFUSED, m.M_SCORE)


@pytest.fixture(scope="module")
def hamlet(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return Run(hamlet_run(tmp_path_factory.mktemp("hamlet")).folder)


@pytest.fixture(scope="module")
def everyone(hamlet: Run) -> list[Citizen]:
    return [hamlet.citizen(who) for who in range(hamlet.program.society.n)]


def _golden(name: str, text: str) -> None:
    file = GOLDEN / name
    if os.environ.get("GLASSTOWN_GOLDEN"):
        file.parent.mkdir(exist_ok=True)
        file.write_text(text + "\n", encoding="utf-8")
    assert file.read_text(encoding="utf-8") == text + "\n", "if this is meant: GLASSTOWN_GOLDEN=1 pytest tests/lab"


def test_golden_story(hamlet: Run) -> None:
    """One story, word for word."""
    _golden("story.txt", str(hamlet.citizen(pick(hamlet)).story()))


def test_golden_why(hamlet: Run) -> None:
    """One explanation, word for word."""
    citizen = hamlet.citizen(pick(hamlet))
    refused = next(one for one in asked_at(citizen.life(0)) if one.by_scheme)
    names = hamlet.program.names.doors
    _golden("why.txt", str(citizen.why(names[refused.door], hamlet.program.clock.date_of(refused.day))))


def test_lines_count_up(everyone: list[Citizen]) -> None:
    """Every act, record, posting and request of the counts stands in the story, on each side."""
    for citizen in everyone:
        lines = citizen.lines()
        for side, label in ((0, "scheme"), (1, "pair")):
            seen: Counter[str] = Counter()
            blamed: Counter[str] = Counter()
            for line in lines:
                if line.side in (label, "both"):
                    seen[line.what] += 1
                    blames = ("wrongly", "unable", "out_of_context") if line.what == "door" else ()
                    blamed.update(key for key in blames if line.facts.get(key))
            totals: Counter[int] = Counter()
            for (measure, _), n in citizen.life(side).counts.items():
                totals[measure] += n
            assert seen["act"] == totals[m.M_ACTS]
            assert seen["falsehood"] == totals[m.M_FALSE]
            assert seen["posting"] == totals[m.M_POSTED]
            assert seen["door"] == totals[m.M_REQUESTS]
            assert blamed["wrongly"] == totals[m.M_WRONGLY]
            assert blamed["unable"] == totals[m.M_UNABLE]
            assert blamed["out_of_context"] == totals[m.M_CONTEXT]
        assert [line.date for line in lines] == sorted(line.date for line in lines)


def test_story_for_machines_and_notebooks(hamlet: Run, everyone: list[Citizen]) -> None:
    """The same story as JSON and as HTML."""
    story = everyone[pick(hamlet)].story()
    found = json.loads(json.dumps(story.to_dict()))
    assert found["worlds"] == {"scheme": "The hamlet's ledger", "pair": "No ledger"}
    assert {line["side"] for line in found["lines"]} == {"both", "scheme", "pair"}
    posting = next(line for line in found["lines"] if line["what"] == "posting")
    assert posting.keys() >= {"date", "rule", "title", "status", "citation", "points", "domain", "until", "record"}
    assert found["person"]["truth"].keys() == {"Ability to pay"}
    assert "Ability to pay" not in found["person"]["register"]
    page = story._repr_html_()
    assert page.count("<tr>") == len(story.lines) + len(story.summary) + 2
    assert max(len(line) for line in str(story).splitlines()) <= 100


def test_a_title_is_not_markup(hamlet: Run, everyone: list[Citizen], monkeypatch: pytest.MonkeyPatch) -> None:
    """Text from files is text in a notebook."""
    monkeypatch.setattr("glasstown.lab.wording.Words.door", lambda *_: "<script>")
    page = hamlet.citizen(pick(hamlet)).story()._repr_html_()
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_why_of_every_request(everyone: list[Citizen]) -> None:
    """Each refusal is explained: its reason, sums that come out, and a change that would have opened the door."""
    answers: Counter[str] = Counter()
    for citizen in everyone:
        words = citizen.words[0]
        model: SchemeModel = words.model
        for one in asked_at(citizen.life(0)):
            found = citizen.why(words.names.doors[one.door], words.date(one.day))
            answers[found.answer] += 1
            assert found.facts is not None
            if found.date == words.date(one.day) and one.by_scheme and found.answer == one.answer:
                assert found.change
                assert "nothing in this file" not in found.change[0]
                assert "refused by the scheme" in found.verdict
            assert model.score_of(found.facts["domains"]) == found.facts["score"]
            json.dumps(found.to_dict())
            assert max(len(line) for line in str(found).splitlines()) <= 100
    assert answers.keys() >= {"granted", "list", "score", "ordinary", "scarce"}


def test_why_picks_the_request(hamlet: Run, everyone: list[Citizen]) -> None:
    """The last without a date; that of the day; the first refusal by the scheme after it; the last before it."""
    citizen = everyone[pick(hamlet)]
    words = citizen.words[0]
    refused = next(one for one in asked_at(citizen.life(0)) if one.by_scheme)
    door = words.names.doors[refused.door]
    here = [one for one in asked_at(citizen.life(0)) if one.door == refused.door]
    assert citizen.why(door).date == words.date(here[-1].day)
    assert citizen.why(door, words.date(refused.day)).answer == refused.answer
    assert citizen.why(door, words.date(refused.day).isoformat()).answer == refused.answer
    early = citizen.why(door, hamlet.program.clock.start)
    assert early.date == words.date(refused.day)
    assert "Nothing was asked here on 2016-01-01" in early.verdict
    late = citizen.why(door, date(2017, 12, 31))
    assert "the last request before it" in late.verdict


def test_why_finds_a_refusal_where_no_door_is_named(everyone: list[Citizen]) -> None:
    """Without a door: the scheme's last refusal, or its first from a day on; a request where it refused nothing."""
    refused, spared, idle = 0, 0, 0
    for citizen in everyone:
        words, asks = citizen.words[0], asked_at(citizen.life(0))
        shut = [one for one in asks if one.by_scheme]
        if not asks:
            idle += 1
            with pytest.raises(BadValue, match="at no door"):
                citizen.why()
            continue
        found = citizen.why()
        last = (shut or asks)[-1]
        assert (found.door, found.date) == (words.names.doors[last.door], words.date(last.day))
        if shut:
            refused += 1
            first = citizen.why(date=words.date(shut[0].day))
            assert (first.door, first.date) == (words.names.doors[shut[0].door], words.date(shut[0].day))
        else:
            spared += 1
    assert min(refused, spared, idle) > 0


def test_why_refuses_what_is_not_there(hamlet: Run) -> None:
    """Unknown doors and dates are errors with hints; a door that was never asked for is not."""
    citizen = hamlet.citizen(first_adult(hamlet))
    with pytest.raises(UnknownName, match='did you mean "credit"'):
        citizen.why("credti")
    with pytest.raises(BadValue, match="outside the run"):
        citizen.why("credit", date(2031, 1, 1))
    with pytest.raises(BadValue, match="not a date"):
        citizen.why("credit", "31.3.2016")


def test_never_asked_and_minors(everyone: list[Citizen]) -> None:
    """Who never asked is told so, with what they asked for; a minor has no file and no story but who it is."""
    doors = set(everyone[0].words[0].names.doors)
    minor = next(citizen for citizen in everyone if citizen.is_minor)
    assert "minors have no file" in str(minor.why("bus"))
    assert "A minor until the end of the run" in str(minor.story())
    assert minor.story().lines == []
    for citizen in everyone:
        asked = {citizen.words[0].names.doors[one.door] for one in asked_at(citizen.life(0))}
        if not citizen.is_minor and asked and asked != doors:
            found = citizen.why(min(doors - asked))
            assert found.answer == "never asked"
            assert set(found.to_dict()["asked"]) == asked
            return
    pytest.fail("everybody asked at every door")


def test_life_to_tell(hamlet: Run) -> None:
    """The report's life is the same every time, refused by the scheme, and in the form that the page takes."""
    told = life_to_tell(hamlet)
    assert told == life_to_tell(hamlet)
    counts = hamlet.citizen(told["id"]).life(0).counts
    assert sum(n for (measure, _), n in counts.items() if measure in BY_SCHEME) > 0
    assert sum(n for (measure, _), n in counts.items() if measure == m.M_WRONGLY) > 0
    assert told["lines"]
    for line in told["lines"]:
        assert line.keys() == {"date", "text", "side"}
        assert line["side"] in ("scheme", "pair", "both")


def test_the_report_tells_it(hamlet: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A report without the built page holds the picked life; one that can no longer be replayed is written without."""
    monkeypatch.setattr(one_page, "built", lambda: None)
    file = glasstown.write_report(hamlet, tmp_path / "report.html")
    assert f"One life: citizen {pick(hamlet)}" in file.read_text(encoding="utf-8")
    old = Run(hamlet.folder)
    old.manifest["tables_hash"] = "another"  # type: ignore[index]
    assert "One life" not in glasstown.write_report(old, file).read_text(encoding="utf-8")


def test_the_page_holds_the_run(hamlet: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the page is built, the report is the page with the run's document in it, which cannot break out of it."""
    monkeypatch.setattr(one_page, "built", lambda: f"<p>before</p>{one_page.HOLE}<p>after</p>")
    hamlet.manifest["about"] = "</script><script>alert(1)</script>"  # type: ignore[index]
    text = glasstown.write_report(hamlet, tmp_path / "page.html").read_text(encoding="utf-8")
    before, inside = text.split('<script type="application/json" id="document">')
    assert inside.count("</script>") == 1
    told = json.loads(inside.split("</script>")[0])
    assert told["about"] == "</script><script>alert(1)</script>"
    assert told["lives"][0]["lines"]
    assert told["months"].keys() == {"scheme", "pair"}
    assert "null" not in before


def test_two_schemes_with_decay_and_consent(tmp_path: Path) -> None:
    """A story of two schemes tells both files; decay and consent are said."""
    run = noisy_run(tmp_path, citizens=128, years=1)
    stories = [run.citizen(who).story() for who in range(0, 128, 3)]
    assert any("Did not consent" in str(story) for story in stories)
    lines = [line for story in stories for line in story.lines]
    assert any(line.what == "decay" for line in lines)
    assert {line.side for line in lines if line.what == "posting"} >= {"scheme", "pair"}
