"""From source text to a checked, scoped tree.

`parse.py` guards `ast.parse` and reports what CPython's own compiler reports; `walk.py` visits the tree once: it finds
what Mini refuses and which names each scope mentions; `scopes.py` resolves the names as CPython does and numbers the
registers. The bytecode compiler (package `bytecode`) is the only user. Nothing here runs the program.
"""
