"""The vocabularies of minivm, each declared once, as data. A leaf: it imports nothing of ours."""
