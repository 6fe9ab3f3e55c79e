"""Reforms: what a patch changes, that it changes nothing else, and where its faults point."""

from __future__ import annotations

import json

import pytest
from scheme_kit import NAMES, small

from glasstown.errors import FileFaults
from glasstown.files import load_text
from glasstown.scheme.cases import CasesModel
from glasstown.scheme.checks import check_scheme
from glasstown.scheme.patch import PatchModel, apply_patch
from glasstown.scheme.schema import json_schema, schema_text
from glasstown.scheme.types import SchemeModel

MODEL = small().value
HEAD = "patch: reform\ntitle: A reform\nof: small-town\nreferences: {bill: {cite: The bill}}\nchange:\n"


def patched(*changes: str) -> SchemeModel:
    """Return the small scheme after some changes."""
    text = HEAD + "".join(f"  - {change}\n" for change in changes)
    return apply_patch(MODEL, load_text(text, PatchModel, file="reform.yaml"))


def test_a_rule_is_set_and_becomes_assumed() -> None:
    """A new value does not stand on the old document; everything else stays as it was."""
    model = patched("{rule: default, set: {points: -20}}")
    rule = model.rules["default"]
    assert (rule.points, rule.status, rule.source, rule.article) == (-20, "assumed", "", "")
    assert rule.note == "Set by the patch reform."
    assert (rule.sources, rule.term_months) == (("bank", "court"), 24)
    assert {**model.rules, "default": 0} == {**MODEL.rules, "default": 0}
    assert (model.scheme, model.bands, model.doors) == ("small-town-reform", MODEL.bands, MODEL.doors)
    assert list(check_scheme(model, NAMES)) == []


def test_a_rule_can_stand_on_the_reforms_own_document() -> None:
    """A change that says what it stands on keeps that."""
    rule = patched("{rule: default, set: {points: -20, status: in force, source: bill}}").rules["default"]
    assert (rule.status, rule.source, rule.article) == ("in force", "bill", "")


def test_things_are_dropped_added_and_set() -> None:
    """Rules, doors, lists and domains go; new ones come; the start moves."""
    model = patched(
        "{drop: {domain: social}}",
        "{drop: {cap: good-deeds}}",
        "{drop: {door: school}}",
        "{add: {rules: {fine: {record: fraud, title: Fine, domain: legal, points: -1, status: assumed}}}}",
        "{set: {start: {points: 900}, ceiling: 1500, domains: {political: {weight: 50}}}}",
        "{door: loan, set: {refuse: {score_below: 600}}}",
        "{band: B, set: {from: 850}}",
        "{list: debtors, set: {title: Those who owe}}",
        "{set: {consent: {share: 0.5, status: assumed}}}",
    )
    assert set(model.rules) == set(MODEL.rules) - {"volunteer"} | {"fine"}
    assert (model.weight("social"), model.weight("political"), model.weight("legal")) == (0, 50, 100)
    assert (model.start.points, model.start.status, model.ceiling) == (900, "assumed", 1500)
    assert (model.bands["B"].from_, set(model.doors)) == (850, {"loan", "flight"})
    assert model.consent is not None
    assert list(check_scheme(model, NAMES)) == []
    again = load_text("patch: two\ntitle: x\nof: small-town\nchange: [{rule: fine, set: {points: -2}}]\n", PatchModel)
    assert apply_patch(model, again).scheme == "small-town-reform-two"


@pytest.mark.parametrize(
    ("change", "said", "at"),
    [
        ("{rule: defualt, set: {points: 1}}", 'no rule named "defualt"', "defualt"),
        ("{rule: default, set: {ponits: 1}}", 'no "ponits"', "1}}"),
        ("{rule: default, set: {points: x}}", "whole number", "x}"),
        ("{rule: default, set: {points: '20'}}", "number belongs here", "'20'"),
        ("{rule: default, set: {points: 9999}}", "cannot be meant", "9999"),
        ("{rule: default, set: {valid: {from: 2017-01-01, until: 2016-01-01}}}", "cross", "2016-01-01}"),
        ("{rule: default, set: {when: 'amount'}}", "true or false", "'amount'"),
        ("{rule: default, set: {status: in force}}", "without a source", "set: {status"),
        ("{drop: {rule: defualt}}", 'no rule named "defualt"', "defualt"),
        ("{drop: {rule: default, door: loan}}", "one thing", "drop: {rule: default, door"),
        ("{drop: {list: debtors}}", "no list named", "drop: {list"),
        ("{drop: {domain: sport}}", "not one of", "sport"),
        ("{add: {rules: {default: {points: 1}}}}", "already", "default: {points"),
        ("{add: {rules: {x: {record: fraud, domain: legal, points: -1, status: assumed}}}}", "missing", "x: {record"),
        ("{add: {ruels: {}}}", "nothing can be added", "ruels"),
        ("{set: {rules: {}}}", "cannot be set", "rules: {}"),
        ("{set: {flor: 3}}", "cannot be set", "3}"),
        ("{set: {ceiling: 900}}", "outside 0 to 900", ""),
        ("{band: B, set: {from: 960}}", "overlaps", "960"),
        ("{rule: default}", "exactly one of", "{rule"),
        ("{rule: default, drop: {rule: debtor}}", "and sets it", "default, drop"),
        ("{rule: default, set: {points: 1}, add: {rules: {}}}", "exactly one of", "{rule"),
    ],
)  # fmt: skip
def test_faults_point_into_the_patch(change: str, said: str, at: str) -> None:
    """What is wrong with a patch, or with what comes of it, is shown in the patch."""
    with pytest.raises(FileFaults) as caught:
        patched("{set: {floor: 0}}", change)
    found = [fault for fault in caught.value.faults if said in fault.message]
    assert found, str(caught.value)
    assert found[0].file == "reform.yaml"
    if at:
        assert found[0].line == 7
        text = caught.value.lines[found[0].line - 1][found[0].column - 1 :]
        assert text.startswith(at), (text, found[0])


def test_a_patch_is_for_its_own_scheme() -> None:
    """A patch of another scheme is refused."""
    text = (HEAD + "  - {set: {floor: 1}}\n").replace("of: small-town", "of: smal-town")
    with pytest.raises(FileFaults, match='did you mean "small-town"'):
        apply_patch(MODEL, load_text(text, PatchModel))
    with pytest.raises(FileFaults, match="the patch is for"):
        apply_patch(MODEL, load_text(text, PatchModel).value)


@pytest.mark.parametrize("model", [SchemeModel, PatchModel, CasesModel], ids=lambda m: m.__name__)
def test_json_schemas_name_the_keys_of_the_files(model: type) -> None:
    """The schema of a file says its keys as they are written, and allows no others."""
    schema = json_schema(model)
    assert schema["$id"].startswith("glasstown:")
    assert schema["additionalProperties"] is False
    assert "from_" not in schema_text(model)
    assert "list_" not in schema_text(model)
    assert json.loads(schema_text(model)) == schema
