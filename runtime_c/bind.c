/* Calls of Mini functions that need binding: defaults, keywords, *args, **kwargs; with CPython's errors.
 *
 * Works in place on the callee's registers: on entry base[0..nargs) are the positional arguments and the values of the keywords follow. Registers are
 * laid out as positional parameters, keyword-only ones, *args, **kwargs. */
#include "interp.h"

static MvValue param_name(const MvCode *code, int64_t i) { return code->parameter_names[i]; }

/* Names quoted and joined as CPython does: 'a', 'b', and 'c'. */
static MvValue join_names(MvVM *vm, const MvValue *names, int64_t count)
{
    MvBuilder b;
    mv_builder_begin(vm, &b);
    for (int64_t i = 0; i < count; i++) {
        if (i)
            mv_builder_ascii(&b, i < count - 1 ? ", " : count == 2 ? " and " : ", and ", -1);
        mv_builder_value(&b, names[i], true);
    }
    return mv_builder_end(&b);
}

static bool raise_missing(MvVM *vm, MvFunction *function, const MvValue *names, int64_t count, const char *kind)
{
    MvValue text = join_names(vm, names, count);
    if (text != MV_EXC)
        mv_type_error(vm, "%S() missing %d required %s argument%s: %S", function->qualname, count, kind, count == 1 ? "" : "s", text);
    return false;
}

static bool raise_too_many(MvVM *vm, MvFunction *function, int64_t given, int64_t keyword_only_given)
{
    const MvCode *code = function->code;
    int64_t defaults = function->defaults == MV_NONE ? 0 : MV_CAST(MvTuple, function->defaults)->length;
    int64_t most = code->positional, least = most - defaults;
    bool plural = defaults ? true : most != 1;
    MvValue takes = defaults ? mv_format_message(vm, "from %d to %d", least, most) : mv_format_message(vm, "%d", most);
    if (takes == MV_EXC)
        return false;
    if (keyword_only_given)
        mv_type_error(vm, "%S() takes %S positional argument%s but %d positional argument%s (and %d keyword-only argument%s) were given", function->qualname, takes,
                      plural ? "s" : "", given, given == 1 ? "" : "s", keyword_only_given, keyword_only_given == 1 ? "" : "s");
    else
        mv_type_error(vm, "%S() takes %S positional argument%s but %d %s given", function->qualname, takes, plural ? "s" : "", given, given == 1 ? "was" : "were");
    return false;
}

static bool same_name(MvValue a, MvValue b) { return a == b || mv_str_equal(MV_CAST(MvStr, a), MV_CAST(MvStr, b)); }

/* A keyword that is no parameter, where there is no **kwargs. */
static bool raise_unexpected(MvVM *vm, MvFunction *function, MvValue name, MvValue kwnames)
{
    const MvCode *code = function->code;
    MvValue names[64];
    int64_t count = 0;
    for (int64_t k = 0; k < MV_CAST(MvTuple, kwnames)->length && count < 64; k++)
        for (int64_t i = 0; i < code->positional_only; i++)
            if (same_name(param_name(code, i), MV_CAST(MvTuple, kwnames)->items[k]) && count < 64)
                names[count++] = param_name(code, i);
    if (!count) {
        mv_type_error(vm, "%S() got an unexpected keyword argument '%S'", function->qualname, name);
        return false;
    }
    MvBuilder b;
    mv_builder_begin(vm, &b);
    for (int64_t i = 0; i < count; i++) {
        if (i)
            mv_builder_ascii(&b, ", ", 2);
        mv_builder_str(&b, MV_CAST(MvStr, names[i]));
    }
    MvValue text = mv_builder_end(&b);
    if (text != MV_EXC)
        mv_type_error(vm, "%S() got some positional-only arguments passed as keyword arguments: '%S'", function->qualname, text);
    return false;
}

static bool bind_all(MvVM *vm, MvFunction *function, MvValue *base, int64_t nargs, MvValue kwnames)
{
    const MvCode *code = function->code;
    int64_t positional = code->positional, parameters = code->parameter_count;
    int64_t keywords = kwnames ? MV_CAST(MvTuple, kwnames)->length : 0;
    bool varargs = code->flags & MV_CODE_VARARGS, varkeywords = code->flags & MV_CODE_VARKEYWORDS;

    MvValue few[32], *values = few; /* the keyword values: the parameters they go to may overlap them */
    if (keywords > 32) {
        MvTuple *tuple = mv_tuple_new(vm, keywords);
        if (!tuple)
            return false;
        values = tuple->items;
    }
    if (keywords)
        memcpy(values, base + nargs, (size_t)keywords * sizeof *values);

    MvValue rest = MV_UNASSIGNED, extra = MV_UNASSIGNED;
    if (varargs) {
        rest = nargs > positional ? mv_tuple_from(vm, base + positional, nargs - positional) : vm->empty_tuple;
        if (rest == MV_EXC)
            return false;
    }
    if (varkeywords) {
        extra = mv_dict_new(vm);
        if (extra == MV_EXC)
            return false;
    }
    if (code->flags & MV_CODE_LOCALS_VISIBLE)
        for (int64_t i = parameters > nargs ? parameters : nargs; i < code->register_count; i++)
            base[i] = MV_UNASSIGNED;
    int64_t given = nargs < positional ? nargs : positional;
    for (int64_t i = given; i < parameters; i++)
        base[i] = MV_UNASSIGNED;

    int64_t keyword_only_given = 0;
    for (int64_t k = 0; k < keywords; k++) {
        MvValue name = MV_CAST(MvTuple, kwnames)->items[k];
        int64_t i = code->positional_only;
        while (i < parameters && param_name(code, i) != name)
            i++;
        if (i == parameters)
            for (i = code->positional_only; i < parameters && !same_name(param_name(code, i), name);)
                i++;
        if (i == parameters) {
            if (!varkeywords)
                return raise_unexpected(vm, function, name, kwnames);
            if (!mv_dict_set(vm, MV_CAST(MvDict, extra), name, values[k]))
                return false;
            continue;
        }
        if (base[i] != MV_UNASSIGNED) {
            mv_type_error(vm, "%S() got multiple values for argument '%S'", function->qualname, name);
            return false;
        }
        keyword_only_given += i >= positional;
        base[i] = values[k];
    }
    if (nargs > positional && !varargs)
        return raise_too_many(vm, function, nargs, keyword_only_given);

    MvValue missing[64];
    int64_t count = 0;
    const MvTuple *defaults = function->defaults == MV_NONE ? NULL : MV_CAST(MvTuple, function->defaults);
    int64_t first_default = positional - (defaults ? defaults->length : 0);
    for (int64_t i = given; i < positional; i++) {
        if (base[i] != MV_UNASSIGNED)
            continue;
        if (i >= first_default)
            base[i] = defaults->items[i - first_default];
        else if (count < 64)
            missing[count++] = param_name(code, i);
    }
    if (count)
        return raise_missing(vm, function, missing, count, "positional");
    for (int64_t i = positional; i < parameters; i++) {
        if (base[i] != MV_UNASSIGNED)
            continue;
        MvValue value = function->kwdefaults == MV_NONE ? MV_UNASSIGNED : mv_dict_get(vm, MV_CAST(MvDict, function->kwdefaults), param_name(code, i));
        if (value == MV_EXC)
            return false;
        if (value == MV_UNASSIGNED && count < 64)
            missing[count++] = param_name(code, i);
        base[i] = value;
    }
    if (count)
        return raise_missing(vm, function, missing, count, "keyword-only");
    if (varargs)
        base[parameters++] = rest;
    if (varkeywords)
        base[parameters++] = extra;
    if (code->flags & MV_CODE_LOCALS_VISIBLE)
        for (int64_t i = parameters; i < nargs + keywords && i < code->register_count; i++)
            base[i] = MV_UNASSIGNED;
    return true;
}

bool mv_bind_frame(MvVM *vm, MvFunction *function, MvValue *base, int64_t nargs, MvValue kwnames)
{
    const MvCode *code = function->code;
    int64_t missing = code->positional - nargs;
    if (!kwnames && missing > 0 && !code->keyword_only && function->defaults != MV_NONE &&
        !(code->flags & (MV_CODE_VARARGS | MV_CODE_VARKEYWORDS | MV_CODE_LOCALS_VISIBLE))) {
        const MvTuple *defaults = MV_CAST(MvTuple, function->defaults);
        if (missing <= defaults->length) { /* positional arguments, then defaults: nothing can go wrong */
            for (int64_t i = 0; i < missing; i++)
                base[nargs + i] = defaults->items[defaults->length - missing + i];
            return true;
        }
    }
    return bind_all(vm, function, base, nargs, kwnames);
}
