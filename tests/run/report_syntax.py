"""The report of a SyntaxError that the program raised."""
raise SyntaxError("bad thing", ("file.py", 3, 5, "  if x = 3:\n", 3, 10))
