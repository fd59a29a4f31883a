/* How a builtin class is declared: one const MvTypeDef in the file of the type, listed in gen/types.h.
 *
 * Conventions for all C functions that work on values:
 * - The native stack and the VM stack are scanned conservatively: locals need no rooting. Objects never move.
 * - A function that returns MvValue returns MV_EXC after raising; int results use -1, pointers NULL.
 * - Every store of a value into an object that may have been allocated before the last allocation goes through mv_store() or is followed
 *   by mv_barrier() on the object that CONTAINS the word (a list's items are contained in its store object).
 * - Fresh objects come zeroed. All words of a payload that tracing looks at must be valid values before the next allocation (0 is valid).
 * - A loop whose length data decides calls mv_poll(vm) at least every 4096 cheap steps and returns when it says true.
 * - Code that may run Mini code (mv_equal, mv_hash, mv_call, ...) must expect containers to change under it. */
#pragma once
#include "object.h"

/* args[0..nargs) positional (args[0] is self for methods), then the values of the keywords that the tuple kwnames (0: none) names. */
typedef MvValue (*MvBuiltinFn)(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames);

enum { /* MvMethodDef.flags */
    MV_DEF_STATIC = 1, /* staticmethod: no self */
    MV_DEF_CLASS = 2,  /* classmethod: args[0] is the class */
    MV_DEF_RAW_KEYWORDS = 4, /* the function takes kwnames itself */
    MV_DEF_ANY_SELF = 8,     /* do not check self's class (functions of modules, object's methods) */
    MV_DEF_WRAPPER = 16,     /* a slot wrapper: the class is wrapper_descriptor */
    MV_DEF_NEW = 32,         /* __new__: args[0] is the class */
    MV_DEF_NAME_ONLY = 64,   /* count errors name the function alone even in the METH_O and METH_NOARGS styles */
    MV_DEF_COUNTED = 128,    /* calls count against the recursion limit from warm places, too, though the row does not look so (calling.h) */
    MV_DEF_UNCOUNTED = 256,  /* the contrary */
};

typedef struct MvMethodDef {
    const char *name;
    MvBuiltinFn fn;
    int16_t min, max; /* positional arguments without self; max -1: any number. Not used if params is set */
    uint16_t flags;
    /* If not NULL the dispatcher binds positional and keyword arguments by this list and calls fn with one word for each name (UNASSIGNED where
       absent), after self. Comma-separated: `name` required, `name?` optional, `/` ends the positional-only ones, `*` starts the keyword-only ones.
       Example: "/,*,key?,reverse?" or "sep?,maxsplit?". Count errors take CPython's wording ("sort() takes no positional arguments", ...). */
    const char *params;
} MvMethodDef;

typedef struct MvGetSetDef {
    const char *name;
    MvValue (*get)(MvVM *vm, MvValue self);
    bool (*set)(MvVM *vm, MvValue self, MvValue value); /* value UNASSIGNED: delete. NULL: read-only */
} MvGetSetDef;

/* Slots take any instance whose payload kind is the class's, subclasses' instances included. NULL: inherited from the base or absent. */
typedef struct MvTypeDef {
    int kind;
    uint32_t size; /* bytes of the fixed payload, header included; attribute slots follow. Varying payloads: of the fixed part */
    MvValue (*repr)(MvVM *, MvValue self);
    MvValue (*str)(MvVM *, MvValue self);
    bool (*hash)(MvVM *, MvValue self, uint64_t *hash); /* false: raised */
    MvValue (*compare)(MvVM *, int op, MvValue a, MvValue b); /* a has the payload; result or NotImplemented */
    MvValue (*binary)(MvVM *, int op, MvValue a, MvValue b);  /* a or b has the payload; result or NotImplemented */
    MvValue (*inplace)(MvVM *, int op, MvValue a, MvValue b); /* a has the payload; result or NotImplemented (then binary is tried) */
    MvValue (*unary)(MvVM *, int special, MvValue a);         /* MV_SP_NEG, POS, INVERT, ABS, INT, FLOAT, INDEX; NotImplemented: no such operation */
    int (*truth)(MvVM *, MvValue self);                       /* 0, 1, -1 raised */
    int64_t (*length)(MvVM *, MvValue self);
    MvValue (*get_item)(MvVM *, MvValue self, MvValue key);
    bool (*set_item)(MvVM *, MvValue self, MvValue key, MvValue value); /* value UNASSIGNED: delete */
    int (*contains)(MvVM *, MvValue self, MvValue item);
    MvValue (*iter)(MvVM *, MvValue self);
    MvValue (*next)(MvVM *, MvValue self); /* UNASSIGNED: exhausted, nothing raised */
    MvValue (*call)(MvVM *, MvValue self, MvValue *args, int64_t nargs, MvValue kwnames);
    MvValue (*get_attr)(MvVM *, MvValue self, MvValue name);  /* replaces the generic look-up (modules, classes, super, ...) */
    bool (*set_attr)(MvVM *, MvValue self, MvValue name, MvValue value); /* value UNASSIGNED: delete */
    MvValue (*descriptor_get)(MvVM *, MvValue self, MvValue instance, MvValue cls); /* instance UNASSIGNED: through the class */
    bool (*descriptor_set)(MvVM *, MvValue self, MvValue instance, MvValue value);
    MvValue (*make)(MvVM *, MvClass *cls, MvValue *args, int64_t nargs, MvValue kwnames); /* tp_new: args without the class */
    bool (*init)(MvVM *, MvValue self, MvValue *args, int64_t nargs, MvValue kwnames);   /* tp_init: args without self */
    MvValue (*format)(MvVM *, MvValue self, MvValue spec);
    const MvMethodDef *methods; /* ended by a NULL name */
    const MvGetSetDef *getsets; /* ended by a NULL name */
    bool unhashable; /* __hash__ is None */
} MvTypeDef;

#define MV_DECLARE_TYPE(ID, name, BASE, KIND, subclassable, visible) extern const MvTypeDef mv_type_##ID;
MV_CLASSES(MV_DECLARE_TYPE)
bool mv_super_hashes(MvVM *vm, MvValue self, MvValue name); /* type_descriptor.c */
extern const MvTypeDef mv_type_EXCEPTION; /* all exception classes; what differs by class is in exceptions.c */

/* A module in C: its functions; constants are added by init. */
typedef struct MvModuleDef {
    const char *name;
    const MvMethodDef *functions;
    bool (*init)(MvVM *, MvModule *module); /* may be NULL */
} MvModuleDef;
extern const MvModuleDef *const mv_module_defs[]; /* NULL-terminated; modules.c */
