"""Methods that do an instruction of native code (runtime_c/native_operate.c): what an attacker who writes their entries
gets."""
from __future__ import annotations

import json
from functools import partial

import pytest
from attacked import attacked

attack = partial(attacked, "attack_entries.py")
ANSWERS = {"add": "8", "less": "True", "jump": "1", "item": "14", "store": "6", "prop": "7"}


@pytest.mark.parametrize("instruction", ANSWERS)
@pytest.mark.parametrize("what", ["libc", "middle", "unlisted", "class"])
def test_a_target_that_is_no_entry_of_the_class_ends_the_process(instruction: str, what: str) -> None:
    done = attack(instruction, what)
    assert done.returncode == 86, done.stderr
    violation = json.loads(done.stderr.splitlines()[-1])
    assert violation["layer"] == "guest-list" and done.stdout == ""


@pytest.mark.parametrize("instruction", ANSWERS)
@pytest.mark.parametrize("layers", ["digest,guests,checker", "digest,checker"])
def test_the_entry_itself_is_taken(instruction: str, layers: str) -> None:
    done = attack(instruction, "none", layers)
    assert (done.returncode, done.stdout) == (0, ANSWERS[instruction] + "\n"), done.stderr


@pytest.mark.parametrize("instruction", ["add", "prop"])
def test_without_the_guest_list_the_branch_is_taken(instruction: str) -> None:
    """The control: what the check stops does happen without it. The function of another class runs."""
    done = attack(instruction, "class", "digest,checker")
    assert done.returncode != 86 and "guest-list" not in done.stderr
    assert done.stdout != ANSWERS[instruction] + "\n"
