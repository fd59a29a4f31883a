/* builtin.h: the builtin functions and what their files offer to others. */
#pragma once
#include "checked.h"
#include "protocol.h"

/* All of MV_BUILTIN_FUNCTIONS but __build_class__, ended by a NULL name; builtin_functions.c. */
extern const MvMethodDef mv_builtin_functions[];
/* What of its flags makes a call without keywords more than counting the arguments. Functions of modules take no self. */
MV_INLINE unsigned mv_builtin_checks(const MvBuiltin *builtin, const MvMethodDef *def)
{
    unsigned flags = def->flags & ~(MV_DEF_COUNTED | MV_DEF_UNCOUNTED);
    return builtin->owner < MV_CLASS_COUNT ? flags : flags & ~(MV_DEF_ANY_SELF | MV_DEF_RAW_KEYWORDS);
}
#define MV_BUILTIN(name) MvValue mv_builtin_##name(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)

/* builtin_functions.c */
MV_BUILTIN(all);
MV_BUILTIN(any);
MV_BUILTIN(ascii);
MV_BUILTIN(format);
MV_BUILTIN(iter);
MV_BUILTIN(len);
MV_BUILTIN(max);
MV_BUILTIN(min);
MV_BUILTIN(next);
MV_BUILTIN(repr);
MV_BUILTIN(sorted);

/* builtin_print.c */
MV_BUILTIN(print);
MV_BUILTIN(input);
MV_BUILTIN(__display__);
/* writes str(v) or repr(v) to a file object by its write() */
bool mv_print_value(MvVM *vm, MvValue file, MvValue v, bool repr);

/* builtin_reflect.c */
MV_BUILTIN(callable);
MV_BUILTIN(delattr);
MV_BUILTIN(dir);
MV_BUILTIN(getattr);
MV_BUILTIN(globals);
MV_BUILTIN(hasattr);
MV_BUILTIN(hash);
MV_BUILTIN(id);
MV_BUILTIN(isinstance);
MV_BUILTIN(issubclass);
MV_BUILTIN(locals);
MV_BUILTIN(setattr);
MV_BUILTIN(vars);
MvValue mv_alias_dir(MvVM *vm, MvValue alias); /* of a generic alias: a list */
MvValue mv_dir(MvVM *vm, MvValue v);         /* dir(v): a sorted list; runs __dir__ */
/* object.__dir__, type.__dir__ or module.__dir__: an unsorted list of names without repetitions */
MvValue mv_default_dir(MvVM *vm, MvValue v);
MvValue mv_id(MvVM *vm, MvValue v);

/* builtin_numbers.c */
MV_BUILTIN(abs);
MV_BUILTIN(bin);
MV_BUILTIN(chr);
MV_BUILTIN(divmod);
MV_BUILTIN(hex);
MV_BUILTIN(oct);
MV_BUILTIN(ord);
MV_BUILTIN(pow);
MV_BUILTIN(round);
MV_BUILTIN(sum);

/* file_open.c */
MV_BUILTIN(open);
