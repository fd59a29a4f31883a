/* Ids of builtin functions and the tables that they number. */
#pragma once
#include "protocol.h"

enum { MV_GROUP_FUNCTIONS = MV_CLASS_COUNT, MV_GROUP_WRAPPERS, MV_GROUP_MODULES };
#define MV_BUILTIN_ID(group, index) ((uint32_t)(group) << 12 | (uint32_t)(index))
extern const MvMethodDef mv_builtin_functions[]; /* builtin_functions.c, ended by a NULL name */
extern const MvMethodDef mv_wrapper_defs[];      /* wrappers.c, ended by a NULL name */
const MvTypeDef *mv_class_def(int class_id);
MvValue mv_builtin_make(MvVM *vm, int class_id, uint32_t id, uint32_t owner, MvValue self);
/* wrappers.c: adds the special methods that a builtin class's slots stand for to its names. */
bool mv_wrappers_install(MvVM *vm, MvClass *cls);
void mv_signatures_free(MvVM *vm);
/* Whether the descriptor of a builtin class method can be bound to it: a class, its own or derived from it; else raises. */
bool mv_class_method_applies(MvVM *vm, MvValue descriptor, MvValue cls);
