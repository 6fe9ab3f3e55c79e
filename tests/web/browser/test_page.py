"""The page in a browser: every view, by mouse and by keyboard, and nothing that leaves the machine."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import pytest

pytest.importorskip("pytest_playwright", reason="needs pytest-playwright: pip install -e '.[test]'")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe-playwright-python")

from browser_kit import Watched, tab_to  # noqa: E402
from playwright.sync_api import Page, expect  # noqa: E402

pytestmark = pytest.mark.browser

RUN = "run=small"
SOCIETY = "scenario=rongcheng&citizens=1200&years=1&seed=1"
LONG = 60_000
FEW = 4
LEAST = 20
"""Bytes of the smallest file: a table of a head alone."""
VIEWS = {
    "choose": "What happens to a town that is scored?",
    "watch": "The town, scored",
    "life": "The file, line by line",
    "rule": "What follows",
    "compare": "Every line",
    "persecute": "The doors, month by month",
    "official": "Who moved",
    "weights": "The numbers",
    "published": "Line by line",
    "lesson": "1. What is a score made of?",
}
NUMBER = re.compile(r"\d[\d,.]*")
MOVED = quote('[{"rule":"red-light","set":{"points":-40}}]')
SHOWN = {
    "choose": SOCIETY,
    "watch": f"{RUN}&month=4",
    "life": f"{RUN}&citizen=7",
    "rule": f"{SOCIETY}&edits={MOVED}",
    "compare": RUN,
    "persecute": f"{RUN}&every=3",
    "official": f"{SOCIETY}&friends=-&budget=10",
    "weights": f"{SOCIETY}&draws=8",
    "published": "name=bayes-limits&people=1000&seeds=1",
    "lesson": f"{RUN}&step=3",
}
"""Something to be shown in each view, that a link has to bring back."""
TEXTS = "main :is(h1, h2, h3, td, output, .finding, .figures li)"
FINDING = re.compile(r"It closed .* doors a year|It closed no doors")


def see(page: Page, address: str, view: str, query: str = "") -> None:
    """Go to a view and wait until it shows what it is for."""
    page.goto("about:blank")
    page.goto(f"{address}#/{view}?{query}")
    expect(page.get_by_role("heading", name=VIEWS[view])).to_be_visible(timeout=LONG)
    expect(page.locator("progress")).to_have_count(0, timeout=LONG)


def faults(page: Page) -> list[str]:
    """Return what axe finds."""
    found: list[dict[str, Any]] = axe.Axe().run(page).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found]


def wide(page: Page) -> int:
    """Return by how much the page is wider than its window."""
    over: int = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return over


def test_a_run_as_one_page_needs_no_server(page: Page, watched: Watched, one_page: str) -> None:
    """The one-file page shows its views from what it carries, asks for nothing, and axe finds nothing."""
    page.goto(one_page)
    expect(page.get_by_text(FINDING)).to_be_visible(timeout=LONG)
    for view in ("watch", "life", "compare"):
        see(page, one_page, view)
        assert faults(page) == [], view
    expect(page.get_by_text(FINDING)).to_be_visible()
    cards = [NUMBER.findall(card.inner_text()) for card in page.locator(".found li").all()]
    spans = [[one.partition(".")[2] for one in (card[0], *card[2:])] for card in cards if len(card) > 1]
    assert len(spans) == 2
    assert all(len({len(decimals) for decimals in span}) == 1 for span in spans), cards
    trust = page.get_by_role("figure", name="How far people trust others")
    before = [line.get_attribute("d") for line in trust.locator("svg path").all()]
    trust.get_by_role("slider").fill("60")
    expect(trust.get_by_text("60 %")).to_be_visible()
    after = [line.get_attribute("d") for line in trust.locator("svg path").all()]
    assert len(before) == len(after) == 2
    assert before != after
    assert page.get_by_role("link", name=re.compile("^(A rule|Published)$")).count() == 0
    assert watched.complaints == []
    assert watched.outside(one_page, "about:") == []


@pytest.mark.nightly
def test_from_choice_to_finding_by_keyboard_alone(page: Page, watched: Watched, address: str) -> None:
    """Somebody without a mouse chooses a scheme, guesses, and reads what came out; nothing leaves the server."""
    see(page, address, "choose")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.get_by_role("button", name=re.compile("Choose.*Rongcheng under its score, 2016")).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="First: what do you think?")).to_be_visible()
    page.goto(f"{page.url.split('#')[0]}#/choose?{SOCIETY}")
    page.get_by_role("slider").first.focus()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    page.get_by_role("button", name="Now show me").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text(FINDING)).to_be_visible(timeout=LONG)
    expect(page.get_by_text("You said 1.")).to_be_visible()
    page.get_by_role("slider", name="Month shown").focus()
    page.keyboard.press("Home")
    expect(page.locator("output", has_text="January 2016")).to_be_visible()
    assert faults(page) == []
    assert watched.complaints == []
    assert watched.outside(address, "about:") == []


def test_a_scenario_is_found_by_its_words(page: Page, address: str) -> None:
    """What is typed above the scenarios leaves those that hold it, in whatever order, and says how many."""
    see(page, address, "choose")
    cards = page.locator(".cards > li")
    expect(page.get_by_text(re.compile(r"^(\d+) of \1 scenarios$"))).to_be_visible(timeout=LONG)
    expect(cards.filter(has_text="A sample: set citizens higher")).to_have_count(1)
    page.get_by_role("searchbox", name="Find a scenario").fill("2010 suining")
    expect(page.get_by_text(re.compile(r"^1 of \d\d scenarios$"))).to_be_visible()
    expect(cards).to_have_count(1)
    expect(cards.get_by_role("heading")).to_contain_text("Suining")


def test_moving_a_rule_lives_the_town_again(page: Page, watched: Watched, address: str) -> None:
    """A slider moved by keyboard changes what follows, and the change is in the address."""
    see(page, address, "rule", SOCIETY)
    yours = page.get_by_role("row", name="Doors closed by the scheme").get_by_role("cell").nth(1)
    expect(yours).to_have_text("–", timeout=LONG)
    page.get_by_role("searchbox", name="Find a rule").fill("red light")
    page.get_by_role("slider").first.focus()
    page.keyboard.press("Home")
    expect(yours).not_to_have_text("–", timeout=LONG)
    expect(page).to_have_url(re.compile("edits=.*red-light"))
    assert watched.complaints == []


@pytest.mark.nightly
def test_a_lesson_is_gone_through_by_keyboard_alone(page: Page, address: str) -> None:
    """Each step is reached, answered and left by keyboard; the focus is seen, and goes to the next step's heading."""
    page.goto(f"{address}#/lesson?{RUN}&step=1")
    for step in range(1, 7):
        heading = page.get_by_role("heading", name=re.compile(rf"^{step}\. "))
        expect(heading).to_be_visible(timeout=LONG)
        if step > 1:
            expect(heading).to_be_focused()
        tab_to(page, "Look:")
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
        expect(page.get_by_role("status").filter(has=page.locator(".answer"))).to_be_visible()
        tab_to(page, "Next" if step < 6 else "Back")
        page.keyboard.press("Enter")


@pytest.mark.nightly
def test_from_the_town_to_a_saved_patch_by_keyboard_alone(page: Page, watched: Watched, address: str) -> None:
    """Watch, a life, what if, a rule and its patch: all by keyboard, and what came of it is said aloud."""
    see(page, address, "watch", RUN)
    tab_to(page, "A life")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=VIEWS["life"])).to_be_visible(timeout=LONG)
    expect(page.locator("main")).to_be_focused()
    tab_to(page, "What if this record had not been written?")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Without this record:")).not_to_be_empty(timeout=LONG)
    page.get_by_role("link", name="A rule").press("Enter")
    expect(page.get_by_role("heading", name=VIEWS["rule"])).to_be_visible(timeout=LONG)
    tab_to(page, "Illegally spreads religion")
    page.keyboard.press("Home")
    expect(page.get_by_role("status").filter(has_text="with your change")).not_to_be_empty(timeout=LONG)
    tab_to(page, "Save as a patch")
    with page.expect_download() as told:
        page.keyboard.press("Enter")
    assert told.value.suggested_filename.endswith(".yaml")
    assert watched.complaints == []


@pytest.mark.nightly
def test_one_citizen_is_persecuted_by_keyboard(page: Page, watched: Watched, address: str) -> None:
    """Somebody is chosen, the means are set by keyboard, and the address holds them; the JSON twin is the same life."""
    see(page, address, "persecute", RUN)
    expect(page.get_by_text(re.compile("made-up records"))).not_to_have_count(0)
    page.get_by_role("slider", name="Months from one record to the next").press("End")
    page.get_by_role("button", name="See what it takes").press("Enter")
    expect(page).to_have_url(re.compile("every=12"))
    expect(page.locator(".figures strong").nth(3)).to_have_text("1", timeout=LONG)
    twin = page.get_by_role("link", name="As JSON").get_attribute("href")
    assert page.request.get(address + str(twin)).json()["months"][-1]["written"] == 1
    assert watched.complaints == []
    assert watched.outside(address, "about:") == []


@pytest.mark.nightly
def test_the_chair_is_taken_with_a_budget(page: Page, watched: Watched, address: str) -> None:
    """The budget is set by keyboard, fills, and is never exceeded; the address holds the dials."""
    see(page, address, "official", SOCIETY)
    page.get_by_role("slider", name="Budget of edits a year").press("Home")
    page.get_by_role("slider", name="Budget of edits a year").press("ArrowRight")
    page.get_by_role("button", name="Take the chair").press("Enter")
    expect(page).to_have_url(re.compile("budget=10"))
    expect(page.get_by_role("img", name=re.compile("of a budget of 10"))).to_be_visible(timeout=LONG)
    assert faults(page) == []
    assert watched.complaints == []


@pytest.mark.nightly
def test_points_are_lived_and_the_address_brings_them_back(page: Page, watched: Watched, address: str) -> None:
    """Points and ranges are chosen by keyboard and stand in the address; what is cited says how many were lived."""
    see(page, address, "weights", SOCIETY)
    expect(page.get_by_text("that width is assumed")).to_be_visible()
    page.get_by_label("Points to live").select_option("8")
    page.get_by_role("button", name="Live the points").press("Enter")
    expect(page).to_have_url(re.compile("draws=8"))
    expect(page.get_by_text("over 8 points")).to_be_visible(timeout=LONG)
    page.reload()
    expect(page.get_by_text("over 8 points")).to_be_visible(timeout=LONG)
    page.get_by_role("button", name="Cite this").press("Enter")
    expect(page.get_by_text("at 8 points of the ranges of its unknown numbers")).to_be_visible()
    assert faults(page) == []
    assert watched.complaints == []
    assert watched.outside(address, "about:") == []


@pytest.mark.nightly
def test_a_replication_is_run_by_keyboard(page: Page, watched: Watched, address: str) -> None:
    """One is chosen and run by keyboard; its verdicts stand in a table, apart by what they are worth, and are heard."""
    see(page, address, "published")
    rows = page.get_by_role("region", name=VIEWS["published"]).get_by_role("row")
    fitted = rows.filter(has_text="points for one missed repayment")
    expect(fitted.filter(has_text="calibrated").filter(has_text="agrees")).to_have_count(1)
    expect(page.get_by_role("rowheader", name="agreement proves nothing")).to_be_visible()
    tab_to(page, "The published case of Suining")
    for _ in range(4):
        page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio", name="What a list is worth at a base rate")).to_be_checked()
    tab_to(page, "5,000")
    page.keyboard.press("Home")
    tab_to(page, "Run it")
    page.keyboard.press("Enter")
    expect(rows.filter(has_text="rightly listed").filter(has_text="agrees")).to_have_count(4, timeout=LONG)
    expect(page.get_by_role("status").filter(has_text="From a rule or a formula: 4 of 4 agree")).not_to_be_empty()
    expect(page).to_have_url(re.compile("name=bayes-limits&people=5000&seeds=1"))
    expect(page.get_by_role("img", name="Published and ours")).to_be_visible()
    assert faults(page) == []
    assert watched.complaints == []
    assert watched.outside(address, "about:") == []


@pytest.mark.nightly
@pytest.mark.parametrize("language", ["English", "中文"])
@pytest.mark.parametrize("width", [1280, 390])
def test_every_view_is_for_everybody(page: Page, watched: Watched, address: str, width: int, language: str) -> None:
    """Axe finds nothing on any view, at the width of a desk or a phone, in either language; nothing sticks out."""
    page.set_viewport_size({"width": width, "height": 900})
    for view in VIEWS:
        see(page, address, view, "" if view == "choose" else RUN)
        page.get_by_role("button", name=language, exact=True).click()
        page.wait_for_timeout(500)
        assert faults(page) == [], view
        assert wide(page) <= 0, view
        expect(page.locator("nav a[aria-current]")).to_be_in_viewport(ratio=0.99)
        page.get_by_role("button", name="English", exact=True).click()
    assert watched.complaints == []
    assert watched.outside(address, "about:") == []


@pytest.mark.nightly
@pytest.mark.parametrize("view", SHOWN)
def test_a_view_is_cited_read_as_json_and_brought_back_by_a_link(page: Page, address: str, view: str) -> None:
    """Each view says how to cite it and where its JSON is; its link shows somebody else the same, in its language."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{address}#/{view}?{SHOWN[view]}")
    cite = page.get_by_role("button", name="Cite this")
    expect(cite).to_be_visible(timeout=LONG)
    headings = page.get_by_role("heading")
    known = {"choose": "First: what do you think?", "lesson": "3. What does it silence?"}.get(view, VIEWS[view])
    expect(headings.filter(has_text=known)).to_be_visible(timeout=LONG)
    expect(page.locator("progress")).to_have_count(0, timeout=LONG)
    cite.press("Enter")
    expect(page.locator("blockquote")).to_contain_text("seed 1")
    twin = page.request.get(address + str(page.get_by_role("link", name="As JSON").get_attribute("href")))
    assert "cite" in twin.json()
    page.get_by_role("button", name="中文").click()
    page.wait_for_timeout(1000)
    page.get_by_role("button", name="复制链接").press("Enter")
    expect(page.get_by_text("链接已复制")).to_be_visible()
    told = page.locator(TEXTS).all_inner_texts()
    assert len(told) > 1
    browser = page.context.browser
    assert browser is not None
    other = browser.new_context(locale="en-GB", viewport={"width": 1280, "height": 900})
    seen = other.new_page()
    seen.goto(page.evaluate("navigator.clipboard.readText()"))
    expect(seen.locator(TEXTS)).to_have_text(told, use_inner_text=True, timeout=LONG)
    other.close()


@pytest.mark.nightly
def test_another_scheme_on_the_other_side_is_not_called_none(page: Page, address: str) -> None:
    """Where the other town is scored too, it is shown with its grades and called by its scheme."""
    see(page, address, "watch", "scenario=honours&citizens=1200&years=1&seed=1")
    twin = page.get_by_role("figure").nth(1)
    expect(twin.get_by_role("heading")).to_have_text(re.compile("void from 2018"))
    expect(twin.get_by_role("listitem")).not_to_have_count(0)
    expect(page.get_by_text("All of this is against")).to_be_visible(timeout=LONG)
    assert "unscored" not in page.locator("main").inner_text()
    assert "without it" not in page.locator("main").inner_text()


@pytest.mark.nightly
def test_a_reload_loses_nothing(page: Page, watched: Watched, address: str) -> None:
    """A reload in the middle of a live run finds the same run again, from its first month to its last."""
    page.goto(f"{address}#/watch?scenario=rongcheng&citizens=60000&years=4&seed=5")
    expect(page.get_by_role("heading", name="The town, scored")).to_be_visible(timeout=LONG)
    page.reload()
    expect(page.get_by_text(FINDING)).to_be_visible(timeout=2 * LONG)
    page.get_by_role("slider", name="Month shown").press("Home")
    expect(page.locator("output", has_text="January 2016")).to_be_visible()
    events = {url for url in watched.requests if url.endswith("/events")}
    assert len(events) == 1, "one computation, asked for twice"
    assert watched.complaints == []


@pytest.mark.nightly
def test_every_picture_is_a_table_and_a_file(page: Page, address: str, tmp_path: Path) -> None:
    """Each picture can be read as a table, and saved as CSV and as PNG or SVG with something in it."""
    for view in ("watch", "compare", "persecute", "official", "weights", "published"):
        see(page, address, view, RUN)
        for at in range(page.get_by_role("figure").count()):
            # Seen anew for each picture: Chromium lets a page save ten files, and then asks.
            see(page, address, view, RUN)
            figure = page.get_by_role("figure").nth(at)
            for name in ("CSV", "PNG", "SVG"):
                button = figure.get_by_role("button", name=re.compile(f"^{name}"))
                if button.count() or figure.locator("svg, canvas").count():
                    with page.expect_download() as told:
                        button.click()
                    path = tmp_path / told.value.suggested_filename
                    told.value.save_as(path)
                    assert path.stat().st_size > LEAST, path.name
            figure.get_by_role("button", name=re.compile("^As a table")).click()
            expect(figure.get_by_role("table").first).to_be_visible()


@pytest.mark.nightly
def test_a_life_answers_two_questions(page: Page, watched: Watched, address: str) -> None:
    """A life that is offered says why a door stayed shut, and what would have been without one record."""
    see(page, address, "life", RUN)
    page.get_by_role("button", name="What if this record had not been written?").first.click()
    expect(page.get_by_text("Without this record:", exact=True)).to_be_visible(timeout=LONG)
    why = page.get_by_role("button", name="Why was this refused?")
    if why.count():
        why.first.click()
        expect(page.get_by_text("The smallest change that would have opened it").first).to_be_visible(timeout=LONG)
    assert faults(page) == []
    assert watched.complaints == []


@pytest.mark.nightly
def test_the_editor_underlines_what_does_not_hold(page: Page, watched: Watched, address: str) -> None:
    """A fault in the text is underlined where the check finds it, and the text is not run; mended, it is."""
    see(page, address, "rule", SOCIETY)
    page.get_by_role("button", name="The file").click()
    editor = page.get_by_role("textbox", name="The file")
    expect(page.get_by_text("The file holds.")).to_be_visible(timeout=LONG)
    editor.click()
    page.keyboard.press("Control+Home")
    page.keyboard.type("shceme: x\n")
    expect(page.locator(".cm-lintRange-error").first).to_be_visible(timeout=LONG)
    expect(page.get_by_role("button", name="Run this text")).to_be_disabled()
    assert faults(page) == []
    editor.click()
    for keys in ("Control+Home", "Shift+ArrowDown", "Delete"):
        page.keyboard.press(keys)
    expect(page.get_by_text("The file holds.")).to_be_visible(timeout=LONG)
    page.get_by_role("button", name="Run this text").click()
    yours = page.get_by_role("row", name="Harmful acts").get_by_role("cell").nth(1)
    expect(yours).not_to_have_text("–", timeout=LONG)
    assert watched.complaints == []


ENGLISH = re.compile(r"(?<![\w-])[A-Za-z]{2,} [a-z]{2,}")
"""Two words of a sentence: names in files are one word or hold a hyphen."""
CITED = re.compile(r"\[[^\]]*\]|“[^”]*”")


def sentences(told: str) -> list[str]:
    """Return the lines of a text that hold a sentence in English; citations and names of files are none."""
    return [line for line in told.split("\n") if ENGLISH.search(CITED.sub("", line))]


@pytest.fixture
def chinese(page: Page) -> Page:
    """Return the page with its interface in Chinese."""
    page.add_init_script("localStorage.setItem('glasstown-language', 'zh')")
    return page


def test_a_title_of_ones_own_is_no_sentence_of_ours(chinese: Page, one_page: str, tmp_path: Path) -> None:
    """A title that reads like a line of a life stays as it was written; what is put together from it is Chinese."""
    text = Path(unquote(urlsplit(one_page).path)).read_text(encoding="utf-8")
    whole = "Rongcheng, personal credit score before 2021 beside No scheme, 2016"
    assert whole in text
    own = tmp_path / "own.html"
    own.write_text(text.replace(whole, "Pays after 30 days beside No scheme, 2016 to 2018"), encoding="utf-8")
    chinese.goto(own.as_uri())
    heading = chinese.get_by_role("heading", level=1)
    expect(heading).to_have_text("Pays after 30 days，对照无制度，2016 至 2018", timeout=LONG)


@pytest.mark.nightly
def test_a_life_is_told_in_chinese(chinese: Page, watched: Watched, address: str) -> None:
    """No line of a life, and no answer at a door, is English in the Chinese interface."""
    chinese.goto(f"{address}#/life?{RUN}")
    parts = [chinese.get_by_role("region", name=name) for name in ("登记册上", "总计", "逐行档案")]
    expect(parts[-1]).to_be_visible(timeout=LONG)
    why = chinese.get_by_role("button", name="为何被拒？")
    if why.count():
        why.first.click()
        expect(chinese.get_by_text("能让门打开的最小改变").first).to_be_visible(timeout=LONG)
    assert parts[-1].get_by_role("listitem").count() > FEW
    assert [line for part in parts for line in sentences(part.inner_text())] == []
    assert watched.complaints == []


@pytest.mark.nightly
def test_the_dials_of_the_chair_are_chinese(chinese: Page, address: str) -> None:
    """Whom to spare, and which list to press, can be chosen without a word of English; nobody can be spared."""
    chinese.goto(f"{address}#/official?{SOCIETY}")
    friends = chinese.get_by_label("放过这些人").locator("option")
    expect(friends.filter(has_text="党员")).not_to_have_count(0, timeout=LONG)
    chinese.get_by_label("放过这些人").select_option("")
    chinese.get_by_role("button", name="坐上椅子").press("Enter")
    expect(chinese.locator(".figures strong").first).to_have_text("–", timeout=LONG)
    assert [name for name in chinese.locator("option").all_inner_texts() if ENGLISH.search(name)] == []


@pytest.mark.nightly
def test_what_a_replication_says_in_english_is_marked(chinese: Page, address: str) -> None:
    """Beside the Chinese interface the table's own sentences stay English, and say so to a screen reader."""
    chinese.goto(f"{address}#/published")
    expect(chinese.get_by_role("heading", name="逐行对照")).to_be_visible(timeout=LONG)
    assert chinese.locator("main [lang=en]").count() > FEW
    rest = "() => { const main = document.querySelector('main').cloneNode(true); "
    rest += "for (const one of main.querySelectorAll('[lang=en]')) one.remove(); return main.innerText; }"
    assert sentences(chinese.evaluate(rest)) == []
    chinese.goto(f"{address}#/published?name=reach&people=60000")
    refused = "每个种子下 60,000 名居民超过页面上的 50,000 名。请用命令行：glasstown replicate reach"
    expect(chinese.get_by_role("alert")).to_have_text(refused, timeout=LONG)


@pytest.mark.nightly
def test_faults_and_refusals_are_told_in_chinese(chinese: Page, address: str) -> None:
    """What does not hold in the editor, and a citizen who is not there, is said in Chinese."""
    chinese.goto(f"{address}#/life?{RUN}&citizen=999999")
    expect(chinese.get_by_role("alert")).to_have_text("没有居民 999999。居民的编号为 0 至 1,499", timeout=LONG)
    chinese.goto(f"{address}#/rule?{SOCIETY}")
    chinese.get_by_role("button", name="文件", exact=True).click()
    chinese.locator(".cm-content").click()
    chinese.keyboard.press("Control+Home")
    chinese.keyboard.type("shceme: x\n")
    fault = chinese.get_by_text("此处没有“shceme”。是否指“scheme”？")
    expect(fault).to_be_visible(timeout=LONG)
    chinese.locator(".cm-lintRange-error").first.hover()
    expect(chinese.locator(".cm-tooltip-lint")).to_contain_text("此处没有“shceme”", timeout=LONG)


@pytest.mark.nightly
def test_a_lesson_is_saved_as_one_page(page: Page, watched: Watched, address: str, tmp_path: Path) -> None:
    """The lesson saved from the page opens by itself, at the lesson, and goes through its steps."""
    see(page, address, "lesson", RUN)
    with page.expect_download(timeout=LONG) as told:
        page.get_by_role("button", name="Save as one page").click()
    saved = tmp_path / "lesson.html"
    told.value.save_as(saved)
    watched.requests.clear()
    page.goto(saved.as_uri())
    expect(page.get_by_role("heading", name=VIEWS["lesson"])).to_be_visible()
    for step in range(2, 7):
        page.get_by_role("button", name="Next").click()
        expect(page.get_by_role("heading", name=re.compile(rf"^{step}\. "))).to_be_visible()
        page.get_by_role("radio").first.check()
        expect(page.locator(".answer")).not_to_have_text(re.compile(r"[{}–]"))
    assert faults(page) == []
    assert watched.complaints == []
    assert watched.outside(saved.as_uri()) == []
