"""The library: every file loads, every value says where it comes from, and the parts fit together."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from glasstown.cited import FileModel
from glasstown.columns import Names, Traits
from glasstown.conduct.checks import check_conduct
from glasstown.conduct.types import ConductModel
from glasstown.doors.checks import check_doors
from glasstown.doors.types import DoorsModel
from glasstown.files import load
from glasstown.quantities import ceiling, cited_values, missing_references
from glasstown.records.checks import check_sources
from glasstown.records.types import SourcesModel
from glasstown.scheme.types import SchemeModel
from glasstown.society.build import build_society
from glasstown.society.types import SocietyModel
from house import PACKAGE

LIBRARY = PACKAGE / "library"
MODELS: dict[str, type[FileModel]] = {
    "conducts/*.yaml": ConductModel,
    "sources/*.yaml": SourcesModel,
    "doors/*.yaml": DoorsModel,
    "schemes/*/scheme.yaml": SchemeModel,
}
FILES = [(path, model) for pattern, model in MODELS.items() for path in sorted(LIBRARY.glob(pattern))]
EVERY = pytest.mark.parametrize(("path", "model"), FILES, ids=[str(path.relative_to(LIBRARY)) for path, _ in FILES])
DOMAINS = ("political", "commercial", "social", "legal")
DOORS = [
    "loan",
    "school",
    "flight",
    "fast-train",
    "travel-abroad",
    "hotel",
    "restaurant",
    "date",
    "public-job",
    "utility-deposit",
    "property",
    "car",
    "insurance",
    "office",
]
NAMED = [
    "loan-default",
    "criticise-party-online",
    "red-light",
    "neglect-parents",
    "fraud",
    "food-poisoning",
    "phony-medicine",
    "bribe-taking",
]


@pytest.fixture(scope="module")
def conduct() -> ConductModel:
    """The conduct of the county."""
    return load(LIBRARY / "conducts" / "china-county.yaml", ConductModel).value


@pytest.fixture(scope="module")
def sources() -> SourcesModel:
    """The sources of the county."""
    return load(LIBRARY / "sources" / "china-county.yaml", SourcesModel).value


@pytest.fixture(scope="module")
def doors() -> DoorsModel:
    """The doors of the county."""
    return load(LIBRARY / "doors" / "china-county.yaml", DoorsModel).value


@pytest.fixture(scope="module")
def grown() -> tuple[Traits, npt.NDArray[np.unsignedinteger]]:
    """Traits, and the adults of a small county."""
    model = load(LIBRARY / "societies" / "china-county.yaml", SocietyModel).value
    society = build_society(model, 20_000, 1)
    return society.traits, society.words[society.traits.column(society.words, "age") >= 18]


@EVERY
def test_it_loads(path: Path, model: type[FileModel]) -> None:
    """Each file loads, under the name that it goes by."""
    loaded = load(path, model)
    name = next(iter(loaded.value.model_dump().values()))
    assert name == (path.parent.name if path.name == "scheme.yaml" else path.stem)


@EVERY
def test_every_value_says_where_it_comes_from(path: Path, model: type[FileModel]) -> None:
    """A value in force or reported names a reference that is there; an assumed one is marked, and nothing hides."""
    value = load(path, model).value
    found = list(cited_values(value))
    assert found or path.parent.name == "none"
    references = value.references  # type: ignore[attr-defined]
    assert list(missing_references(value, references)) == []
    for place, cited in found:
        assert cited.status == "assumed" or cited.source in references, place
        if cited.status == "assumed" and isinstance(value, SchemeModel):
            assert cited.note, f"{place}: why is it assumed so?"


@EVERY
def test_references_can_be_found(path: Path, model: type[FileModel]) -> None:
    """A reference says enough of a publication to find it."""
    for key, reference in load(path, model).value.references.items():  # type: ignore[attr-defined]
        assert len(reference.cite) > 20, key


def test_the_parts_fit(
    conduct: ConductModel,
    sources: SourcesModel,
    doors: DoorsModel,
    grown: tuple[Traits, npt.NDArray[np.unsignedinteger]],
) -> None:
    """Conduct, sources and doors name the society's traits and each other's kinds."""
    names = Names((), (), (), grown[0])
    assert list(check_conduct(conduct, names)) == []
    assert list(check_doors(doors, names)) == []
    assert list(check_sources(sources, conduct.acts, names)) == []


def test_there_is_enough_of_everything(conduct: ConductModel, sources: SourcesModel, doors: DoorsModel) -> None:
    """At least 28 kinds of act over the four domains, the five classic sources and more, and every door."""
    assert len(conduct.acts) >= 28
    assert {act.domain for act in conduct.acts.values()} == set(DOMAINS)
    assert set(NAMED) <= set(conduct.acts)
    assert {"court", "police", "bank", "tax-office", "employer"} <= set(sources.keepers)
    assert sorted(name for name, door in doors.requests.items() if not door.privilege) == sorted(DOORS)
    assert doors.requests["school"].asks_for == "child"
    assert doors.requests["school"].scarce is not None


def test_who_watches_online_sees_only_who_is_there(sources: SourcesModel, conduct: ConductModel) -> None:
    """Platforms, marketplaces and telephones see nothing of people who are not online, and err as others do."""
    for name in ("platform", "marketplace", "phone"):
        keeper = sources.keepers[name]
        for kind, recorded in keeper.records.items():
            blind = recorded.coverage.by.get("online", {}).get("no") == 0
            assert blind or conduct.acts[kind].rate.by.get("online", {}).get("no") == 0, f"{name}/{kind}"
        assert keeper.false_records
        assert keeper.wrong_subject.value > 0
        assert keeper.stale.share.value > 0


def test_every_act_is_written_down_by_somebody(conduct: ConductModel, sources: SourcesModel) -> None:
    """No kind is invisible to all sources."""
    written = {kind for keeper in sources.keepers.values() for kind in keeper.records}
    assert set(conduct.acts) == written


@pytest.mark.parametrize("kind", ["fraud", "food-poisoning", "phony-medicine", "bribe-taking", "neglect-parents"])
def test_named_harms_have_victims(conduct: ConductModel, kind: str) -> None:
    """What a scheme says that it fights hurts somebody, so that harm done and harm prevented can be counted."""
    harm = conduct.acts[kind].harm
    assert harm is not None
    assert harm.yuan > 0
    assert harm.victim != "none"


def test_wrongs_harm_and_lawful_speech_is_known(conduct: ConductModel) -> None:
    """Harm has a victim; criticism, petitions and belief are lawful speech and can fall silent."""
    for kind in ("criticise-party-online", "petitioning", "unlicensed-religion"):
        act = conduct.acts[kind]
        assert (act.lawful, act.speech, act.harm, act.responds) == (True, True, None, ["silence"])
    for kind, act in conduct.acts.items():
        if act.harm is not None:
            assert act.harm.victim != "none", kind


def test_no_ceiling_is_loose(conduct: ConductModel, grown: tuple[Traits, npt.NDArray[np.unsignedinteger]]) -> None:
    """Candidates are drawn at the largest product of multipliers; it stays near the mean of the adults.

    A rare kind may be loose (it costs little); on the whole at most four candidates are drawn for an act.
    """
    traits, adults = grown
    drawn = done = 0.0
    for kind, act in conduct.acts.items():
        mean = _mean(act.rate.by, traits, adults)
        top = ceiling(act.rate.by, traits)
        drawn += act.rate.per_year * top
        done += act.rate.per_year * mean
        assert top / mean < 12 or act.rate.per_year * top < 2.5, f"{kind}: {top / mean:.1f} times the mean"
    assert drawn / done < 5


def test_the_total_is_plausible(conduct: ConductModel, grown: tuple[Traits, npt.NDArray[np.unsignedinteger]]) -> None:
    """Two to four wrongs and as many good deeds for each adult and year; red lights and litter lead."""
    traits, adults = grown
    mean = {kind: act.rate.per_year * _mean(act.rate.by, traits, adults) for kind, act in conduct.acts.items()}
    acts = conduct.acts
    assert 2 < sum(mean[kind] for kind, act in acts.items() if not act.good and not act.speech) < 4
    assert 2 < sum(mean[kind] for kind, act in acts.items() if act.good) < 4
    assert max((kind for kind in mean if not acts[kind].good), key=mean.__getitem__) == "red-light"
    assert mean["red-light"] == pytest.approx(1, abs=0.2)


def _mean(by: dict[str, dict[str, float]], traits: Traits, adults: npt.NDArray[np.unsignedinteger]) -> float:
    out = np.ones(len(adults))
    for trait, factors in by.items():
        out *= np.array(traits[trait].table(factors))[traits.column(adults, trait)]
    return float(out.mean())
