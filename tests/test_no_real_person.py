"""The line: Glasstown scores only people that it invented. There is no way in for anybody else.

Two things are walked: every type of file that Glasstown reads, and every argument of its command line.
"""

from __future__ import annotations

import importlib
import re
import typing
from collections.abc import Iterator

import pytest

from glasstown.cited import FileModel
from house import ROOT, modules

# Words that would hold a person, wherever they stand in a key, a trait or an argument ...
A_PERSON = {
    *(
        "surname",
        "forename",
        "firstname",
        "lastname",
        "fullname",
        "alias",
        "nickname",
        "nick",
        "name",
        "names",
    ),
    *("identity", "passport", "ssn", "hukou", "idcard", "nationalid", "idnumber", "cardnumber"),
    *(
        "face",
        "faces",
        "photo",
        "picture",
        "portrait",
        "image",
        "images",
        "fingerprint",
        "biometric",
        "voice",
    ),
    *("handle", "handles", "username", "email", "telephone", "phonenumber", "wechat", "weibo"),
    *("address", "birthday", "birthdate", "dateofbirth", "dob"),
    *("import", "importer", "ingest", "dataset", "csv", "excel", "dataframe"),
}
# ... and words that would where they stand alone.
ALONE = {"person", "persons", "people", "user", "users", "account", "mail", "phone", "id", "ids"}


def _holds_a_person(text: str) -> bool:
    words = set(re.split(r"[^a-z0-9]+", text.lower())) - {""}
    joined = re.sub(r"[^a-z0-9]", "", text.lower())
    return bool(words & A_PERSON) or joined in A_PERSON | ALONE


@pytest.mark.parametrize("key", ["full_name", "id-number", "Face", "identity", "e_mail_address", "people"])
def test_the_words_catch(key: str) -> None:
    """Keys that would hold a person are caught, however they are written."""
    assert _holds_a_person(key)


def _models() -> list[type[FileModel]]:
    for name in modules():
        if "kernel" not in name and "compiled" not in name and not name.endswith("__main__"):
            importlib.import_module(name)

    def below(model: type[FileModel]) -> Iterator[type[FileModel]]:
        for child in model.__subclasses__():
            yield child
            yield from below(child)

    return sorted(set(below(FileModel)), key=lambda model: f"{model.__module__}.{model.__qualname__}")


def test_no_file_has_a_place_for_a_person() -> None:
    """No key of any file is a name, a number, a face or a handle, and unknown keys are refused."""
    for model in _models():
        assert model.model_config.get("extra") == "forbid", model
        for field, info in model.model_fields.items():
            for key in {field, info.alias or field, str(info.validation_alias or field)}:
                assert not _holds_a_person(key), f"{model.__qualname__}.{key}"


def test_no_file_takes_just_anything() -> None:
    """No key takes free data (``Any``, ``object``, bytes) into which a list of people could be poured."""

    def parts(annotation: object) -> Iterator[object]:
        yield annotation
        for part in typing.get_args(annotation):
            yield from parts(part)

    for model in _models():
        for field, info in model.model_fields.items():
            anything = [part for part in parts(info.annotation) if part in (typing.Any, object, bytes)]
            assert not anything, f"{model.__qualname__}.{field}"


def test_no_library_file_describes_a_person() -> None:
    """No trait of a society that comes with Glasstown, and no worked case, has anything to hold a person."""
    import yaml

    def keys_under(value: object, inside: bool = False) -> Iterator[str]:
        if isinstance(value, dict):
            for key, inner in value.items():
                if inside:
                    yield str(key)
                yield from keys_under(inner, key in ("traits", "subject"))
        elif isinstance(value, list):
            for inner in value:
                yield from keys_under(inner)

    for path in sorted((ROOT / "src" / "glasstown" / "library").rglob("*.yaml")):
        found = {
            key for key in keys_under(yaml.load(path.read_text("utf-8"), yaml.CSafeLoader)) if _holds_a_person(key)
        }
        assert not found, f"{path.relative_to(ROOT)}: {found}"


def _every_argument() -> Iterator[tuple[str, str, object]]:
    """Yield each argument and option of each command as (command, argument, type)."""
    from glasstown.show.cli import app

    todo = [("glasstown", app)]
    while todo:
        path, here = todo.pop()
        todo.extend((f"{path} {group.name}", group.typer_instance) for group in here.registered_groups)
        commands = [*here.registered_commands, *filter(None, [here.registered_callback])]
        for function in (command.callback for command in commands):
            if function is None:
                continue
            plain = typing.get_type_hints(function)
            for argument, annotation in typing.get_type_hints(function, include_extras=True).items():
                declared = [info for info in typing.get_args(annotation) if hasattr(info, "param_decls")]
                options = [option for info in declared for option in info.param_decls or ()]
                for word in {argument, *(option.lstrip("-") for option in options)} - {"return"}:
                    yield f"{path} {function.__name__}", word, plain[argument]


def test_no_command_takes_a_person_in() -> None:
    """No command and no option reads people; a citizen is a number that a run gave out."""
    seen = 0
    for command, argument, kind in _every_argument():
        seen += 1
        assert not _holds_a_person(command), command
        assert not _holds_a_person(argument), f"{command} {argument}"
        if argument.startswith("citizen"):
            assert kind in (int, int | None), f"{command} {argument} takes {kind}"
    assert seen > 20


def test_no_function_takes_a_person_in() -> None:
    """No public function or method of the Python face has an argument that would hold a person."""
    import inspect

    import glasstown

    for name in getattr(glasstown, "__all__", ()):
        thing = getattr(glasstown, name)
        if not callable(thing):
            continue
        signature = inspect.signature(thing)
        found = {argument for argument in signature.parameters if _holds_a_person(argument)} - {"name"}
        assert not found, f"{name}: {found}"
