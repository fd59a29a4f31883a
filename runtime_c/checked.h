/* checked.h: the test of kinds for words that may also be UNASSIGNED or MV_EXC, which mv_is_kind() must not see. */
#pragma once
#include "object.h"

MV_INLINE bool mv_has_kind(MvValue v, int kind) { return v > MV_UNASSIGNED && mv_is_kind(v, kind); }
