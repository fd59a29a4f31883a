import sys
del sys.excepthook
{}['a']
