/* struct_sequence.h: tuples with named fields, as sys.version_info and time.struct_time; classes made by the
 * runtime. */
#pragma once
#include "checked.h"
#include "protocol.h"

/* A subclass of tuple whose fields (ended by a NULL name) are read-only attributes; a program can make instances of it
 * if `open`, with at least as many items. MV_EXC after raising. */
MvValue mv_struct_class_new(MvVM *vm, const char *module, const char *name, const MvGetSetDef *fields, int count,
                            bool open);
MvValue mv_struct_new(MvVM *vm, MvValue cls, const MvValue *items, int64_t count);
/* A types.SimpleNamespace-like object without attributes; they are set with mv_set_attr. */
MvValue mv_simple_namespace_new(MvVM *vm);

/* In the function table of the module sys, from where they are taken: not to be seen there. */
#define MV_STRUCT_REPR " struct repr"
#define MV_STRUCT_NEW " struct new"
#define MV_STRUCT_REFUSE " struct refuse"
#define MV_NAMESPACE_REPR " namespace repr"
MvValue mv_struct_make(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames);
MvValue mv_struct_refuse(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames);
MvValue mv_struct_repr(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames);
MvValue mv_simple_namespace_repr(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames);

/* The getter of item n, for tables of fields. */
#define MV_STRUCT_FIELDS(X) \
    X(0) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) X(10) X(11) X(12) X(13) X(14) X(15) X(16) X(17)
#define MV_STRUCT_GETTER(n) MvValue mv_struct_field_##n(MvVM *vm, MvValue self);
MV_STRUCT_FIELDS(MV_STRUCT_GETTER)
#undef MV_STRUCT_GETTER
/* the setter of what CPython calls a read-only member */
bool mv_readonly_attribute(MvVM *vm, MvValue self, MvValue value);
#define MV_STRUCT_FIELD(n, name) {name, mv_struct_field_##n, mv_readonly_attribute}
