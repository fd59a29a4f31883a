/* struct_sequence.h: tuples with named fields, as sys.version_info and time.struct_time; classes made by the runtime. */
#pragma once
#include "checked.h"
#include "protocol.h"

/* A subclass of tuple whose fields (ended by a NULL name) are read-only attributes; `visible` of them are items. MV_EXC after raising. */
MvValue mv_struct_class_new(MvVM *vm, const char *module, const char *name, const MvGetSetDef *fields, int visible);
MvValue mv_struct_new(MvVM *vm, MvValue cls, const MvValue *items, int64_t count);
/* A types.SimpleNamespace-like object without attributes; they are set with mv_set_attr. */
MvValue mv_simple_namespace_new(MvVM *vm);

/* In the function table of the module sys, from where they are taken: not to be seen there. */
#define MV_STRUCT_REPR " struct repr"
#define MV_NAMESPACE_REPR " namespace repr"
MvValue mv_struct_repr(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames);
MvValue mv_simple_namespace_repr(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames);

/* The getter of item n, for tables of fields. */
#define MV_STRUCT_FIELDS(X) \
    X(0) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) X(10) X(11) X(12) X(13) X(14) X(15) X(16) X(17)
#define MV_STRUCT_GETTER(n) MvValue mv_struct_field_##n(MvVM *vm, MvValue self);
MV_STRUCT_FIELDS(MV_STRUCT_GETTER)
#undef MV_STRUCT_GETTER
#define MV_STRUCT_FIELD(n, name) {name, mv_struct_field_##n, NULL}
