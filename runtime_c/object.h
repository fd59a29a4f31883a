/* Layouts of heap objects. Every object starts with MvObject; its size is a multiple of 16 bytes, its address too.
 *
 * `kind` is the payload layout (gen/types.h), `shape` gives class and attribute slots. An instance of a user class that derives
 * from a builtin has the builtin's kind and payload, and its attribute slots behind the payload (fixed-size payloads) or in a
 * store that the last word of the object points to (STR, INT, TUPLE: payloads of varying size).
 * aux: bits 0..9 the object's size in 16-byte granules (0: a large object, the heap knows its size), bits 10..15 flags of the kind. */
#pragma once
#include "gen/types.h"
#include "value.h"

typedef struct MvVM MvVM;

typedef struct MvObject {
    uint32_t shape;
    uint8_t gc;
    uint8_t kind;
    uint16_t aux;
} MvObject;

enum { /* MvObject.gc */
    MV_GC_OLD_CLEAN = 1,    /* survived a collection and is not in the log: a pointer store must log it */
    MV_GC_HAS_POINTERS = 2, /* payload or slots may hold pointers to trace */
    MV_GC_STATIC = 4,       /* not in the heap; never marked, never written */
};
#define MV_AUX_SIZE_MASK 0x3FF
#define MV_AUX_FLAG(n) (1u << (10 + (n)))

MV_INLINE MvObject *mv_object(MvValue v) { return (MvObject *)(v - MV_TAG_POINTER); }
MV_INLINE MvValue mv_value(const void *object) { return (MvValue)object + MV_TAG_POINTER; }
/* False for the reserved words too. */
MV_INLINE bool mv_is_kind(MvValue v, int kind) { return mv_is_pointer(v) && v > MV_UNASSIGNED && mv_object(v)->kind == kind; }
#define MV_CAST(Type, v) ((Type *)((v) - MV_TAG_POINTER))

/* The singletons, static and read-only. ORDER singletons: False and True are neighbours. */
typedef struct MvSingleton {
    MvObject h;
    uint64_t number;
} MvSingleton;
extern const MvSingleton mv_singletons[5] __attribute__((visibility("hidden"))); /* or their addresses would be loaded */
#define MV_FALSE mv_value(&mv_singletons[0])
#define MV_TRUE mv_value(&mv_singletons[1])
#define MV_NONE mv_value(&mv_singletons[2])
#define MV_ELLIPSIS mv_value(&mv_singletons[3])
#define MV_NOTIMPLEMENTED mv_value(&mv_singletons[4])
MV_INLINE MvValue mv_bool(bool b) { return MV_FALSE + (b ? sizeof(MvSingleton) : 0); }

typedef struct MvFloat { /* exact floats outside the immediate range, and all instances of subclasses */
    MvObject h;
    double value;
} MvFloat;

typedef struct MvInt { /* magnitude beyond fixnums (normalised), or any value in an instance of a subclass */
    MvObject h;
    int64_t size; /* limb count, negative for negative numbers; 0 is zero (subclass instances only) */
    uint64_t limbs[];
} MvInt;

typedef struct MvStr { /* characters of `width` bytes each at `data`; the narrowest width that holds them (canonical) */
    MvObject h;
    uint64_t hash; /* 0: not computed */
    int64_t length;
    void *data; /* behind this header, or inside the RAW object that the word behind this header points to (MV_STR_SHARED) */
} MvStr;
#define MV_STR_WIDTH_SHIFT 10 /* aux bits 10, 11: log2 of the width: 0, 1, 2 */
#define MV_STR_ASCII MV_AUX_FLAG(2)
#define MV_STR_INTERNED MV_AUX_FLAG(3)
#define MV_STR_SHARED MV_AUX_FLAG(4)     /* characters live in another object: *(MvValue *)(str + 1) */
#define MV_STR_NAME_CACHED MV_AUX_FLAG(5) /* some inline cache depends on a lookup of this (interned) name */
MV_INLINE int mv_str_shift(const MvStr *s) { return (s->h.aux >> MV_STR_WIDTH_SHIFT) & 3; }

typedef struct MvStore { /* an array of values that belongs to one list, closure, window, ...; zeroed beyond its owner's length */
    MvObject h;
    int64_t length;
    MvValue items[];
} MvStore;

#define MV_STORE_RAW MV_AUX_FLAG(0) /* words that need not be values: the registers of a suspended generator */

typedef struct MvRaw { /* bytes without pointers; `used` is the extent that strings share (string building in place) */
    MvObject h;
    int64_t capacity;
    int64_t used;
    int64_t pad;
    uint8_t data[];
} MvRaw;

typedef struct MvList {
    MvObject h;
    int64_t length;
    MvValue *items; /* &store->items[0], or NULL while capacity is 0 */
    int64_t capacity;
} MvList;
MV_INLINE MvStore *mv_list_store(const MvList *list) { return (MvStore *)((char *)list->items - offsetof(MvStore, items)); }

typedef struct MvTuple {
    MvObject h;
    int64_t length;
    MvValue items[];
} MvTuple;

typedef struct MvDictEntry { /* key UNASSIGNED: deleted */
    uint64_t hash;           /* the program-visible hash of the key */
    MvValue key;
    MvValue value;
} MvDictEntry;

typedef struct MvDictTable { /* entries in insertion order, then the index: 2^log2_slots integers of index_width bytes, -1 empty, -2 deleted */
    MvObject h;
    int64_t fill;     /* entries used, deleted ones included */
    int64_t capacity; /* entries that fit */
    uint8_t log2_slots;
    uint8_t log2_index_width;
    uint8_t pad[6];
    MvDictEntry entries[];
} MvDictTable;

typedef struct MvDict { /* insertion-ordered; the index hashes with a remix of the visible hash */
    MvObject h;
    int64_t used;
    MvDictTable *table; /* never NULL; empty dicts share a static table of capacity 0 */
    uint64_t version;   /* changes with every insertion or removal of a key */
} MvDict;

typedef struct MvSetEntry { /* CPython's table: key 0 word with hash 0: empty; UNASSIGNED: dummy */
    uint64_t hash;
    MvValue key;
} MvSetEntry;

typedef struct MvSetTable {
    MvObject h;
    int64_t mask;
    MvSetEntry entries[];
} MvSetTable;

typedef struct MvSet { /* SET and FROZENSET */
    MvObject h;
    int64_t used;
    int64_t fill;
    MvSetTable *table;
    uint64_t hash; /* FROZENSET: 0 not computed */
    int64_t finger; /* set.pop */
} MvSet;

typedef struct MvRange {
    MvObject h;
    MvValue start, stop, step, length; /* ints of any size */
    int64_t pad;
} MvRange;

typedef struct MvSlice {
    MvObject h;
    MvValue start, stop, step;
} MvSlice;

typedef struct MvCell { /* a captured variable */
    MvObject h;
    MvValue value; /* or MV_UNASSIGNED */
} MvCell;

typedef struct MvNameCell { /* a module global or class attribute */
    MvObject h;
    MvValue value;       /* or MV_UNASSIGNED after del */
    MvValue name;        /* interned str */
    uint64_t dependents; /* how many registrations of compiled units assume it constant (depend.c) */
} MvNameCell;
#define MV_CELL_MUTABLE MV_AUX_FLAG(0) /* was rewritten: no longer assumed constant */
#define MV_CELL_CACHED MV_AUX_FLAG(1)  /* some inline cache holds the value or this cell */

typedef struct MvCode MvCode; /* frame.h */

typedef struct MvFunction {
    MvObject h;
    MvCode *code;
    struct MvModule *module;
    MvTuple *closure;    /* of cells; NULL: none */
    MvValue defaults;    /* tuple or None */
    MvValue kwdefaults;  /* dict or None */
    MvValue annotations; /* dict or None */
    MvValue name, qualname, doc, module_name;
    MvValue attributes; /* dict or UNASSIGNED: what the program sets on the function */
} MvFunction;

typedef struct MvBuiltin { /* a function or method in C, known by id; bound if self is not UNASSIGNED */
    MvObject h;
    uint32_t id; /* index for mv_builtin_def() */
    uint32_t owner; /* class id of the builtin class that it is a method of; MV_CLASS_COUNT: none */
    MvValue self;
    MvValue module_name;
} MvBuiltin;

typedef struct MvMethod {
    MvObject h;
    MvValue function;
    MvValue self;
} MvMethod;

typedef struct MvClass {
    MvObject h;
    MvValue name, qualname; /* str */
    MvTuple *bases;
    MvTuple *mro;
    MvDict *names;           /* name -> NAMECELL, in definition order */
    MvValue *specials;       /* MV_SPECIAL_COUNT values: 0 not looked up, UNASSIGNED absent; NULL before the first look-up */
    struct MvStore *specials_store;
    MvDict *subclasses;      /* class -> None; weak for full collections; NULL: none */
    MvValue metaclass;       /* its class: type or an internal metaclass */
    const struct MvTypeDef *def; /* of the builtin class whose payload the instances have (read-only memory) */
    uint32_t root_shape;     /* of new instances */
    uint32_t id;             /* builtin class id, or MV_CLASS_COUNT */
    uint32_t flags;
    uint16_t slot_hint;      /* inline slots to reserve in new instances */
    uint8_t payload_kind;
    uint8_t pad;
    uint32_t special_epoch;
    uint32_t pad2;
} MvClass;
enum { /* MvClass.flags */
    MV_CLASSF_BUILTIN = 1,       /* immutable, made by the runtime */
    MV_CLASSF_SUBCLASSABLE = 2,
    MV_CLASSF_NO_DICT = 4,       /* __slots__ all the way: instances take declared names only */
    MV_CLASSF_GETATTR = 8,       /* __getattribute__ or __getattr__ overridden somewhere in the MRO */
    MV_CLASSF_SETATTR = 16,      /* __setattr__ or __delattr__ overridden */
    MV_CLASSF_EXCEPTION = 32,    /* derives from BaseException */
    MV_CLASSF_ABSTRACT = 64,     /* has abstract methods */
    MV_CLASSF_METACLASS = 128,   /* derives from type */
    MV_CLASSF_PLAIN_NEW = 256,   /* __new__ is object's: instances are made by the runtime alone */
    MV_CLASSF_WATCHED = 512,     /* compiled code assumes that it has no subclass */
    MV_CLASSF_NUMBER_ADD = 1024, /* derives from str, list or tuple, and + is an operator of numbers (operators.c): once so, always so */
    MV_CLASSF_NUMBER_MUL = 2048, /* the same of * */
    MV_CLASSF_NUMBER_IMUL = 4096, /* the same of *= */
};

typedef struct MvModule {
    MvObject h;
    MvDict *names; /* name -> NAMECELL */
    MvValue name, file, doc;
    MvCode *code;   /* NULL: a module in C */
    uint32_t state; /* 0 not run, 1 running, 2 done */
    uint32_t index; /* in the image */
    uint64_t pad;
} MvModule;

typedef struct MvTraceback { /* newest call last: `next` is one call deeper */
    MvObject h;
    MvValue next;     /* TRACEBACK or None */
    MvCode *code;
    int64_t word;     /* index of the instruction */
} MvTraceback;

typedef struct MvException {
    MvObject h;
    MvValue args;      /* tuple */
    MvValue traceback; /* TRACEBACK or None */
    MvValue cause, context; /* exception or None */
    MvValue suppress;  /* bool */
    MvValue notes;     /* list or UNASSIGNED */
    MvValue extra[5];  /* by class, see exceptions.c: StopIteration.value, SystemExit.code, OSError's five, ...; else UNASSIGNED */
} MvException;

typedef struct MvGenerator MvGenerator; /* frame.h */

typedef struct MvProperty {
    MvObject h;
    MvValue get, set, del, doc; /* or None */
    MvValue name;               /* or UNASSIGNED */
} MvProperty;

typedef struct MvWrapper { /* STATICMETHOD, CLASSMETHOD */
    MvObject h;
    MvValue function;
    MvValue attributes; /* dict or UNASSIGNED; instances of derived classes have theirs as all instances do */
} MvWrapper;

typedef struct MvSuper {
    MvObject h;
    MvValue cls, self, self_class; /* self UNASSIGNED: unbound */
} MvSuper;

typedef struct MvGetSet { /* attribute of a builtin class, computed in C; def in read-only memory */
    MvObject h;
    const struct MvGetSetDef *def;
    MvValue owner; /* class */
    int64_t pad;
} MvGetSet;

typedef struct MvMember { /* attribute declared in __slots__ */
    MvObject h;
    MvValue name, owner;
    MvValue key; /* under which shapes know it: no identifier, so that it lies apart from a __dict__'s `name` and from a base's slot of that name */
} MvMember;

typedef struct MvIter { /* all builtin iterators; the class tells which, see iterators.c for the use of the fields */
    MvObject h;
    int64_t index;
    MvValue a, b, c;
    int64_t extra;
} MvIter;

typedef struct MvDictView {
    MvObject h;
    MvValue dict;
} MvDictView;

typedef struct MvNamespace { /* view of the attributes of an instance, class or module, or of a dict (namespace.c) */
    MvObject h;
    MvValue target;
    MvValue mirror;           /* a dict with what the target held when it was last asked; 0: not asked yet */
    MvValue names;            /* the dict whose keys were those of the mirror when its version was `version`; 0: none known */
    uint64_t version;
    uint32_t shape;           /* the target's when the names of the mirror were right; 0: not known */
    struct MvNamespace *next; /* in its chain of vm->namespaces; weak */
} MvNamespace;
typedef struct MvNamespaces { /* chains of those that are NAMESPACE_DICTs, by target */
    MvNamespace **chains;
    uint32_t mask, count;
} MvNamespaces;

typedef struct MvHandle { /* a value of the host, or a host function, by number */
    MvObject h;
    uint64_t number;
    MvValue name;
    uint64_t pad;
} MvHandle;
