/* What sort.c and sort_merge.c share: two arrays that are permuted together, and how to compare the keys. */
#pragma once
#include "sequence.h"

typedef enum {
    MV_SORT_ANY,    /* mv_compare: may run Mini code, may raise */
    MV_SORT_INT,    /* all keys fixnums */
    MV_SORT_FLOAT,  /* all keys immediate floats */
    MV_SORT_BYTES,  /* all keys exact strs of one-byte characters */
    MV_SORT_STR,    /* all keys exact strs */
    MV_SORT_TUPLE,  /* all keys exact tuples, not empty */
} MvSortMode;

typedef struct MvSortRun {
    int64_t start, length;
    int power; /* of the boundary to the next run */
} MvSortRun;

typedef struct MvSort { /* lives on the C stack: the pointers keep the stores alive */
    MvVM *vm;
    MvValue *keys;
    MvValue *values;      /* NULL: the keys are what is sorted */
    int64_t count;
    MvSortMode mode;
    MvClass *cls;         /* in MV_SORT_ANY the class that all keys are of, in MV_SORT_TUPLE all first items, if it is asked itself; or NULL */
    uint32_t steps;       /* comparisons, for polls */
    MvValue *spare_keys;  /* scratch of spare_capacity each */
    MvValue *spare_values;
    int64_t spare_capacity;
    int64_t gallop;       /* wins in a row after which a merge searches instead of comparing one by one */
    int run_count;
    MvSortRun runs[85];
} MvSort;

/* Stable; the same comparisons in the same order as CPython 3.11. false: raised, the arrays hold a permutation. */
bool mv_sort_merge(MvSort *sort);
/* Keys of a total order, many and in no order: 1 sorted (stable), 0 not a case for it, nothing changed; -1: raised. */
int mv_sort_radix(MvSort *sort);
