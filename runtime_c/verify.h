/* The bytecode verifier: proves of a code object what the interpreter and native code take for granted
 * (spec/opcodes.py, and the head of verify.c). Called by the loader for every code object, before its arrays become
 * read-only. */
#pragma once
#include "frame.h"
#include "vm.h"

/* False: error holds one line "code NAME, word INDEX: reason", or an exception is set (no memory). Interns the
 * constants that are names, and computes code->slot_hint. The code constants of `code` must have been read, not
 * necessarily verified. */
bool mv_verify_code(MvVM *vm, MvCode *code, char *error, size_t error_size);
