"""The page's words: two catalogues that agree, and no word outside them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[3] / "page" / "src"
NAMES = {"Glasstown", "CSV", "PNG", "SVG"}
"""What is the same in every language."""
SPOKEN = re.compile(r"\s(?:aria-label|title|placeholder|alt|label)=\"([^\"]*)\"")
ASKED = re.compile(r"\bt\(\s*[\"`]([^\"`]+)[\"`]")

if not PAGE.is_dir():
    pytest.skip("the page's sources are not in this copy", allow_module_level=True)

COMPONENTS = sorted(PAGE.rglob("*.svelte"))
SOURCES = sorted([*COMPONENTS, *PAGE.rglob("*.ts")])


def catalogue(language: str) -> dict[str, str]:
    text = (PAGE / "words" / f"{language}.json").read_text(encoding="utf-8")
    words: dict[str, str] = json.loads(text)
    return words


def without_code(text: str) -> str:
    """Return a component's markup without its script, style, comments and expressions."""
    text = re.sub(r"<script.*?</script>|<style.*?</style>|<!--.*?-->", "", text, flags=re.DOTALL)
    out, depth = [], 0
    for letter in text:
        depth += (letter == "{") - (letter == "}")
        if depth == 0 and letter != "}":
            out.append(letter)
    return "".join(out)


def test_both_catalogues_have_the_same_keys() -> None:
    """Whatever can be said in English can be said in Chinese, in the same order."""
    assert list(catalogue("en")) == list(catalogue("zh"))


def test_both_languages_fill_in_the_same_values() -> None:
    """A translation loses no number and invents none."""
    en, zh = catalogue("en"), catalogue("zh")
    holes = {key: [set(re.findall(r"\{(\w+)\}", words[key])) for words in (en, zh)] for key in en}
    assert {key: both for key, both in holes.items() if both[0] != both[1]} == {}


def test_nothing_is_left_untranslated() -> None:
    """No text is empty, and Chinese is Chinese but for what is the same everywhere."""
    assert [key for key, text in catalogue("en").items() if not text.strip()] == []
    said = {key: re.sub(r"\{\w+\}|\W", "", text) for key, text in catalogue("zh").items()}
    plain = [key for key, text in said.items() if text and not re.search(r"[\u4e00-\u9fff]", text)]
    assert plain == ["tools.json"]


def test_every_word_that_is_asked_for_exists() -> None:
    """A key in the code stands in the catalogue; one put together has a beginning that does."""
    words = catalogue("en")
    missing = []
    for source in SOURCES:
        for key in ASKED.findall(source.read_text(encoding="utf-8")):
            begin, hole, _ = key.partition("${")
            if not (any(word.startswith(begin) for word in words) if hole else key in words):
                missing.append(f"{source.name}: {key}")
    assert missing == []


def test_no_word_is_kept_that_nobody_asks_for() -> None:
    """Each key is asked for somewhere, whole or by its beginning."""
    code = "\n".join(source.read_text(encoding="utf-8") for source in SOURCES)
    begins = {key.partition("${")[0] for key in ASKED.findall(code) if "${" in key}
    unused = [key for key in catalogue("en") if f'"{key}"' not in code and not any(map(key.startswith, begins))]
    assert unused == []


@pytest.mark.parametrize("component", COMPONENTS, ids=lambda path: path.stem)
def test_no_component_speaks_for_itself(component: Path) -> None:
    """Every text that a component shows or that is read aloud comes from a catalogue."""
    markup = without_code(component.read_text(encoding="utf-8"))
    texts = [*SPOKEN.findall(markup), *re.sub(r"<[^>]*>", "\n", markup).split("\n")]
    words = {word for text in texts for word in re.findall(r"[A-Za-z\u4e00-\u9fff]{2,}", text)}
    assert words - NAMES == set()
