/* What the interpreter needs to raise and match exceptions. */
#include "api.h"
#include "errors.h"
#include "interp.h"

void mv_traceback_add(MvVM *vm, MvValue exception, MvCode *code, int64_t word)
{
    if (!mv_is_kind(exception, MV_KIND_EXCEPTION))
        return;
    MvException *e = MV_CAST(MvException, exception);
    bool no_collect = vm->heap.no_collect; /* the frame that raised may hold operands that no register shows yet */
    MvTraceback *entry = mv_new(vm, sizeof(MvTraceback), MV_CLASS_TRACEBACK, MV_KIND_TRACEBACK);
    vm->heap.no_collect = no_collect;
    if (!entry) { /* no memory for a traceback: the exception goes on without */
        if (!vm->ending)
            vm->exception = exception;
        return;
    }
    if (mv_traces(vm, MV_TRACE_EXCEPTION) && e->traceback == MV_NONE && vm->ending == MV_END_NONE)
        mv_trace_exception(vm, exception, code, word);
    entry->next = e->traceback;
    entry->code = code;
    entry->word = word;
    mv_store(vm, e, &e->traceback, mv_value(entry));
}

MvValue mv_exception_from(MvVM *vm, MvValue value)
{
    if (mv_is_kind(value, MV_KIND_EXCEPTION))
        return value;
    if (mv_is_kind(value, MV_KIND_CLASS) && (MV_CAST(MvClass, value)->flags & MV_CLASSF_EXCEPTION)) {
        MvValue made = mv_call(vm, value, NULL, 0, 0);
        if (made != MV_EXC && !mv_is_kind(made, MV_KIND_EXCEPTION))
            return mv_type_error(vm, "calling %R should have returned an instance of BaseException, not %R", value, mv_value(mv_class_of(vm, made)));
        return made;
    }
    return mv_type_error(vm, "exceptions must derive from BaseException");
}

int mv_exception_matches(MvVM *vm, MvValue exception, MvValue type)
{
    if (mv_is_kind(type, MV_KIND_TUPLE)) {
        const MvTuple *types = MV_CAST(MvTuple, type);
        for (int64_t i = 0; i < types->length; i++)
            if (!mv_is_kind(types->items[i], MV_KIND_CLASS) || !(MV_CAST(MvClass, types->items[i])->flags & MV_CLASSF_EXCEPTION)) {
                mv_type_error(vm, "catching classes that do not inherit from BaseException is not allowed");
                return -1;
            }
        for (int64_t i = 0; i < types->length; i++)
            if (mv_is_subclass(mv_class_of(vm, exception), MV_CAST(MvClass, types->items[i])))
                return 1;
        return 0;
    }
    if (!mv_is_kind(type, MV_KIND_CLASS) || !(MV_CAST(MvClass, type)->flags & MV_CLASSF_EXCEPTION)) {
        mv_type_error(vm, "catching classes that do not inherit from BaseException is not allowed");
        return -1;
    }
    return mv_is_subclass(mv_class_of(vm, exception), MV_CAST(MvClass, type));
}
