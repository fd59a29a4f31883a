"""A set display whose items are constants only after folding is one constant, and iterates in its order."""
print({-5, "a", "-3.5", -7})
print({1 + 1, "a", -2.5, "b", -7, 8})
print({(1, 2), "a", -1, "c"})
