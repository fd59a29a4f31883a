/* What text in assembly that branches to native code is written in: numbers of structures and frames, the check template, the site's record.
 *
 * In: r12 = the VM; rbx = the base; r15 = the region; rax = the site's record; edx = index of the word behind the instruction (spec/native.py). So nothing
 * but templates can call these helpers. Out: a word of MvStep. rbx, r12 to r15 and rbp are kept; rbp stays that of the template's frame all the time.
 * Labels are local to a file's text. */
#pragma once
#include "codespace.h"
#include "ic.h"
#include "interp_ops.h"
#include "native_branch.h"
#include "native_leave.h"
#include "native_ops.h"

#define VM_CURSOR 16
#define VM_LIMIT 24
#define VM_DEPTH 40
#define VM_DEPTH_LIMIT 44
#define VM_BASE 48
#define VM_STACK_END 120
#define VM_IC_TARGETS 560
_Static_assert(offsetof(MvVM, cursor) == VM_CURSOR && offsetof(MvVM, limit) == VM_LIMIT && offsetof(MvVM, depth) ==
               VM_DEPTH && offsetof(MvVM, base) == VM_BASE && offsetof(MvVM, depth_limit) == VM_DEPTH_LIMIT &&
               offsetof(MvVM, stack_end) == VM_STACK_END && offsetof(MvVM, ic_targets) == VM_IC_TARGETS, "the VM");

#define CODE_WORDS 8
#define CODE_REGISTER_COUNT 52
#define CODE_SIMPLE_COUNT 112
#define CODE_EXACT 224
_Static_assert(offsetof(MvCode, words) == CODE_WORDS && offsetof(MvCode, register_count) == CODE_REGISTER_COUNT &&
               offsetof(MvCode, simple_count) == CODE_SIMPLE_COUNT && offsetof(MvCode, exact) == CODE_EXACT, "code");

/* Of objects, from their words. */
#define SHAPE -2
#define GC 2
#define KIND 3
#define FUNCTION_CODE 6
#define METHOD_FUNCTION 6
#define METHOD_SELF 14
#define KIND_FUNCTION 14
#define KIND_CLASS 19
#define INSTANCE_HEADER 7938
#define CLASS_INT 5
#define CLASS_FLOAT 7
#define CLASS_METHOD 22
_Static_assert(MV_TAG_POINTER == 2 && (int)offsetof(MvObject, shape) == SHAPE + 2 && offsetof(MvObject, gc) == GC + 2
               && offsetof(MvObject, kind) == KIND + 2 && offsetof(MvFunction, code) == FUNCTION_CODE + 2 &&
               offsetof(MvMethod, function) == METHOD_FUNCTION + 2 && offsetof(MvMethod, self) == METHOD_SELF + 2,
               "objects");
_Static_assert(MV_KIND_FUNCTION == KIND_FUNCTION && MV_KIND_CLASS == KIND_CLASS &&
               (MV_GC_HAS_POINTERS | MV_KIND_INSTANCE << 8) == INSTANCE_HEADER, "kinds of objects");
_Static_assert((int)MV_CLASS_INT == CLASS_INT && (int)MV_CLASS_FLOAT == CLASS_FLOAT && (int)MV_CLASS_METHOD ==
               CLASS_METHOD, "shapes of builtin classes");

/* A record is {shape 0, kind 4, offset 6, w1 8, w2 16, target 24}. */
#define RECORD_TARGET 24
#define IC_CONSTRUCT 9
#define IC_OPERATE 11
#define IC_HANDLER 12
#define IC_POLY 14
#define IC_MEGA 15
#define IC_APART 0x80000000
_Static_assert(offsetof(MvIcRecord, shape) == 0 && offsetof(MvIcRecord, kind) == 4 && offsetof(MvIcRecord, offset) ==
               6 && offsetof(MvIcRecord, w1) == 8 && offsetof(MvIcRecord, w2) == 16 && offsetof(MvIcRecord, target) ==
               RECORD_TARGET && sizeof(MvIcRecord) == 32 && MV_IC_POLY_LIMIT == 4, "records");
_Static_assert((int)MV_IC_CONSTRUCT == IC_CONSTRUCT && (int)MV_IC_OPERATE == IC_OPERATE && (int)MV_IC_HANDLER ==
               IC_HANDLER && (int)MV_IC_POLY == IC_POLY && (int)MV_IC_MEGA == IC_MEGA && MV_IC_APART == IC_APART,
               "kinds of records");

/* A frame's header lies at -40 FUNCTION, -32 CODE, -24 CALLER, -16 PC, -8 MODE. */
#define MODE_ENTRY 4
#define MODE_OPERATOR 16
#define MODE_COMPARE 20
#define MODE_REFLECTED 24
#define MODE_CALLED 36
_Static_assert(MV_FRAME_FUNCTION == -5 && MV_FRAME_CODE == -4 && MV_FRAME_CALLER == -3 && MV_FRAME_PC == -2 &&
               MV_FRAME_MODE == -1, "the frame's header");
_Static_assert((int)MV_MODE_ENTRY == MODE_ENTRY && (int)MV_MODE_OPERATOR == MODE_OPERATOR && (int)MV_MODE_COMPARE ==
               MODE_COMPARE && (int)MV_MODE_REFLECTED == MODE_REFLECTED && (int)MV_MODE_CALLED == MODE_CALLED, "modes");

/* The call window: the callee, the slot of self, of which the frame with it starts. */
#define WINDOW_SELF_BYTES 40
_Static_assert(8 * MV_WINDOW_SELF == WINDOW_SELF_BYTES && MV_WINDOW_ARGS == MV_WINDOW_SELF + 1, "the call window");

#define OP_ADD_INT 41
#define OP_LT 46
#define OP_JUMP_IF_LT 64
#define OP_CALL_METHOD 120
_Static_assert((int)MV_OP_ADD_INT == OP_ADD_INT && (int)MV_OP_LT == OP_LT &&
               (int)MV_OP_JUMP_IF_LT == OP_JUMP_IF_LT && (int)MV_OP_CALL_METHOD == OP_CALL_METHOD, "opcodes");

#define ENTRY_IC_CALL 8
#define ENTRY_IC_BINARY 9
#define ENTRY_IC_INDEX 10
#define ENTRY_IC_STORE_INDEX 11
#define ENTRY_EXACT 32
#define EXACT_LIMIT 32
_Static_assert(MV_ENTRY_IC_CALL == ENTRY_IC_CALL && MV_ENTRY_IC_BINARY == ENTRY_IC_BINARY && MV_ENTRY_IC_INDEX ==
               ENTRY_IC_INDEX && MV_ENTRY_IC_STORE_INDEX == ENTRY_IC_STORE_INDEX && MV_ENTRY_EXACT == ENTRY_EXACT &&
               MV_NATIVE_EXACT_LIMIT == EXACT_LIMIT, "classes of entries");

#define NOTIMPLEMENTED_AT 66 /* in mv_singletons */
#define VALUE_NONE_AT 4096
#define VALUE_FALSE_AT 4104
#define VALUE_TRUE_AT 4112
#define GUESTS_AT 8195
_Static_assert(4 * sizeof(MvSingleton) + MV_TAG_POINTER == NOTIMPLEMENTED_AT && MV_NATIVE_OPTIONS_AT +
               offsetof(MvCodeSpaceOptions, guests) == GUESTS_AT && MV_NATIVE_VALUES_AT == VALUE_NONE_AT &&
               VALUE_NONE_AT + 8 == VALUE_FALSE_AT && VALUE_FALSE_AT + 8 == VALUE_TRUE_AT, "the frozen pages");
#define EXCEPTION 2
#define UNASSIGNED 18
_Static_assert(MV_EXC == EXCEPTION && MV_UNASSIGNED == UNASSIGNED && MV_STEP_RAISED == 0 && MV_STEP_DONE == 1 &&
               MV_STEP_JUMP == 2, "words that are no values");

#define T(x) MV_TEXT(x)
/* The check template for the target in rcx, unless the frozen page says that there are no checks; `entry_class` is an immediate or a byte register. */
#define CHECK(entry_class, behind)                                                                                           \
    "cmpb $0, " T(GUESTS_AT) "(%r15)\n\t"                                                                                    \
    "je " behind "\n\t"                                                                                                      \
    "mov %rcx, %rdx\n\t"                                                                                                     \
    "sub %r15, %rdx\n\t"                                                                                                     \
    "ror $4, %rdx\n\t"                                                                                                       \
    "cmp $" T(MV_NATIVE_GRANULES_S) ", %rdx\n\t"                                                                             \
    "jae mv_native_refused_text\n\t"                                                                                         \
    "cmpb " entry_class ", " T(MV_NATIVE_GUEST_LIST_S) "(%r15,%rdx)\n\t"                                                     \
    "jne mv_native_refused_text\n"
/* rcx = the word behind the instruction. */
#define BEHIND                                                                                                               \
    "mov -32(%rbx), %rcx\n\t"                                                                                                \
    "mov " T(CODE_WORDS) "(%rcx), %rcx\n\t"                                                                                  \
    "lea (%rcx,%rdx,8), %rcx\n\t"
#define GLOBAL_TEXT(name) ".globl " name "\n\t.hidden " name "\n" name ":\n\t"

/* The stress mode leaves behind steps that are done. Not in C: what gcc keeps in registers is what the text above wants to find there. */
#define STRESSED(name)                                                                                                       \
    __attribute__((naked, noinline)) uint64_t mv_native_stressed_##name(MvVM *vm, MvValue *base, uint64_t next)              \
    {                                                                                                                        \
        __asm__("push %rdx\n\t"                                                                                              \
            "call mv_native_" #name "\n\t"                                                                                   \
            "pop %rdx\n\t"                                                                                                   \
            "mov %r12, %rdi\n\t"                                                                                             \
            "mov %rbx, %rsi\n\t"                                                                                             \
            "mov %rax, %rcx\n\t"                                                                                             \
            "jmp mv_native_stress_step");                                                                                    \
    }
