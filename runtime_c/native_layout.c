/* Offsets, sizes and numbers that templates of native code are made with, by the names that vm/minivm/baseline uses. */
#include "containers.h"
#include "ic.h"
#include "interp_ops.h"
#include "mv_api.h"
#include "native.h"
#include <stdio.h>

#define FIELD(name, type, member) {name, offsetof(type, member)}
int mv_jit_layout(char *text, size_t size)
{
    const struct { const char *name; uint64_t value; } layout[] = {
        FIELD("vm.poll", MvVM, poll),
        FIELD("vm.stack_limit", MvVM, stack_limit),
        FIELD("vm.native_limit", MvVM, native_limit),
        FIELD("vm.depth", MvVM, depth),
        FIELD("vm.depth_limit", MvVM, depth_limit),
        FIELD("vm.base", MvVM, base),
        FIELD("vm.cursor", MvVM, cursor),
        FIELD("vm.limit", MvVM, limit),
        FIELD("object.shape", MvObject, shape),
        FIELD("object.gc", MvObject, gc),
        FIELD("object.kind", MvObject, kind),
        {"gc.old_clean", MV_GC_OLD_CLEAN},
        FIELD("code.constants", MvCode, constants),
        FIELD("code.records", MvCode, records),
        FIELD("code.simple_count", MvCode, simple_count),
        FIELD("code.exact", MvCode, exact),
        FIELD("function.code", MvFunction, code),
        FIELD("function.closure", MvFunction, closure),
        FIELD("method.function", MvMethod, function),
        FIELD("method.self", MvMethod, self),
        FIELD("cell.value", MvCell, value),
        FIELD("namecell.value", MvNameCell, value),
        FIELD("list.length", MvList, length),
        FIELD("list.items", MvList, items),
        FIELD("list.capacity", MvList, capacity),
        FIELD("vm.intrinsics", MvVM, intrinsics),
        {"list.shrinks", MV_LIST_SHRINKS},
        {"class.sets", MV_CLASS_FROZENSET}, /* list, tuple, dict, set: all with their count in one place */
        FIELD("store.items", MvStore, items),
        FIELD("tuple.length", MvTuple, length),
        FIELD("tuple.items", MvTuple, items),
        FIELD("record.shape", MvIcRecord, shape),
        FIELD("record.kind", MvIcRecord, kind),
        FIELD("record.offset", MvIcRecord, offset),
        FIELD("record.w1", MvIcRecord, w1),
        FIELD("record.w2", MvIcRecord, w2),
        FIELD("record.target", MvIcRecord, target),
        FIELD("record.key", MvIcRecord, key),
        {"record.size", sizeof(MvIcRecord)},
        {"class.str", MV_CLASS_STR},
        {"object.shape_end", sizeof(uint32_t)}, /* gc, kind and aux as one word */
        FIELD("str.length", MvStr, length),
        FIELD("str.data", MvStr, data),
        {"str.width", 3 << MV_STR_WIDTH_SHIFT},
        {"str.interned", MV_STR_INTERNED},
        FIELD("vm.ascii_chars", MvVM, ascii_chars),
        {"class.list", MV_CLASS_LIST},
        {"class.tuple", MV_CLASS_TUPLE},
        {"class.method", MV_CLASS_METHOD},
        {"kind.list", MV_KIND_LIST},
        {"kind.function", MV_KIND_FUNCTION},
        {"kind.class", MV_KIND_CLASS},
        {"instance.header", MV_GC_HAS_POINTERS | MV_KIND_INSTANCE << 8},
        {"class.int", MV_CLASS_INT},
        {"class.float", MV_CLASS_FLOAT},
        {"cell.flags", offsetof(MvObject, aux) + 1},
        {"cell.mutable", MV_CELL_MUTABLE >> 8},
        FIELD("vm.shape_cache", MvVM, shape_cache),
        FIELD("vm.codes", MvVM, codes), /* this and what follows: for tests that look at a VM from outside */
        FIELD("vm.ic_targets", MvVM, ic_targets),
        FIELD("code.next", MvCode, next),
        FIELD("code.qualname", MvCode, qualname),
        FIELD("code.site_count", MvCode, site_count),
        FIELD("str.length", MvStr, length),
        FIELD("str.data", MvStr, data),
        {"cache.multiplier", MV_SHAPE_CACHE_MULTIPLIER},
        {"cache.shift", 32 - MV_SHAPE_CACHE_BITS},
        {"cache.store_key", mv_ic_cache_key(0, MV_USE_STORE)},
        {"ic.apart", MV_IC_APART},
        {"ic.none", MV_IC_NONE},
        {"ic.field", MV_IC_FIELD},
        {"ic.overflow", MV_IC_OVERFLOW},
        {"ic.value", MV_IC_VALUE},
        {"ic.owner", MV_IC_OWNER},
        {"ic.poly", MV_IC_POLY},
        {"ic.poly_limit", MV_IC_POLY_LIMIT},
        {"ic.mega", MV_IC_MEGA},
        {"ic.construct", MV_IC_CONSTRUCT},
        {"ic.add", MV_IC_ADD},
        {"ic.method", MV_IC_METHOD},
        {"ic.global", MV_IC_GLOBAL},
        {"ic.operate", MV_IC_OPERATE},
        {"ic.handler", MV_IC_HANDLER},
        {"ic.builtin", MV_IC_BUILTIN},
        {"loop.list", MV_LOOP_LIST},
        {"loop.generator", MV_LOOP_GENERATOR},
        {"loop.done", MV_LOOP_DONE},
        {"kind.generator", MV_KIND_GENERATOR},
        FIELD("generator.state", MvGenerator, state),
        FIELD("generator.registers", MvGenerator, registers),
        FIELD("generator.pc", MvGenerator, pc),
        FIELD("generator.base", MvGenerator, base),
        {"generator.previous", offsetof(MvGenerator, exc) + offsetof(MvExcState, previous)},
        {"generator.suspended", MV_GEN_SUSPENDED},
        FIELD("vm.exc_state", MvVM, exc_state),
        FIELD("code.register_count", MvCode, register_count),
        FIELD("code.words", MvCode, words),
        {"generator.done", MV_GEN_DONE},
    };
    size_t used = 0;
    for (size_t i = 0; i < sizeof layout / sizeof *layout; i++) {
        int n = snprintf(text + used, used < size ? size - used : 0, "%s=%llu\n", layout[i].name, (unsigned long long)layout[i].value);
        used += (size_t)n;
    }
    return used < size ? (int)used : -1;
}
