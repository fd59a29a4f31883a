"""Judges units of machine code against the policy of spec/codepolicy.py. Imports spec only: it shares nothing with those it judges."""
from __future__ import annotations

from minivm.codecheck.check import census, check
from minivm.codecheck.decode import CodeRefused
from minivm.codecheck.policy import FIRST, SECOND, Bounds, Catalogue, ChunkSpec, Hints, HoleSpec, Policy

__all__ = ["FIRST", "SECOND", "Bounds", "Catalogue", "ChunkSpec", "CodeRefused", "Hints", "HoleSpec", "Policy", "census", "check"]
