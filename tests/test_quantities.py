"""Numbers with a source, and what is gathered from a file of them."""

from __future__ import annotations

from glasstown.cited import FileModel, Reference
from glasstown.columns import Traits
from glasstown.quantities import CitedNumber, CitedShare, ceiling, cited_values, missing_references

TRAITS = Traits.pack(
    [
        ("age", "Age", "register", (), True),
        ("online", "Online", "register", ("no", "yes"), False),
        ("dissent", "Dissent", "truth", ("none", "some", "open"), False),
    ]
)


class Part(FileModel):
    """A part with cited values at several depths."""

    one: CitedNumber
    many: dict[str, CitedShare]


def part() -> Part:
    """Return a part with one value that is reported and one that is assumed."""
    return Part.model_validate(
        {
            "one": {"value": 3, "status": "reported", "source": "book"},
            "many": {"x": {"value": 0.5, "status": "assumed"}},
        }
    )


def test_the_ceiling_is_the_largest_product() -> None:
    """A level that is not named has multiplier 1, and counts where it is the largest."""
    assert ceiling({}, TRAITS) == 1
    assert ceiling({"online": {"no": 0}}, TRAITS) == 1
    assert ceiling({"online": {"yes": 3}, "dissent": {"open": 2}}, TRAITS) == 6
    assert ceiling({"online": {"no": 0.2, "yes": 0.5}}, TRAITS) == 0.5


def test_cited_values_are_found_with_their_places() -> None:
    """Each cited value of a file is found once, where the file has it."""
    assert [(place, cited.status) for place, cited in cited_values(part())] == [
        (("one",), "reported"),
        (("many", "x"), "assumed"),
    ]


def test_missing_references_are_found() -> None:
    """A source is one of the references; an assumed value needs none."""
    assert list(missing_references(part(), {"book": Reference(cite="A book")})) == []
    ((place, message, hint),) = missing_references(part(), {"boook": Reference(cite="A book")})
    assert place == ("one", "source")
    assert "book" in message
    assert "boook" in hint
