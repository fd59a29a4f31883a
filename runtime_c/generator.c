/* Generators: creation, resuming from the loop and from C, send, throw, close, delegation.
 *
 * A suspended generator keeps its registers in a store of raw words (trace.c scans it conservatively); a running one has them on the VM stack and
 * `base` tells where. INV-gen-1: state is RUNNING exactly while a frame of it is on the VM stack. */
#include "generator.h"
#include "calling.h"
#include "interp_ops.h"
#include "native.h"
#include <stdio.h>

MvValue mv_generator_new(MvVM *vm, MvValue function, MvCode *code, MvValue *base)
{
    MvGenerator *generator = mv_new(vm, sizeof(MvGenerator), MV_CLASS_GENERATOR, MV_KIND_GENERATOR);
    if (!generator)
        return MV_EXC;
    int64_t count = code->register_count;
    MvValue *top = vm->top;
    vm->top = base + count; /* the bound arguments lie above the caller's frame */
    MvStore *registers = mv_allocate(vm, sizeof(MvStore) + (size_t)count * 8, MV_CLASS_INTERNAL, MV_KIND_STORE, MV_GC_HAS_POINTERS, MV_STORE_RAW);
    vm->top = top;
    if (!registers)
        return MV_EXC;
    registers->length = count;
    int64_t parameters = code->parameter_count + !!(code->flags & MV_CODE_VARARGS) + !!(code->flags & MV_CODE_VARKEYWORDS);
    memcpy(registers->items, base, (size_t)parameters * 8);
    generator->function = MV_CAST(MvFunction, function);
    generator->code = code;
    generator->registers = registers;
    generator->pc = code->words;
    generator->exc.exception = MV_NONE;
    generator->name = generator->function->name;
    generator->qualname = generator->function->qualname;
    generator->delegate = MV_NONE;
    generator->state = MV_GEN_CREATED;
    mv_barrier(vm, generator);
    return mv_value(generator);
}

void mv_generator_enter(MvVM *vm, MvGenerator *generator, MvValue *base) { mv_generator_begin(vm, generator, base); }
void mv_generator_suspend(MvVM *vm, MvGenerator *generator, MvValue *base, const MvInstruction *pc) { mv_generator_end(vm, generator, base, pc); }

void mv_generator_finish(MvVM *vm, MvGenerator *generator)
{
    if (generator->state == MV_GEN_RUNNING)
        vm->exc_state = generator->exc.previous;
    generator->exc.previous = NULL;
    generator->exc.exception = MV_NONE;
    generator->registers = NULL;
    generator->base = NULL;
    generator->delegate = MV_NONE;
    generator->state = MV_GEN_DONE;
}

void mv_generator_receive(MvValue *base, const MvInstruction *pc, MvValue value) { mv_generator_take(base, pc, value); }

bool mv_generator_stop_to_runtime_error(MvVM *vm)
{
    if (!mv_exception_is(vm, MV_EXC_StopIteration))
        return false;
    MvValue cause = mv_exception_take(vm);
    mv_raise(vm, MV_EXC_RuntimeError, "generator raised StopIteration");
    if (vm->exception && mv_is_kind(vm->exception, MV_KIND_EXCEPTION)) {
        MvException *e = MV_CAST(MvException, vm->exception);
        mv_store(vm, e, &e->cause, cause);
        mv_store(vm, e, &e->context, cause);
        e->suppress = MV_TRUE;
    }
    return true;
}

/* Makes `thrown` pending. As in CPython its context is what the generator itself is handling, never what its caller is. */
static void raise_in(MvVM *vm, const MvGenerator *generator, MvValue thrown)
{
    if (generator->exc.exception == MV_NONE)
        vm->exception = thrown;
    else
        mv_raise_object(vm, thrown);
}

/* Runs the generator until it yields or ends, from C. `thrown`, if not UNASSIGNED, is raised where it stands. */
MV_INLINE MvValue resume(MvVM *vm, MvGenerator *generator, MvValue value, const MvInstruction *pc, MvValue thrown)
{
    bool raising = thrown != MV_UNASSIGNED;
    MvCode *code = generator->code;
    MvValue *caller = vm->base, *base = mv_stack_top(vm) + MV_FRAME_HEADER_WORDS + 1;
    if (MV_UNLIKELY(base + code->register_count >= vm->stack_limit) && !mv_check_stack(vm, base + code->register_count, 0))
        return MV_EXC;
    if (MV_UNLIKELY(!mv_may_enter(vm))) {
        mv_raise_recursion(vm, "");
        return MV_EXC;
    }
    const uint32_t depth = vm->depth++;
    bool fresh = generator->state == MV_GEN_CREATED;
    base[MV_FRAME_FUNCTION] = mv_value(generator);
    base[MV_FRAME_CODE] = (MvValue)code;
    base[MV_FRAME_CALLER] = (MvValue)caller;
    base[MV_FRAME_MODE] = MV_MODE_GENERATOR_ENTRY;
    mv_generator_begin(vm, generator, base);
    if (!fresh && !raising && value != MV_UNASSIGNED)
        mv_generator_take(base, pc, value);
    if (raising)
        raise_in(vm, generator, thrown);
    if (raising)
        pc += fresh || (uint16_t)*pc == MV_OP_YIELD_FROM; /* the loop looks one word back for the place */
    if (MV_UNLIKELY(!code->unit && --code->budget < 0))
        mv_native_hot(vm, code);
    uint32_t at = code->unit && !raising ? mv_native_resume_at(code->unit, (uint32_t)(pc - code->words)) : 0;
    MvValue got = at ? mv_native_continue(vm, base, at) : mv_interpret_frame(vm, base, pc, raising);
    mv_levels_are_back(vm, depth);
    return got;
}

MvValue mv_generator_send(MvVM *vm, MvGenerator *generator, MvValue value, MvValue *result)
{
    if (generator->state == MV_GEN_RUNNING)
        return mv_value_error(vm, "generator already executing");
    if (generator->state == MV_GEN_DONE) {
        *result = MV_NONE;
        return MV_FALSE;
    }
    if (generator->state == MV_GEN_CREATED && value != MV_NONE)
        return mv_type_error(vm, "can't send non-None value to a just-started generator");
    *result = resume(vm, generator, value, generator->pc, MV_UNASSIGNED);
    if (*result == MV_EXC)
        return MV_EXC;
    return mv_bool(generator->state != MV_GEN_DONE);
}

int mv_yield_from_step(MvVM *vm, MvValue iterator, MvValue sent, MvValue *result)
{
    if (mv_object(iterator)->shape == MV_CLASS_GENERATOR) {
        MvValue yielded = mv_generator_send(vm, MV_CAST(MvGenerator, iterator), sent, result);
        return yielded == MV_EXC ? -1 : yielded == MV_TRUE;
    }
    if (sent == MV_NONE) {
        MvClass *cls = mv_class_of(vm, iterator);
        if (cls->flags & MV_CLASSF_BUILTIN) {
            *result = cls->def->next && mv_has_stack(vm) ? cls->def->next(vm, iterator) : mv_next(vm, iterator);
            if (*result == MV_EXC && mv_exception_is(vm, MV_EXC_StopIteration)) {
                MvValue value = MV_CAST(MvException, mv_exception_take(vm))->extra[0];
                *result = value == MV_UNASSIGNED ? MV_NONE : value;
                return 0;
            }
            if (*result == MV_EXC)
                return -1;
            if (*result != MV_UNASSIGNED)
                return 1;
            *result = MV_NONE;
            return 0;
        }
        MvValue next = mv_special(vm, cls, MV_SP_NEXT);
        *result = next == MV_UNASSIGNED ? mv_type_error(vm, "'%T' object is not an iterator", iterator) : mv_call_special(vm, next, iterator, NULL, 0);
    } else
        *result = mv_call_method(vm, iterator, vm->names->n_send, &sent, 1);
    if (*result != MV_EXC)
        return 1;
    if (!mv_exception_is(vm, MV_EXC_StopIteration))
        return -1;
    MvValue stop = mv_exception_take(vm);
    MvValue value = MV_CAST(MvException, stop)->extra[0];
    *result = value == MV_UNASSIGNED ? MV_NONE : value;
    return 0;
}

/* ---- methods ---- */

/* What a method returns for a step: the yielded value, or StopIteration. */
static MvValue step_result(MvVM *vm, MvGenerator *generator, MvValue result)
{
    if (result == MV_EXC || generator->state != MV_GEN_DONE)
        return result;
    return mv_raise_stop_iteration(vm, result);
}

static MvValue generator_next(MvVM *vm, MvValue self)
{
    MvValue result = MV_NONE, yielded = mv_generator_send(vm, MV_CAST(MvGenerator, self), MV_NONE, &result);
    if (yielded == MV_EXC || yielded == MV_TRUE)
        return yielded == MV_EXC ? MV_EXC : result;
    return result == MV_NONE ? MV_UNASSIGNED : mv_raise_stop_iteration(vm, result);
}

MvValue mv_generator_next(MvVM *vm, MvGenerator *generator)
{
    if (MV_UNLIKELY(generator->state >= MV_GEN_RUNNING)) {
        MvValue result = MV_NONE;
        return mv_generator_send(vm, generator, MV_NONE, &result) == MV_EXC ? MV_EXC : MV_UNASSIGNED;
    }
    MvValue value = resume(vm, generator, MV_NONE, generator->pc, MV_UNASSIGNED);
    return MV_LIKELY(generator->state != MV_GEN_DONE) || value == MV_EXC ? value : MV_UNASSIGNED;
}

static MvValue method_send(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    (void)nargs, (void)kwnames;
    MvValue result = MV_NONE, yielded = mv_generator_send(vm, MV_CAST(MvGenerator, args[0]), args[1], &result);
    if (yielded == MV_EXC)
        return MV_EXC;
    return yielded == MV_TRUE ? result : mv_raise_stop_iteration(vm, result);
}

/* Continues the generator after its delegate ended with `value` (EXC: with the pending exception). */
static MvValue leave_delegate(MvVM *vm, MvGenerator *generator, MvValue value)
{
    const MvInstruction *pc = generator->pc; /* at YIELD_FROM */
    generator->delegate = MV_NONE;
    if (value == MV_EXC) {
        if (!mv_exception_is(vm, MV_EXC_StopIteration))
            return resume(vm, generator, MV_UNASSIGNED, pc, vm->exception);
        MvValue stop = mv_exception_take(vm);
        value = MV_CAST(MvException, stop)->extra[0];
        if (value == MV_UNASSIGNED)
            value = MV_NONE;
    }
    generator->registers->items[(uint16_t)(*pc >> 16)] = value;
    mv_barrier(vm, generator->registers);
    return resume(vm, generator, MV_UNASSIGNED, pc + 1, MV_UNASSIGNED);
}

static bool close_iterator(MvVM *vm, MvValue iterator);
static MvValue method_close(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames);

/* The exception that throw(*args) raises; EXC: raised that there is none. */
static MvValue exception_to_throw(MvVM *vm, MvValue *args, int64_t nargs)
{
    MvValue type = args[0], value = nargs > 1 ? args[1] : MV_NONE;
    MvValue exception;
    if (nargs > 2 && args[2] != MV_NONE && !mv_is_kind(args[2], MV_KIND_TRACEBACK))
        return mv_type_error(vm, "throw() third argument must be a traceback object");
    if (mv_is_kind(type, MV_KIND_CLASS) && (MV_CAST(MvClass, type)->flags & MV_CLASSF_EXCEPTION)) {
        if (mv_is_kind(value, MV_KIND_EXCEPTION) && mv_is_subclass(mv_class_of(vm, value), MV_CAST(MvClass, type)))
            exception = value;
        else if (value == MV_NONE)
            exception = mv_exception_from(vm, type);
        else if (mv_is_kind(value, MV_KIND_TUPLE) && mv_object(value)->shape == MV_CLASS_TUPLE)
            exception = mv_call(vm, type, MV_CAST(MvTuple, value)->items, MV_CAST(MvTuple, value)->length, 0);
        else
            exception = mv_call1(vm, type, value);
        if (exception == MV_EXC && (vm->ending || !vm->exception))
            return MV_EXC;
        if (exception == MV_EXC)
            exception = mv_exception_take(vm); /* what went wrong is thrown instead */
        else if (!mv_is_kind(exception, MV_KIND_EXCEPTION)) /* a __new__ of the program's made something else */
            exception = mv_exception_from(vm, type);
    } else if (mv_is_kind(type, MV_KIND_EXCEPTION)) {
        if (value != MV_NONE)
            return mv_type_error(vm, "instance exception may not have a separate value");
        exception = type;
    } else
        return mv_type_error(vm, "exceptions must be classes or instances deriving from BaseException, not %T", type);
    if (exception != MV_EXC && nargs > 2 && args[2] != MV_NONE)
        mv_store(vm, mv_object(exception), &MV_CAST(MvException, exception)->traceback, args[2]);
    return exception;
}

static bool is_generator_exit(MvVM *vm, MvValue thrown)
{
    MvClass *cls = mv_is_kind(thrown, MV_KIND_CLASS) ? MV_CAST(MvClass, thrown) : mv_class_of(vm, thrown);
    return mv_is_subclass(cls, vm->classes[MV_EXC_GeneratorExit]);
}

/* Does what throw(*args) does; the result as of resume. As in CPython the arguments are looked at only where the exception is raised, behind all
   delegates. */
static MvValue throw_into(MvVM *vm, MvGenerator *generator, MvValue *args, int64_t nargs)
{
    if (generator->state == MV_GEN_RUNNING)
        return mv_value_error(vm, "generator already executing");
    if (generator->state == MV_GEN_SUSPENDED && (uint16_t)*generator->pc == MV_OP_YIELD_FROM && generator->delegate != MV_NONE) {
        MvValue delegate = generator->delegate, result;
        generator->state = MV_GEN_RUNNING; /* re-entry through the delegate is an error */
        generator->exc.previous = vm->exc_state;
        vm->exc_state = &generator->exc;
        bool raising = false;
        bool found = true;
        if (is_generator_exit(vm, args[0])) {
            result = close_iterator(vm, delegate) ? MV_UNASSIGNED : MV_EXC;
            raising = true;
        } else if (mv_object(delegate)->shape == MV_CLASS_GENERATOR) {
            MvGenerator *inner = MV_CAST(MvGenerator, delegate);
            result = mv_has_stack(vm) ? step_result(vm, inner, throw_into(vm, inner, args, nargs)) : MV_EXC;
        } else {
            MvValue method = mv_get_attr_or(vm, delegate, mv_intern_c(vm, "throw"));
            raising = method == MV_UNASSIGNED;
            found = method != MV_EXC;
            result = method == MV_EXC || raising ? method : mv_call(vm, method, args, nargs, 0);
        }
        vm->exc_state = generator->exc.previous;
        generator->exc.previous = NULL;
        generator->state = MV_GEN_SUSPENDED;
        if (result == MV_EXC && (vm->ending || !found)) /* where throw cannot even be had the generator stays as it is */
            return MV_EXC;
        MvValue exception = raising && result != MV_EXC ? exception_to_throw(vm, args, nargs) : MV_EXC;
        if (raising && result != MV_EXC) {
            if (exception == MV_EXC)
                return MV_EXC;
            generator->delegate = MV_NONE;
            return resume(vm, generator, MV_UNASSIGNED, generator->pc, exception);
        }
        if (result != MV_EXC)
            return result; /* the delegate yielded: so does the generator */
        return leave_delegate(vm, generator, MV_EXC);
    }
    MvValue exception = exception_to_throw(vm, args, nargs);
    if (exception == MV_EXC)
        return MV_EXC;
    if (generator->state == MV_GEN_RUNNING) /* the exception's class may have resumed it */
        return mv_value_error(vm, "generator already executing");
    if (generator->state != MV_GEN_SUSPENDED)
        vm->exception = exception;
    if (generator->state == MV_GEN_DONE)
        return MV_EXC;
    if (generator->state == MV_GEN_CREATED) {
        mv_traceback_add(vm, exception, generator->code, 0);
        mv_generator_finish(vm, generator);
        mv_generator_stop_to_runtime_error(vm);
        return MV_EXC;
    }
    return resume(vm, generator, MV_UNASSIGNED, generator->pc, exception);
}

static MvValue method_throw(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    (void)kwnames;
    MvGenerator *generator = MV_CAST(MvGenerator, args[0]);
    return step_result(vm, generator, throw_into(vm, generator, args + 1, nargs - 1));
}

/* close() of a delegate, where it has one. */
static bool close_iterator(MvVM *vm, MvValue iterator)
{
    if (mv_is_kind(iterator, MV_KIND_GENERATOR)) /* without a call */
        return mv_has_stack(vm) && method_close(vm, &iterator, 1, 0) != MV_EXC;
    MvValue method = mv_get_attr_or(vm, iterator, vm->names->n_close);
    if (method == MV_EXC && !vm->ending) {
        mv_exception_take(vm); /* CPython only mentions it on stderr */
        return true;
    }
    if (method == MV_UNASSIGNED)
        return true;
    return method != MV_EXC && mv_call(vm, method, NULL, 0, 0) != MV_EXC;
}

static MvValue method_close(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    (void)nargs, (void)kwnames;
    MvGenerator *generator = MV_CAST(MvGenerator, args[0]);
    if (generator->state == MV_GEN_RUNNING)
        return mv_value_error(vm, "generator already executing");
    if (generator->state == MV_GEN_CREATED)
        mv_generator_finish(vm, generator);
    if (generator->state == MV_GEN_DONE)
        return MV_NONE;
    MvValue exit = mv_exception_new(vm, vm->classes[MV_EXC_GeneratorExit], NULL, 0);
    if (exit == MV_EXC)
        return MV_EXC;
    MvValue result = throw_into(vm, generator, &exit, 1);
    if (result != MV_EXC && generator->state != MV_GEN_DONE)
        return mv_raise(vm, MV_EXC_RuntimeError, "generator ignored GeneratorExit");
    if (result == MV_EXC) {
        if (!mv_exception_is(vm, MV_EXC_GeneratorExit) && !mv_exception_is(vm, MV_EXC_StopIteration))
            return MV_EXC;
        mv_exception_take(vm);
    }
    return MV_NONE;
}

static MvValue generator_repr(MvVM *vm, MvValue self)
{
    char address[24];
    snprintf(address, sizeof address, "0x%012llx", (unsigned long long)(self & ~(MvValue)3));
    return mv_format_message(vm, "<generator object %S at %s>", MV_CAST(MvGenerator, self)->qualname, address);
}

static MvValue get_name(MvVM *vm, MvValue self) { (void)vm; return MV_CAST(MvGenerator, self)->name; }
static MvValue get_qualname(MvVM *vm, MvValue self) { (void)vm; return MV_CAST(MvGenerator, self)->qualname; }
static MvValue get_running(MvVM *vm, MvValue self) { (void)vm; return mv_bool(MV_CAST(MvGenerator, self)->state == MV_GEN_RUNNING); }
static MvValue get_suspended(MvVM *vm, MvValue self) { (void)vm; return mv_bool(MV_CAST(MvGenerator, self)->state == MV_GEN_SUSPENDED); }
static MvValue get_delegate(MvVM *vm, MvValue self) { (void)vm; return MV_CAST(MvGenerator, self)->delegate; }
static MvValue get_code(MvVM *vm, MvValue self) { (void)vm; return mv_value(MV_CAST(MvGenerator, self)->code); }

static bool set_text(MvVM *vm, MvValue self, MvValue *field, MvValue value, const char *name)
{
    if (!mv_is_kind(value, MV_KIND_STR)) {
        mv_type_error(vm, "%s must be set to a string object", name);
        return false;
    }
    mv_store(vm, mv_object(self), field, value);
    return true;
}
static bool set_name(MvVM *vm, MvValue self, MvValue v) { return set_text(vm, self, &MV_CAST(MvGenerator, self)->name, v, "__name__"); }
static bool set_qualname(MvVM *vm, MvValue self, MvValue v) { return set_text(vm, self, &MV_CAST(MvGenerator, self)->qualname, v, "__qualname__"); }

static MvValue method_del(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    (void)args, (void)nargs, (void)kwnames;
    return mv_raise_refused(vm, "calling __del__ of a generator");
}
static const MvMethodDef methods[] = {
    {"send", method_send, 1, 1, 0, NULL},
    {"throw", method_throw, 1, 3, 0, NULL},
    {"close", method_close, 0, 0, 0, NULL},
    {"__del__", method_del, 0, 0, MV_DEF_WRAPPER, NULL},
    {NULL, NULL, 0, 0, 0, NULL}};
static const MvGetSetDef getsets[] = {
    {"__name__", get_name, set_name}, {"__qualname__", get_qualname, set_qualname}, {"gi_running", get_running, NULL},
    {"gi_suspended", get_suspended, NULL}, {"gi_yieldfrom", get_delegate, NULL}, {"gi_code", get_code, NULL}, {NULL, NULL, NULL}};
const MvTypeDef mv_type_GENERATOR = {.kind = MV_KIND_GENERATOR, .size = sizeof(MvGenerator), .repr = generator_repr, .next = generator_next,
                                     .methods = methods, .getsets = getsets};
