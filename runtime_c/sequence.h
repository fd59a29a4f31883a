/* Slices as numbers, for the sequences. */
#pragma once
#include "containers.h"

/* The members of a slice, saturated, None replaced; false: raised (also for step 0). The owner's length is to be read
   after this call. */
bool mv_slice_unpack(MvVM *vm, MvValue slice, int64_t *start, int64_t *stop, int64_t *step);
/* Clips to a sequence of `length` items; returns the number of items selected. */
int64_t mv_slice_adjust(int64_t length, int64_t *start, int64_t *stop, int64_t step);
/* TypeError "<function>() takes no keyword arguments" if there are keywords, unless cls overrides the special method
   that CPython asks about. */
bool mv_no_keywords_unless(MvVM *vm, MvClass *cls, int base_id, int special, const char *function, MvValue kwnames);
/* slice.indices for a length of any size: start, stop and step as ints; false: raised. */
bool mv_slice_int_indices(MvVM *vm, MvValue slice, MvValue length, MvValue *out);
/* MvGetSetDef.set of what CPython calls a read-only member: AttributeError "readonly attribute". */
bool mv_member_read_only(MvVM *vm, MvValue self, MvValue value);
