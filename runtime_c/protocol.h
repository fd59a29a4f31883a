/* What the parts of the runtime offer to each other, by file. Conventions: type.h. */
#pragma once
#include "alloc.h"
#include "names.h"
#include "type.h"

/* ---- error.c: raising ---- */
/* Format: %s C string, %d int64_t, %S value by str(), %R value by repr(), %T name of the value's class, %t the same but `None` for None, %N name of an MvClass*, %c unicode code point, %%. */
MV_COLD MvValue mv_raise(MvVM *vm, int exception_class_id, const char *format, ...);
#define mv_type_error(vm, ...) mv_raise(vm, MV_EXC_TypeError, __VA_ARGS__)
#define mv_value_error(vm, ...) mv_raise(vm, MV_EXC_ValueError, __VA_ARGS__)
MV_COLD MvValue mv_raise_object(MvVM *vm, MvValue exception);       /* sets vm->exception with context; returns MV_EXC */
MV_COLD MvValue mv_raise_key_error(MvVM *vm, MvValue key);          /* KeyError(key) */
MV_COLD MvValue mv_raise_stop_iteration(MvVM *vm, MvValue value);   /* value None: no args */
MV_COLD MvValue mv_raise_refused(MvVM *vm, const char *what, ...);  /* message "<what> is not in Mini" (formatted like mv_raise); its class: NotImplementedError */
MV_COLD MvValue mv_raise_os_error(MvVM *vm, int error_number, MvValue filename);
MV_COLD MvValue mv_raise_recursion(MvVM *vm, const char *where);    /* "maximum recursion depth exceeded" + where ("" or " in comparison", ...) */
bool mv_exception_is(MvVM *vm, int exception_class_id);             /* is the pending exception an instance of it? false while ending */
MvValue mv_exception_take(MvVM *vm);                                /* the pending exception, no longer pending */
MvValue mv_exception_new(MvVM *vm, MvClass *cls, MvValue *args, int64_t nargs);
MvValue mv_format_message(MvVM *vm, const char *format, ...);       /* a str in the format of mv_raise */
/* A counted C recursion: false after raising RecursionError. Pair with mv_leave. */
bool mv_enter(MvVM *vm, const char *where);
MV_INLINE void mv_leave(MvVM *vm) { vm->depth--; }
MV_INLINE bool mv_may_enter(const MvVM *vm) /* for callers that count and raise themselves */
{
    return vm->depth < vm->depth_limit && (char *)__builtin_frame_address(0) >= vm->native_limit;
}
/* A C recursion that CPython does not count, or that is counted elsewhere (calling.h): false after raising RecursionError, where the native stack ends. */
MV_INLINE bool mv_has_stack(MvVM *vm)
{
    if (MV_LIKELY((char *)__builtin_frame_address(0) >= vm->native_limit))
        return true;
    mv_raise_recursion(vm, " while calling a Python object");
    return false;
}

/* ---- limits.c ---- */
MV_COLD bool mv_poll_slow(MvVM *vm);                                /* true: stop, MV_EXC is set */
MV_INLINE bool mv_poll(MvVM *vm) { return MV_UNLIKELY(vm->poll) && mv_poll_slow(vm); }

/* ---- abstract.c, operators.c: Python's protocols on any value ---- */
MvClass *mv_class_of(MvVM *vm, MvValue v);
MvClass *mv_shown_class(MvVM *vm, MvValue v); /* what type(v) tells: not that for a namespace that programs see as a dict */
MvValue mv_repr(MvVM *vm, MvValue v);       /* a str */
MvValue mv_str(MvVM *vm, MvValue v);        /* str(v) */
MvValue mv_ascii(MvVM *vm, MvValue v);
MvValue mv_format(MvVM *vm, MvValue v, MvValue spec);
bool mv_hash(MvVM *vm, MvValue v, uint64_t *hash);                  /* the program-visible hash; false: raised */
MvValue mv_compare(MvVM *vm, int op, MvValue a, MvValue b);         /* MV_COMPARE_*; any value */
MvValue mv_compare_own(MvVM *vm, int op, MvValue a, MvValue b); /* a's own opinion, or NotImplemented; counts no level */
MvValue mv_compare_declined(MvVM *vm, int op, MvValue a, MvValue b); /* goes on after a's own method returned NotImplemented */
int mv_compare_truth(MvVM *vm, int op, MvValue a, MvValue b);       /* 0, 1, -1 */
int mv_equal(MvVM *vm, MvValue a, MvValue b);                       /* identity or ==, as containers compare */
bool mv_is(MvValue a, MvValue b);
MvValue mv_binary(MvVM *vm, int op, MvValue a, MvValue b);          /* MV_BINARY_* */
/* Goes on after a method returned NotImplemented: a's own, b's reflected one, a's for the augmented assignment. */
MvValue mv_binary_declined(MvVM *vm, int op, MvValue a, MvValue b, bool augmented);
MvValue mv_reflected_declined(MvVM *vm, int op, MvValue a, MvValue b, bool augmented);
MvValue mv_inplace_declined(MvVM *vm, int op, MvValue a, MvValue b); /* neither is a sequence with the operator */
MvValue mv_inplace(MvVM *vm, int op, MvValue a, MvValue b);
MvValue mv_power(MvVM *vm, MvValue a, MvValue b, MvValue modulus);  /* modulus may be None */
MvValue mv_unary(MvVM *vm, int special, MvValue a);                 /* MV_SP_NEG, POS, INVERT, ABS */
int mv_truth(MvVM *vm, MvValue v);                                  /* 0, 1, -1 */
int64_t mv_length(MvVM *vm, MvValue v);                             /* -1: raised */
int64_t mv_length_hint(MvVM *vm, MvValue v, int64_t otherwise);
MvValue mv_get_item(MvVM *vm, MvValue container, MvValue key);
bool mv_set_item(MvVM *vm, MvValue container, MvValue key, MvValue value);
bool mv_delete_item(MvVM *vm, MvValue container, MvValue key);
/* Raises what CPython does for container[key] = value (del container[key] for UNASSIGNED) where the class has no such thing; false. */
bool mv_refuse_item(MvVM *vm, MvClass *cls, MvValue key, MvValue value);
int mv_contains(MvVM *vm, MvValue container, MvValue item);
MvValue mv_iter(MvVM *vm, MvValue v);
MvValue mv_next(MvVM *vm, MvValue iterator);                        /* UNASSIGNED: exhausted (StopIteration swallowed); MV_EXC */
MvValue mv_call(MvVM *vm, MvValue callee, MvValue *args, int64_t nargs, MvValue kwnames); /* args may lie anywhere; kwnames 0: none */
MvValue mv_call1(MvVM *vm, MvValue callee, MvValue a);
MvValue mv_call_method(MvVM *vm, MvValue object, MvValue name, MvValue *args, int64_t nargs);
MvValue mv_get_attr(MvVM *vm, MvValue object, MvValue name);        /* name: interned str, here and below (mv_intern) */
MvValue mv_get_attr_to_call(MvVM *vm, MvValue object, MvValue name); /* for object.name(): an AttributeError may stay without name and obj, as there */
MvValue mv_get_attr_or(MvVM *vm, MvValue object, MvValue name);     /* UNASSIGNED instead of AttributeError */
bool mv_set_attr(MvVM *vm, MvValue object, MvValue name, MvValue value); /* value UNASSIGNED: delete */
MvValue mv_index(MvVM *vm, MvValue v);                              /* __index__: an int (any size); TypeError "'X' object cannot be interpreted as an integer" */
bool mv_index_i64(MvVM *vm, MvValue v, int64_t *out, bool clip);    /* clip: saturate; else OverflowError "cannot fit 'int' into an index-sized integer" */
bool mv_to_double(MvVM *vm, MvValue v, double *out);                /* float(v) for numbers: int, float, __float__, __index__; TypeError "must be real number, not X" */
MvValue mv_is_instance(MvVM *vm, MvValue v, MvValue cls);           /* True/False/EXC: classes and tuples, __instancecheck__ */
MvValue mv_is_subclass_value(MvVM *vm, MvValue v, MvValue cls);     /* issubclass(v, cls) */
bool mv_is_subclass(const MvClass *cls, const MvClass *base);       /* by MRO alone */
bool mv_is_exact(MvVM *vm, MvValue v, int class_id);                /* class is exactly the builtin one */
bool mv_is_callable(MvVM *vm, MvValue v);
/* An iteration from C; for (...) { v = mv_next(...) } over exact lists and tuples without iterator objects. */
typedef struct MvEach { MvValue source; int64_t index; int mode; } MvEach;
bool mv_each_begin(MvVM *vm, MvEach *each, MvValue iterable);
MvValue mv_each_next(MvVM *vm, MvEach *each);                       /* UNASSIGNED at the end */
/* Slices: the three members to clipped indices for `length`, as slice.indices; false: raised */
bool mv_slice_indices(MvVM *vm, MvValue slice, int64_t length, int64_t *start, int64_t *stop, int64_t *step, int64_t *count);

/* ---- class.c: classes, attribute look-up, descriptors ---- */
MvNameCell *mv_class_find(MvVM *vm, MvClass *cls, MvValue name, MvClass **holder); /* through the MRO, cached; NULL: absent */
MvValue mv_class_lookup(MvVM *vm, MvClass *cls, MvValue name);      /* UNASSIGNED: absent; no descriptor call */
MvValue mv_special(MvVM *vm, MvClass *cls, int special);            /* MV_SP_*; UNASSIGNED: absent */
MvValue mv_call_special(MvVM *vm, MvValue function, MvValue self, MvValue *args, int64_t nargs); /* function from mv_special */
MvValue mv_class_new(MvVM *vm, MvValue metaclass, MvValue name, MvTuple *bases, MvDict *names, MvValue kwargs);
bool mv_class_set(MvVM *vm, MvClass *cls, MvValue name, MvValue value); /* type.__setattr__ */
MvValue mv_instance_new(MvVM *vm, MvClass *cls);                    /* object of the class's payload kind, payload zero (valid) */
MvValue mv_object_new_checked(MvVM *vm, MvClass *cls, MvValue *args, int64_t nargs, MvValue kwnames); /* object.__new__ */
MvValue mv_generic_get_attr(MvVM *vm, MvValue object, MvValue name, bool *absent); /* absent != NULL: set instead of raising */
bool mv_generic_set_attr(MvVM *vm, MvValue object, MvValue name, MvValue value);
MvValue mv_class_qualified_name(MvVM *vm, MvClass *cls);            /* "module.qualname", or qualname for builtins */
const char *mv_class_c_name(MvVM *vm, MvClass *cls);                /* UTF-8, valid until the next allocation */

/* A Mini function or a builtin's unbound method: what a look-up through an instance may call with self in front, without a bound method. */
bool mv_is_method_descriptor(MvVM *vm, MvValue v);
/* v.__get__(instance, cls) if v's class has it, else v; instance UNASSIGNED: through the class. */
MvValue mv_descriptor_bind(MvVM *vm, MvValue v, MvValue instance, MvValue cls);

/* ---- function.c: builtin functions, methods, binding of arguments ---- */
const MvMethodDef *mv_builtin_def(uint32_t id);
MvValue mv_builtin_new(MvVM *vm, uint32_t id, MvValue self);
MvValue mv_method_new(MvVM *vm, MvValue function, MvValue self);
bool mv_keywords_none(MvVM *vm, const char *function, MvValue kwnames); /* TypeError "f() takes no keyword arguments" */
/* For slots (make, init, call) and RAW_KEYWORDS functions: bind by a params string as MvMethodDef's into out[]; function names the errors. */
bool mv_bind(MvVM *vm, const char *function, const char *params, MvValue *args, int64_t nargs, MvValue kwnames, MvValue *out);
bool mv_count_args(MvVM *vm, const char *function, int64_t nargs, int64_t min, int64_t max); /* "f expected at most 2 arguments, got 3" */

/* ---- intern.c, str*.c ---- */
MvValue mv_intern(MvVM *vm, MvValue str);
MvValue mv_intern_c(MvVM *vm, const char *ascii);
MvStr *mv_str_new(MvVM *vm, int64_t length, uint32_t max_char);     /* characters to be filled at ->data; NULL: raised */
MvValue mv_str_from_ascii(MvVM *vm, const char *text, int64_t length);
MvValue mv_str_from_c(MvVM *vm, const char *ascii);
MvValue mv_str_from_utf8(MvVM *vm, const char *text, int64_t length); /* lone surrogates encoded the CESU way are accepted; MV_EXC on bad UTF-8 */
MvValue mv_str_from_char(MvVM *vm, uint32_t c);
MvValue mv_str_substring(MvVM *vm, const MvStr *s, int64_t start, int64_t end);
MvValue mv_str_concat(MvVM *vm, MvValue a, MvValue b);              /* both str; may extend a's buffer in place */
MvValue mv_str_join(MvVM *vm, MvValue separator, MvValue iterable);
bool mv_str_hash(MvVM *vm, MvStr *s, uint64_t *hash);               /* false: a poll stopped it */
bool mv_str_equal(const MvStr *a, const MvStr *b);
int mv_str_order(const MvStr *a, const MvStr *b);                   /* -1, 0, 1 by code point */
int64_t mv_str_find(MvVM *vm, const MvStr *haystack, const MvStr *needle, int64_t start, int64_t end, bool reverse); /* -1 */
/* UTF-8 of a str in a RAW object (NUL-terminated); surrogates: 0 raise UnicodeEncodeError, 1 pass, 2 backslashreplace. NULL: raised */
MvRaw *mv_str_to_utf8(MvVM *vm, MvValue s, int surrogates);         /* ->used bytes */
bool mv_str_is_c(MvValue v, const char *ascii);
MV_INLINE uint32_t mv_str_char(const MvStr *s, int64_t i)
{
    switch (mv_str_shift(s)) {
    case 0: return ((const uint8_t *)s->data)[i];
    case 1: return ((const uint16_t *)s->data)[i];
    default: return ((const uint32_t *)s->data)[i];
    }
}
typedef struct MvBuilder { /* grows a text; ends as a canonical str */
    MvVM *vm;
    MvRaw *raw;
    int64_t length, capacity;
    int shift;
    uint32_t max_char;
    bool failed; /* MV_EXC is set; further calls do nothing */
} MvBuilder;
void mv_builder_begin(MvVM *vm, MvBuilder *b);
void mv_builder_char(MvBuilder *b, uint32_t c);
void mv_builder_ascii(MvBuilder *b, const char *text, int64_t length); /* length -1: strlen */
void mv_builder_str(MvBuilder *b, const MvStr *s);
void mv_builder_slice(MvBuilder *b, const MvStr *s, int64_t start, int64_t end);
void mv_builder_repeat(MvBuilder *b, uint32_t c, int64_t count);
bool mv_builder_value(MvBuilder *b, MvValue v, bool repr);          /* str() or repr() of v */
MvValue mv_builder_end(MvBuilder *b);                               /* str, or MV_EXC */

/* ---- int*.c, float.c, format*.c ---- */
MvValue mv_int_from_i64(MvVM *vm, int64_t i);
MvValue mv_int_from_u64(MvVM *vm, uint64_t i);
MvValue mv_int_from_double(MvVM *vm, double d);                     /* truncates; OverflowError, ValueError for inf and nan */
MvValue mv_int_from_limbs(MvVM *vm, bool negative, const uint64_t *limbs, int64_t count);
MvValue mv_int_from_str(MvVM *vm, MvValue str, int base);           /* int(str, base) with CPython's errors */
MvValue mv_int_exact(MvVM *vm, MvValue v);                          /* the plain int of an int, bool or int-subclass instance */
bool mv_is_int_like(MvValue v);                                     /* fixnum, big int, bool, instance of a subclass of int */
bool mv_int_to_i64(MvValue v, int64_t *out);                        /* int-like; false: does not fit */
int mv_int_sign(MvValue v);
MvValue mv_int_binary(MvVM *vm, int op, MvValue a, MvValue b);      /* ints of any kind, else NotImplemented */
int mv_int_order(MvValue a, MvValue b);                             /* -1, 0, 1; int-likes */
double mv_int_to_double(MvVM *vm, MvValue v, bool *overflow);       /* correctly rounded */
MvValue mv_int_to_str(MvVM *vm, MvValue v, int base, bool prefix);  /* base 2, 8, 10, 16; 10: the 4300-digit limit */
MvValue mv_float_new(MvVM *vm, double d);
MV_INLINE bool mv_is_float_like(MvValue v) { return mv_is_float(v) || mv_is_kind(v, MV_KIND_FLOAT); }
MV_INLINE double mv_float_value(MvValue v) { return mv_is_float(v) ? mv_word_double(v) : MV_CAST(MvFloat, v)->value; }
MvValue mv_float_repr(MvVM *vm, double d);
MvValue mv_float_power(MvVM *vm, double a, double b);               /* errors as float.__pow__ (negative base refused: complex is not in Mini) */
bool mv_float_mod(MvVM *vm, double a, double b, double *quotient, double *remainder); /* ZeroDivisionError */
int mv_number_compare(MvValue a, MvValue b, int op);                /* int-like or float-like: exact comparison, 0 or 1 */
MvValue mv_str_percent(MvVM *vm, MvValue format, MvValue args);     /* format % args */
MvValue mv_str_format_method(MvVM *vm, MvValue self, MvValue *args, int64_t nargs, MvValue kwnames);

/* ---- list.c, tuple.c, dict.c, set.c, range.c, iterators.c ---- */
MvValue mv_list_new(MvVM *vm, int64_t capacity);
bool mv_list_append(MvVM *vm, MvList *list, MvValue v);
bool mv_list_reserve(MvVM *vm, MvList *list, int64_t capacity);
bool mv_list_extend(MvVM *vm, MvList *list, MvValue iterable);
MvValue mv_list_from(MvVM *vm, const MvValue *items, int64_t count);
MvValue mv_list_from_iterable(MvVM *vm, MvValue iterable);
bool mv_list_sort(MvVM *vm, MvList *list, MvValue key, bool reverse);
MvTuple *mv_tuple_new(MvVM *vm, int64_t length);                    /* items zero, to be filled before the next allocation or by mv_store */
MvValue mv_tuple_from(MvVM *vm, const MvValue *items, int64_t count);
MvValue mv_tuple_from_iterable(MvVM *vm, MvValue iterable);
MvValue mv_dict_new(MvVM *vm);
MvValue mv_dict_get(MvVM *vm, MvDict *dict, MvValue key);           /* UNASSIGNED: absent; MV_EXC: hash or == raised */
bool mv_dict_set(MvVM *vm, MvDict *dict, MvValue key, MvValue value);
int mv_dict_delete(MvVM *vm, MvDict *dict, MvValue key);            /* 1 deleted, 0 absent, -1 raised */
bool mv_dict_update(MvVM *vm, MvDict *dict, MvValue mapping_or_pairs);
MvValue mv_dict_copy(MvVM *vm, MvDict *dict);
/* Iteration from C: *position starts at 0; false at the end. Safe against changes (no stale memory), not against missing some. */
bool mv_dict_next(const MvDict *dict, int64_t *position, MvValue *key, MvValue *value);
/* Interned-string keys only: no Mini code can run, nothing raises. The entry, or NULL. */
MvDictEntry *mv_dict_find_name(const MvDict *dict, MvValue name);
void mv_dict_clear(MvVM *vm, MvDict *dict);
MvValue mv_set_new(MvVM *vm, int class_id);                         /* MV_CLASS_SET or MV_CLASS_FROZENSET */
bool mv_set_add(MvVM *vm, MvSet *set, MvValue key);
int mv_set_contains(MvVM *vm, MvSet *set, MvValue key);
bool mv_set_update(MvVM *vm, MvSet *set, MvValue iterable);
MvValue mv_range_new(MvVM *vm, MvValue start, MvValue stop, MvValue step);
MvValue mv_iter_new(MvVM *vm, int class_id, MvValue a, MvValue b, MvValue c);
/* Guards repr of recursive containers: 1 entered, 0 already being printed, -1 raised; pair with mv_repr_leave. */
int mv_repr_enter(MvVM *vm, MvValue container);
void mv_repr_leave(MvVM *vm, MvValue container);
#define MV_REPR_NAMESPACE(target) ((target) ^ MV_TAG_POINTER) /* stands for the __dict__ of a target that may be a container itself: an int */

/* ---- output (output.c) ---- */
bool mv_write(MvVM *vm, MvOutput *output, const char *bytes, int64_t count); /* false: raised or ending */
bool mv_flush(MvVM *vm, MvOutput *output);
void mv_file_trace(MvVM *vm, MvObject *file);                       /* file.c, for trace.c: marks with mv_mark_value (arena.h) */

/* ---- interp.c, generator.c, module.c, traceback.c ---- */
MvValue mv_interpret(MvVM *vm, MvValue callee, MvValue *args, int64_t nargs, MvValue kwnames); /* callee a FUNCTION */
MvValue mv_generator_next(MvVM *vm, MvGenerator *generator); /* UNASSIGNED: it has returned, or had before */
MvValue mv_generator_send(MvVM *vm, MvGenerator *generator, MvValue value, MvValue *result); /* MV_TRUE yielded, MV_FALSE returned: *result; MV_EXC */
MvValue mv_import(MvVM *vm, MvValue name);                          /* absolute dotted name */
MvModule *mv_module_new(MvVM *vm, MvValue name);
MvValue mv_module_get(MvVM *vm, MvModule *module, MvValue name);    /* UNASSIGNED: absent */
bool mv_module_set(MvVM *vm, MvModule *module, MvValue name, MvValue value);
MvValue mv_traceback_text(MvVM *vm, MvValue exception);             /* the whole report, as CPython prints it, ending in a newline */
MvValue mv_frame_locals(MvVM *vm);                                  /* of the running Mini frame: dict */
MvValue mv_frame_globals(MvVM *vm);                                 /* NAMESPACE of its module */

/* ---- names.h: frequently used names ---- */

