/* modules.c: the modules in C, by number. ORDER modules: ids of their functions (function.h) count by place in this
 * table. */
#include "numbers.h"
#include "protocol.h"

extern const MvModuleDef mv_module_sys;  /* module_sys.c */
extern const MvModuleDef mv_module_time; /* module_time.c */

const MvModuleDef *const mv_module_defs[] = {&mv_module_sys, &mv_module_time, &mv_module_math, NULL};
