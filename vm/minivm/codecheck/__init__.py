"""Judges units of machine code: by the bytecode that they were made from (demands.py), or by the policy of spec/codepolicy.py alone
(check.py). Imports spec only: it shares nothing with those it judges. A program's first native code needs few of these modules,
so that nothing is imported here.
"""
