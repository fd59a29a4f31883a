"""What spec/modules.py says of each module of Mini's against the module itself and against CPython's."""
from __future__ import annotations

import ast
import importlib

import pytest

from conftest import Run
from minivm.bytecode import check_source
from minivm.spec.modules import COMMON, MODULES, NATIVE

# Attributes that CPython's import system gives every module, and __build_class__'s kin.
IMPORT_SYSTEM = {"__builtins__", "__cached__", "__loader__", "__spec__"}
WRITTEN = sorted(set(MODULES) - NATIVE)


@pytest.mark.parametrize("name", sorted(MODULES))
def test_every_name_is_cpythons(name: str) -> None:
    theirs = importlib.import_module(name)
    assert [mine for mine in sorted(MODULES[name]) if not hasattr(theirs, mine)] == []


@pytest.mark.parametrize("name", sorted(MODULES))
def test_the_module_has_what_its_row_says(name: str, minivm: Run) -> None:
    row = sorted(MODULES[name])
    done = minivm("-c", f"import {name}\nprint([x for x in {row} if not hasattr({name}, x)])\nprint(dir({name}))")
    missing, all_names = done.stdout.splitlines()
    assert missing == "[]"
    if name in NATIVE:
        public = [x for x in ast.literal_eval(all_names) if not x.startswith("_")]
        assert [x for x in public if x not in MODULES[name]] == []


@pytest.mark.parametrize("name", [name for name in WRITTEN if name != "__future__"])
def test_a_star_import_binds_what_cpythons_does(name: str, minivm: Run) -> None:
    theirs = importlib.import_module(name)
    exported = set(getattr(theirs, "__all__", [x for x in vars(theirs) if not x.startswith("_")]))
    text = f"before = list(globals())\nfrom {name} import *\nprint([x for x in globals() if x not in [*before, 'before']])"
    bound = set(ast.literal_eval(minivm("-c", text).stdout))
    assert bound == exported & MODULES[name]


@pytest.mark.parametrize("name", sorted(set(MODULES) - {"__future__"}))  # a wrong name of which is a syntax error
def test_what_a_module_lacks_is_refused_before_the_program_runs(name: str) -> None:
    """All of CPython's public names that the row lacks, in both forms of import, and none of those that it has."""
    theirs = {x for x in dir(importlib.import_module(name)) if not x.startswith("_")}
    names = sorted((theirs | MODULES[name]) - COMMON - HELPERS.get(name, set()))
    wanted = [(line, f"{name}.{x} is not in Mini") for line, x in enumerate(names, 2) if x not in MODULES[name]]
    assert len(wanted) < len(names)
    for form in (f"from {name} import {{}}", f"{name}.{{}}"):
        text = "\n".join([f"import {name}", *(form.format(x) for x in names)]) + "\n"
        found = [(problem.lineno, problem.message) for problem in check_source(text, "program.py")]
        assert found == wanted


# What a module of ours imports for itself is there, as it is in CPython's module of that name.
HELPERS = {"typing": {"sys", "ABCMeta", "abstractmethod"}, "enum": {"bin"}}
