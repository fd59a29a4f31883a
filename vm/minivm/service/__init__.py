"""Where compilers run: messages, the pure function from a request to a response, the worker that feeds a VM."""
