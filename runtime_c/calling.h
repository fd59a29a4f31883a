/* Which calls of what is written in C count against the recursion limit: those that CPython 3.11 counts.
 *
 * CPython counts each call that goes through a type's or a function's general way of being called. A place whose code has become warm calls functions of the
 * kinds METH_FASTCALL directly, which counts nothing, as do len(x), list.append(x) and str(x); METH_O, METH_NOARGS, METH_VARARGS and slot wrappers
 * count everywhere. Code is warm after eight calls, resumptions of a generator and jumps back (CPython's quickening), whatever the place did till then.
 * Some builtin classes are called directly everywhere (tp_vectorcall). What is counted here are the calls; repr(), comparisons and so on count
 * where they are done (mv_enter). */
#pragma once
#include <assert.h>
#include "class.h"
#include "frame.h"
#include "type.h"
#include "vm.h"

#define MV_WHILE_CALLING " while calling a Python object"
enum { MV_WARM_AFTER = 8 };

/* INV-calling-1: whatever was called and returned, raised or yielded has given back each level that it took. Looked at where frames of Mini return to C. */
MV_INLINE void mv_levels_are_back(const MvVM *vm, uint32_t depth) { assert(vm->depth == depth); }

MV_INLINE bool mv_code_is_warm(const MvCode *code) { return code->lent - (uint32_t)code->budget >= MV_WARM_AFTER; }
bool mv_code_warms(MvCode *code, const MvInstruction *pc); /* function.c */
/* Is the code of the frame at vm->base warm? Asked once for each call of what is written in C. Native code counts nothing: where it is made so early, by
 * --jit=eager, the first place that asks counts for it. */
MV_INLINE bool mv_frame_is_warm(const MvVM *vm)
{
    MvCode *code = (MvCode *)vm->base[MV_FRAME_CODE];
    return MV_LIKELY(mv_code_is_warm(code)) || (MV_UNLIKELY(code->unit != NULL) && mv_code_warms(code, (const MvInstruction *)vm->base[MV_FRAME_PC]));
}

/* Does a call from a warm place count? */
MV_INLINE bool mv_def_counts(const MvMethodDef *def)
{
    if (def->flags & (MV_DEF_WRAPPER | MV_DEF_NEW | MV_DEF_CLASS | MV_DEF_STATIC | MV_DEF_COUNTED))
        return true;
    if (def->params || def->flags & MV_DEF_UNCOUNTED)
        return false;
    return def->max < 0 ? !(def->flags & MV_DEF_RAW_KEYWORDS) : def->min == def->max && def->max <= 1;
}

/* Does a call of the class count, from any place? Each of Mini's own does; where no C function calls it, its frame has the level (frame.h, INV-frame-1). */
MV_INLINE bool mv_class_counts(const MvClass *cls, int64_t nargs)
{
    if (!(cls->flags & MV_CLASSF_BUILTIN))
        return true;
    switch (cls->id) {
    case MV_CLASS_FLOAT: case MV_CLASS_BOOL: case MV_CLASS_LIST: case MV_CLASS_TUPLE: case MV_CLASS_DICT: case MV_CLASS_SET: case MV_CLASS_FROZENSET:
    case MV_CLASS_RANGE: case MV_CLASS_SUPER: case MV_CLASS_MAP: case MV_CLASS_FILTER: case MV_CLASS_ENUMERATE: case MV_CLASS_REVERSED:
        return false;
    case MV_CLASS_TYPE:
        return nargs != 1;
    default:
        return true;
    }
}
