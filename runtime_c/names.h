/* Frequently used interned names: vm->names->n_NAME. Add here what a file needs (one line at the end of the list). ORDER names */
#pragma once
#include "value.h"
#define MV_NAMES(X) \
    X(__name__) X(__qualname__) X(__module__) X(__doc__) X(__dict__) X(__class__) X(__bases__) X(__mro__) X(__slots__) \
    X(__annotations__) X(__file__) X(__builtins__) X(__classcell__) X(__main__) X(__wrapped__) X(__func__) X(__self__) \
    X(__defaults__) X(__kwdefaults__) X(__code__) X(__closure__) X(__globals__) X(__all__) X(__path__) X(__package__) X(__cause__) X(__context__) \
    X(__traceback__) X(__suppress_context__) X(__notes__) X(__abstractmethods__) X(__isabstractmethod__) X(__match_args__) X(__weakref__) \
    X(__orig_bases__) X(__subclasses__) X(__loader__) X(__spec__) X(__debug__) X(__length_hint__) \
    X(append) X(keys) X(items) X(values) X(send) X(close) X(write) X(flush) X(end) X(sep) X(file) X(key) X(reverse) X(encoding) \
    X(builtins) X(sys) X(stdout) X(stderr) X(stdin) X(modules) X(argv) X(metaclass) X(args) X(value) X(code) X(msg) X(name) X(path) X(obj) \
    X(fget) X(fset) X(fdel) X(start) X(stop) X(step) X(strict) X(default) X(initial) X(ndigits) X(object) X(mro) X(fromkeys) X(_)
typedef struct MvNames {
#define MV_NAME_FIELD(name) MvValue n_##name;
    MV_NAMES(MV_NAME_FIELD)
#undef MV_NAME_FIELD
} MvNames;
