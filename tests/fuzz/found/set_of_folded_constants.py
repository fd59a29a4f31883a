"""As set_of_constants.py, with items that become constants by folding, and strings."""
print({-5, "a", "-3.5", -7})
print({1 + 1, "a", -2.5, "b", -7, 8})
print({(1, 2), "a", -1, "c"})
