/* The helpers of operators and comparisons, BINARY, ADD_INT, COMPARE and JUMP_COMPARE, as native code calls them: where the site's record says that a
 * method of Mini does it (OPERATE), they make its frame and branch to its exact entry as a native caller does, checked as its branches are, with no
 * C between; where it names a handler, they call that (mv_native_handle_value, _jump). All else, what records learn too, is the helper of the same name with _OTHER
 * (native_ops.c), nothing being done.
 *
 * One text for all sites: in each template the same would be 200 bytes (ADR 21). `data` compares the record's guards here, `pointer` branches to the
 * record's target, a stub of the class IC_BINARY (baseline/pointer.py), which does.
 * In: rdi, r12 = the VM; rsi, rbx = the base; r15 = the region; r14 = the records; edx = index of the word behind the instruction (spec/native.py).
 * Out: a word of MvStep. rbx, r12 to r15 and rbp are kept. */
#include "native_branch.h"
#include "codespace.h"
#include "ic.h"
#include "interp_ops.h"
#include "native_leave.h"
#include "native_ops.h"

#define VM_BASE 48
#define VM_DEPTH 40
#define VM_DEPTH_LIMIT 44
#define VM_STACK_END 120
#define VM_IC_TARGETS 560
#define RECORD_TARGET 24
#define CLASS_IC_BINARY 9
#define CODE_WORDS 8
#define CODE_REGISTER_COUNT 52
#define CODE_SIMPLE_COUNT 112
#define CODE_EXACT 224
#define FUNCTION_CODE_TAGGED 6
#define KIND_OPERATE 11
#define KIND_HANDLER 12
#define KIND_POLY 14
#define KIND_MEGA 15
#define IC_APART 0x80000000
#define SHAPE_INT 5
#define SHAPE_FLOAT 7
#define MODE_COMPARE 20
#define MODE_REFLECTED 24
#define OP_ADD_INT 41
#define OP_LT 46
#define OP_JUMP_IF_LT 64
#define NOTIMPLEMENTED_AT 66
#define CLASS_EXACT_2 34
#define GUESTS_AT 8195
#define VALUE_FALSE_AT 4104
#define VALUE_TRUE_AT 4112
_Static_assert(offsetof(MvVM, base) == VM_BASE && offsetof(MvVM, depth) == VM_DEPTH && offsetof(MvVM, depth_limit) == VM_DEPTH_LIMIT &&
               offsetof(MvVM, stack_end) == VM_STACK_END && offsetof(MvVM, ic_targets) == VM_IC_TARGETS, "displacements in the text");
_Static_assert(offsetof(MvCode, words) == CODE_WORDS && offsetof(MvCode, register_count) == CODE_REGISTER_COUNT &&
               offsetof(MvCode, simple_count) == CODE_SIMPLE_COUNT && offsetof(MvCode, exact) == CODE_EXACT &&
               offsetof(MvFunction, code) - MV_TAG_POINTER == FUNCTION_CODE_TAGGED, "displacements in the text");
_Static_assert(offsetof(MvIcRecord, shape) == 0 && offsetof(MvIcRecord, kind) == 4 && offsetof(MvIcRecord, offset) == 6 && offsetof(MvIcRecord, w1) == 8 &&
               offsetof(MvIcRecord, w2) == 16 && offsetof(MvIcRecord, target) == RECORD_TARGET && MV_IC_POLY_LIMIT == 4, "records as in the text");
_Static_assert((int)MV_IC_POLY == KIND_POLY && (int)MV_IC_MEGA == KIND_MEGA && (int)MV_IC_OPERATE == KIND_OPERATE && (int)MV_IC_HANDLER == KIND_HANDLER && MV_IC_APART == IC_APART && (int)MV_CLASS_INT == SHAPE_INT && (int)MV_CLASS_FLOAT == SHAPE_FLOAT && (int)MV_MODE_COMPARE == MODE_COMPARE &&
               (int)MV_MODE_REFLECTED == MODE_REFLECTED && (int)MV_OP_ADD_INT == OP_ADD_INT && (int)MV_OP_LT == OP_LT && (int)MV_OP_JUMP_IF_LT == OP_JUMP_IF_LT &&
               4 * sizeof(MvSingleton) + MV_TAG_POINTER == NOTIMPLEMENTED_AT && MV_ENTRY_EXACT + 2 == CLASS_EXACT_2 && MV_ENTRY_IC_BINARY == CLASS_IC_BINARY, "numbers in the text");
_Static_assert(MV_NATIVE_OPTIONS_AT + offsetof(MvCodeSpaceOptions, guests) == GUESTS_AT && MV_NATIVE_VALUES_AT + 8 == VALUE_FALSE_AT && VALUE_FALSE_AT + 8 == VALUE_TRUE_AT, "the frozen pages");
_Static_assert(MV_FRAME_FUNCTION == -5 && MV_FRAME_CODE == -4 && MV_FRAME_CALLER == -3 && MV_FRAME_PC == -2 && MV_FRAME_MODE == -1, "the frame's header");
_Static_assert(MV_TAG_POINTER == 2 && MV_EXC == 2 && MV_STEP_RAISED == 0 && MV_STEP_DONE == 1 && MV_STEP_JUMP == 2, "words in the text");

/* A comparison's method raised, or its native frames are left: ends its level. */
__attribute__((used)) uint64_t mv_native_comparison_raised(MvVM *vm)
{
    vm->depth -= !mv_native_is_leaving(vm);
    return MV_STEP_RAISED;
}

/* The method returned what is no plain result. */
__attribute__((used)) uint64_t mv_native_operated(MvVM *vm, MvValue *base, MvValue value, MvValue mode)
{
    return (uint64_t)mv_operator_result(vm, base, (const MvInstruction *)base[MV_FRAME_PC], value, mode);
}

#define T(x) MV_TEXT(x)
/* The check template for the target in rcx, unless the frozen page says that there are no checks. */
#define CHECK(entry_class, behind)                                                                                            \
    "cmpb $0, " T(GUESTS_AT) "(%r15)\n\t"                                                                                     \
    "je " behind "\n\t"                                                                                                       \
    "mov %rcx, %rdx\n\t"                                                                                                      \
    "sub %r15, %rdx\n\t"                                                                                                      \
    "ror $4, %rdx\n\t"                                                                                                        \
    "cmp $" T(MV_NATIVE_GRANULES_S) ", %rdx\n\t"                                                                              \
    "jae .Loperate_refused\n\t"                                                                                               \
    "cmpb $" T(entry_class) ", " T(MV_NATIVE_GUEST_LIST_S) "(%r15,%rdx)\n\t"                                                  \
    "jne .Loperate_refused\n"
/* rcx = the word behind the instruction, rax = its record. */
#define SITE                                                                                                                  \
    "mov -32(%rbx), %rax\n\t"                                                                                                 \
    "mov " T(CODE_WORDS) "(%rax), %rcx\n\t"                                                                                   \
    "lea (%rcx,%rdx,8), %rcx\n\t"                                                                                             \
    "mov -8(%rcx), %eax\n\t"                                                                                                  \
    "shl $5, %rax\n\t"                                                                                                        \
    "add %r14, %rax\n\t"
/* r8, r9 = the registers that operands at these bytes of the instruction number. */
#define OPERAND(at, to, scratch) "movzwl " #at "(%rcx), %e" scratch "\n\tmov (%rbx,%r" scratch ",8), %" to "\n\t"
#define GO(name) "lea mv_native_" #name "_OTHER(%rip), %r10\n\tjmp mv_native_operate_text"
#define ENTRY(name, operands) __attribute__((naked, noinline)) uint64_t mv_native_##name(MvVM *vm, MvValue *base, uint64_t next) { __asm__(SITE operands GO(name)); }

ENTRY(BINARY, OPERAND(-12, "r8", "si") OPERAND(-10, "r9", "di"))
ENTRY(COMPARE, OPERAND(-12, "r8", "si") OPERAND(-10, "r9", "di"))
ENTRY(ADD_INT, /* a subtraction's right operand is the negated immediate */
      OPERAND(-12, "r8", "si")
      "movswq -10(%rcx), %r9\n\t"
      "shl $2, %r9\n\t"
      "cmpw $0, -2(%rcx)\n\t"
      "je 1f\n\t"
      "neg %r9\n"
      "1:\n\t")
ENTRY(JUMP_COMPARE, /* rows of four for each comparison: IF, IF_INT, IF_NOT, IF_NOT_INT (spec/opcodes.py) */
      OPERAND(-14, "r8", "si")
      "movswq -12(%rcx), %r9\n\t"
      "shl $2, %r9\n\t"
      "movzwl -16(%rcx), %edi\n\t"
      "sub $" T(OP_JUMP_IF_LT) ", %edi\n\t"
      "test $1, %dil\n\t"
      "jne 1f\n\t"
      OPERAND(-12, "r9", "di")
      "1:\n\t")

/* r8, r9 = the operands, rax = the record, rcx = the word behind the instruction, edx = its index, r10 = where all else goes. */
__attribute__((naked, used, noinline)) static void operate_text(void)
{
    __asm__(".globl mv_native_operate_text\n\t"
        ".hidden mv_native_operate_text\n"
        "mv_native_operate_text:\n\t"
        "lea -2(%r8), %esi\n\t" /* esi, rdi = the shapes, the second one as a small int */
        "test $3, %sil\n\t"
        "jne .Loperate_left\n\t"
        "mov -2(%r8), %esi\n"
        ".Loperate_second:\n\t"
        "lea -2(%r9), %edi\n\t"
        "test $3, %dil\n\t"
        "jne .Loperate_right\n\t"
        "mov -2(%r9), %edi\n"
        ".Loperate_guards:\n\t"
        "shl $2, %rdi\n\t"
        "cmpq $0, " T(VM_IC_TARGETS) "(%r12)\n\t"
        "jne .Loperate_through\n\t"
        "cmp (%rax), %esi\n\t" /* OPERATE is what sites of operators do in line: the guard is plain (ic.h: MV_IC_APART) */
        "jne .Loperate_poly\n\t"
        "cmp 8(%rax), %rdi\n\t"
        "jne .Loperate_other\n"
        ".Loperate_found:\n\t"
        "cmpb $" T(KIND_OPERATE) ", 4(%rax)\n\t"
        "jne .Loperate_handler\n\t"
        "mov 16(%rax), %rdi\n\t" /* rdi = the function, rax = its code, rsi = the mode, r11 = its entry, rcx = the new frame's base */
        "movzwl 6(%rax), %esi\n\t"
        "mov " T(FUNCTION_CODE_TAGGED) "(%rdi), %rax\n\t"
        "cmpl $2, " T(CODE_SIMPLE_COUNT) "(%rax)\n\t"
        "jne .Loperate_other\n\t"
        "mov %rcx, -16(%rbx)\n\t"
        "mov -32(%rbx), %rcx\n\t"
        "mov " T(CODE_REGISTER_COUNT) "(%rcx), %ecx\n\t"
        "lea 40(%rbx,%rcx,8), %rcx\n\t"
        "cmp " T(VM_STACK_END) "(%r12), %rcx\n\t"
        "jae .Loperate_other\n\t"
        "cmpq $0, " T(CODE_EXACT) "(%rax)\n\t"
        "je .Loperate_other\n\t"
        "cmp $" T(MODE_COMPARE) ", %esi\n\t"
        "jae .Loperate_odd\n"
        ".Loperate_frame:\n\t"
        "mov " T(CODE_EXACT) "(%rax), %r11\n\t"
        "mov %r8, (%rcx)\n\t"
        "mov %r9, 8(%rcx)\n\t"
        "mov %rdi, -40(%rcx)\n\t"
        "mov %rax, -32(%rcx)\n\t"
        "mov %rbx, -24(%rcx)\n\t"
        "mov %rsi, -8(%rcx)\n\t"
        "push %rbp\n\t"
        "mov %rsp, %rbp\n\t"
        "push %r13\n\t"
        "push %r14\n\t"
        "push %rsi\n\t"
        "sub $8, %rsp\n\t"
        "mov %rcx, %rbx\n\t"
        "mov %r11, %rcx\n\t"
        CHECK(CLASS_EXACT_2, ".Loperate_call")
        ".Loperate_call:\n\t"
        "call *%rcx\n\t"
        "mov -24(%rbx), %rbx\n\t"
        "add $8, %rsp\n\t"
        "pop %rcx\n\t" /* the mode */
        "pop %r14\n\t"
        "pop %r13\n\t"
        "pop %rbp\n\t"
        "mov %rbx, " T(VM_BASE) "(%r12)\n\t"
        "cmp $2, %rax\n\t"
        "je .Loperate_raised\n\t"
        "lea mv_singletons+" T(NOTIMPLEMENTED_AT) "(%rip), %rdx\n\t"
        "cmp %rdx, %rax\n\t"
        "je .Loperate_rest\n\t"
        "mov -16(%rbx), %rdx\n\t"
        "cmp $" T(MODE_COMPARE) ", %ecx\n\t"
        "je .Loperate_compared\n"
        ".Loperate_store:\n\t"
        "movzwl -14(%rdx), %ecx\n\t"
        "mov %rax, (%rbx,%rcx,8)\n\t"
        "mov $1, %eax\n\t"
        "ret\n"

        ".Loperate_left:\n\t"
        "mov $" T(SHAPE_INT) ", %esi\n\t"
        "test $3, %r8b\n\t"
        "je .Loperate_second\n\t"
        "mov $" T(SHAPE_FLOAT) ", %esi\n\t"
        "jmp .Loperate_second\n"
        ".Loperate_right:\n\t"
        "mov $" T(SHAPE_INT) ", %edi\n\t"
        "test $3, %r9b\n\t"
        "je .Loperate_guards\n\t"
        "mov $" T(SHAPE_FLOAT) ", %edi\n\t"
        "jmp .Loperate_guards\n"

        ".Loperate_through:\n\t" /* the strategy `pointer`: by the record's target, which tells the record or entry that fits, or 0 */
        "push %rdx\n\t"
        "push %r8\n\t"
        "push %r9\n\t"
        "push %r10\n\t"
        "push %rcx\n\t"
        "mov " T(RECORD_TARGET) "(%rax), %rcx\n\t"
        "xchg %rax, %rsi\n\t"
        CHECK(CLASS_IC_BINARY, ".Loperate_branch")
        ".Loperate_branch:\n\t"
        "call *%rcx\n\t"
        "pop %rcx\n\t"
        "pop %r10\n\t"
        "pop %r9\n\t"
        "pop %r8\n\t"
        "pop %rdx\n\t"
        "test %rax, %rax\n\t"
        "jne .Loperate_found\n\t"
        "jmp .Loperate_other\n"

        ".Loperate_poly:\n\t" /* or a handler, whose guard has the bit */
        "mov %esi, %r11d\n\t"
        "xor $" T(IC_APART) ", %r11d\n\t"
        "cmp (%rax), %r11d\n\t"
        "jne .Loperate_several\n\t"
        "cmp 8(%rax), %rdi\n\t"
        "jne .Loperate_other\n"
        ".Loperate_handler:\n\t"
        "cmpb $" T(KIND_HANDLER) ", 4(%rax)\n\t"
        "jne .Loperate_other\n\t"
        "mov %r12, %rdi\n\t"
        "mov %rbx, %rsi\n\t"
        "mov %rcx, %rdx\n\t"
        "mov %rax, %rcx\n\t"
        "cmpw $" T(OP_JUMP_IF_LT) ", -16(%rdx)\n\t"
        "jae mv_native_handle_jump\n\t"
        "jmp mv_native_handle_value\n"
        ".Loperate_several:\n\t"
        "cmpb $" T(KIND_POLY) ", 4(%rax)\n\t"
        "jne .Loperate_mega\n\t"
        "mov 8(%rax), %rax\n\t"
        "mov $4, %r11d\n"
        ".Loperate_entry:\n\t"
        "cmp (%rax), %esi\n\t"
        "jne .Loperate_next\n\t"
        "cmp 8(%rax), %rdi\n\t"
        "je .Loperate_found\n"
        ".Loperate_next:\n\t"
        "add $32, %rax\n\t"
        "sub $1, %r11d\n\t"
        "jne .Loperate_entry\n"
        ".Loperate_other:\n\t"
        "mov %r12, %rdi\n\t"
        "mov %rbx, %rsi\n\t"
        "jmp *%r10\n"

        ".Loperate_mega:\n\t"
        "cmpb $" T(KIND_MEGA) ", 4(%rax)\n\t"
        "jne .Loperate_other\n\t"
        "push %rdx\n\t"
        "push %r8\n\t"
        "push %r9\n\t"
        "push %r10\n\t"
        "push %rcx\n\t"
        "mov %esi, %edx\n\t"
        "mov %rcx, %rsi\n\t"
        "mov %rdi, %rcx\n\t"
        "mov %r12, %rdi\n\t"
        "call mv_native_probe_operands\n\t"
        "pop %rcx\n\t"
        "pop %r10\n\t"
        "pop %r9\n\t"
        "pop %r8\n\t"
        "pop %rdx\n\t"
        "test %rax, %rax\n\t"
        "jne .Loperate_found\n\t"
        "jmp .Loperate_other\n"

        ".Loperate_odd:\n\t"
        "je .Loperate_level\n\t"
        "cmp $" T(MODE_REFLECTED) ", %esi\n\t"
        "jne .Loperate_frame\n\t"
        "xchg %r8, %r9\n\t"
        "jmp .Loperate_frame\n"
        ".Loperate_level:\n\t" /* as mv_compare: a level of its own, and that of the call */
        "mov " T(VM_DEPTH) "(%r12), %r11d\n\t"
        "add $1, %r11d\n\t"
        "cmp " T(VM_DEPTH_LIMIT) "(%r12), %r11d\n\t"
        "jae .Loperate_other\n\t"
        "mov %r11d, " T(VM_DEPTH) "(%r12)\n\t"
        "jmp .Loperate_frame\n"

        ".Loperate_refused:\n\t"
        "mov $-1, %esi\n\t"
        "call mv_native_VIOLATION\n\t"
        "ud2\n"
        ".Loperate_raised:\n\t"
        "mov %r12, %rdi\n\t"
        "cmp $" T(MODE_COMPARE) ", %ecx\n\t"
        "je mv_native_comparison_raised\n\t"
        "xor %eax, %eax\n\t"
        "ret\n"
        ".Loperate_rest:\n\t"
        "mov %r12, %rdi\n\t"
        "mov %rbx, %rsi\n\t"
        "mov %rax, %rdx\n\t"
        "jmp mv_native_operated\n"

        ".Loperate_compared:\n\t"
        "movzwl -16(%rdx), %esi\n\t"
        "sub $" T(OP_JUMP_IF_LT) ", %esi\n\t"
        "jae .Loperate_jump\n\t"
        "subl $1, " T(VM_DEPTH) "(%r12)\n\t"
        "jmp .Loperate_store\n"
        ".Loperate_jump:\n\t" /* unless row & 2 is as the truth; what is neither True nor False is asked in C */
        "xor %edi, %edi\n\t"
        "cmp " T(VALUE_FALSE_AT) "(%r15), %rax\n\t"
        "je .Loperate_truth\n\t"
        "cmp " T(VALUE_TRUE_AT) "(%r15), %rax\n\t"
        "jne .Loperate_rest\n\t"
        "mov $1, %edi\n"
        ".Loperate_truth:\n\t"
        "shr $1, %esi\n\t"
        "xor %esi, %edi\n\t"
        "and $1, %edi\n\t"
        "lea 1(%rdi), %eax\n\t"
        "subl $1, " T(VM_DEPTH) "(%r12)\n\t"
        "ret");
}

/* The stress mode leaves behind steps that are done. Not in C: what gcc keeps in registers is what the text above wants to find there. */
#define STRESSED(name)                                                                                                        \
    __attribute__((naked, noinline)) uint64_t mv_native_stressed_##name(MvVM *vm, MvValue *base, uint64_t next)              \
    {                                                                                                                         \
        __asm__("push %rdx\n\t"                                                                                               \
            "call mv_native_" #name "\n\t"                                                                                    \
            "pop %rdx\n\t"                                                                                                    \
            "mov %r12, %rdi\n\t"                                                                                              \
            "mov %rbx, %rsi\n\t"                                                                                              \
            "mov %rax, %rcx\n\t"                                                                                              \
            "jmp mv_native_stress_step");                                                                                     \
    }
MV_NATIVE_BRANCHING(STRESSED)
