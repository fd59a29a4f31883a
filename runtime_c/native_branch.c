/* The helpers of operators and comparisons, BINARY, ADD_INT, COMPARE and JUMP_COMPARE, as native code calls them: where the site's record says that a
 * method of Mini does it (OPERATE), they make its frame and branch to its exact entry as a native caller does, checked as its branches are, with no
 * C between; where it names a handler, they call that (mv_native_handle_value, _jump). All else, what records learn too, is the helper of the same name with _OTHER
 * (native_ops.c), nothing being done.
 *
 * One text for all sites: in each template the same would be 200 bytes (ADR 21). `data` compares the record's guards here, `pointer` branches to the
 * record's target, a stub of the class IC_BINARY (baseline/pointer.py), which does. native_text.h has the convention. */
#include "native_text.h"

#define CLASS_STR 8
#define HANDLER_CONCATENATE_WORD 12
#define HANDLER_STRINGS_WORD 16
_Static_assert((int)MV_CLASS_STR == CLASS_STR && MV_HANDLER_CONCATENATE << 2 == HANDLER_CONCATENATE_WORD &&
               MV_HANDLER_STRINGS << 2 == HANDLER_STRINGS_WORD, "strs");

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

/* r8, r9 = the registers that operands at these bytes of the instruction number. */
#define OPERAND(at, to, scratch) "movzwl " #at "(%rcx), %e" scratch "\n\tmov (%rbx,%r" scratch ",8), %" to "\n\t"
#define GO(name) "lea mv_native_" #name "_OTHER(%rip), %r10\n\tjmp mv_native_operate_text"
#define ENTRY(name, operands) \
    __attribute__((naked, noinline)) uint64_t mv_native_##name(MvVM *vm, MvValue *base, uint64_t next) { __asm__(BEHIND operands GO(name)); }

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

/* rdi = the function, which has to take so many arguments: rax = its code, rcx = the base of its frame, above the registers of this one. */
#define METHOD_FRAME(count)                                                                                                  \
    "mov " T(FUNCTION_CODE) "(%rdi), %rax\n\t"                                                                               \
    "cmpl $" #count ", " T(CODE_SIMPLE_COUNT) "(%rax)\n\t"                                                                   \
    "jne mv_native_operate_other\n\t"                                                                                        \
    "mov %rcx, -16(%rbx)\n\t"                                                                                                \
    "mov -32(%rbx), %rcx\n\t"                                                                                                \
    "mov " T(CODE_REGISTER_COUNT) "(%rcx), %ecx\n\t"                                                                         \
    "lea 40(%rbx,%rcx,8), %rcx\n\t"                                                                                          \
    "cmp " T(VM_STACK_END) "(%r12), %rcx\n\t"                                                                                \
    "jae mv_native_operate_other\n\t"                                                                                        \
    "cmpq $0, " T(CODE_EXACT) "(%rax)\n\t"                                                                                   \
    "je mv_native_operate_other\n\t"
/* Calls it with the operands in r8 and r9; rax = its value, rcx = the mode, which was in rsi. */
#define METHOD_CALL(count, behind)                                                                                           \
    "mov " T(CODE_EXACT) "(%rax), %r11\n\t"                                                                                  \
    "mov %r8, (%rcx)\n\t"                                                                                                    \
    "mov %r9, 8(%rcx)\n\t"                                                                                                   \
    "mov %rdi, -40(%rcx)\n\t"                                                                                                \
    "mov %rax, -32(%rcx)\n\t"                                                                                                \
    "mov %rbx, -24(%rcx)\n\t"                                                                                                \
    "mov %rsi, -8(%rcx)\n\t"                                                                                                 \
    "push %r13\n\t"                                                                                                          \
    "push %r14\n\t"                                                                                                          \
    "push %rsi\n\t"                                                                                                          \
    "mov %rcx, %rbx\n\t"                                                                                                     \
    "mov %r11, %rcx\n\t"                                                                                                     \
    CHECK("$" T(ENTRY_EXACT) "+" #count, behind)                                                                             \
    behind ":\n\t"                                                                                                           \
    "call *%rcx\n\t"                                                                                                         \
    "mov -24(%rbx), %rbx\n\t"                                                                                                \
    "pop %rcx\n\t" /* the mode */                                                                                            \
    "pop %r14\n\t"                                                                                                           \
    "pop %r13\n\t"                                                                                                           \
    "mov %rbx, " T(VM_BASE) "(%r12)\n\t"

/* r8, r9 = the operands, rax = the record, rcx = the word behind the instruction, edx = its index, r10 = where all else goes. */
__attribute__((naked, used, noinline)) static void operate_text(void)
{
    __asm__(GLOBAL_TEXT("mv_native_operate_text")
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
        "cmp $" T(CLASS_STR) ", %esi\n\t"
        "je .Loperate_str\n"
        ".Loperate_no_str:\n\t"
        "shl $2, %rdi\n\t"
        "cmpq $0, " T(VM_IC_TARGETS) "(%r12)\n\t"
        "jne .Loperate_through\n\t"
        "cmp (%rax), %esi\n\t" /* OPERATE is what sites of operators do in line: the guard is plain (ic.h: MV_IC_APART) */
        "jne .Loperate_poly\n\t"
        "cmp 8(%rax), %rdi\n\t"
        "jne mv_native_operate_other\n"
        ".Loperate_found:\n\t"
        "cmpb $" T(IC_OPERATE) ", 4(%rax)\n\t"
        "jne .Loperate_handler\n\t"
        "mov 16(%rax), %rdi\n\t" /* rdi = the function, rax = its code, rsi = the mode, r11 = its entry, rcx = the new frame's base */
        "movzwl 6(%rax), %esi\n"
        GLOBAL_TEXT("mv_native_operate_function")
        METHOD_FRAME(2)
        "cmp $" T(MODE_COMPARE) ", %esi\n\t"
        "jae .Loperate_odd\n"
        ".Loperate_frame:\n\t"
        METHOD_CALL(2, ".Loperate_call")
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

        GLOBAL_TEXT("mv_native_operate_store") /* a[i] = v: the value is the third operand, the result nobody's */
        METHOD_FRAME(3)
        "mov -16(%rbx), %rax\n\t"
        "movzwl -10(%rax), %eax\n\t"
        "mov (%rbx,%rax,8), %rax\n\t"
        "mov %rax, 16(%rcx)\n\t"
        "mov " T(FUNCTION_CODE) "(%rdi), %rax\n\t"
        METHOD_CALL(3, ".Lstore_call")
        "cmp $" T(EXCEPTION) ", %rax\n\t"
        "je .Loperate_raised\n\t"
        "mov $1, %eax\n\t"
        "ret\n"

        ".Loperate_str:\n\t" /* two at a site that knows it: no more of the record is looked at */
        "cmp %edi, %esi\n\t"
        "jne .Loperate_no_str\n\t"
        "cmpb $" T(IC_HANDLER) ", 4(%rax)\n\t"
        "jne .Loperate_no_str\n\t"
        "mov 16(%rax), %r11\n\t"
        "cmp $" T(HANDLER_STRINGS_WORD) ", %r11\n\t"
        "jne .Loperate_sum\n\t"
        "mov %r12, %rdi\n\t"
        "mov %rbx, %rsi\n\t"
        "mov %rcx, %rdx\n\t"
        "mov %r8, %rcx\n\t"
        "mov %r9, %r8\n\t"
        "cmpw $" T(OP_JUMP_IF_LT) ", -16(%rdx)\n\t"
        "jae mv_native_strs_jump\n\t"
        "jmp mv_native_strs_value\n"
        ".Loperate_sum:\n\t"
        "cmp $" T(HANDLER_CONCATENATE_WORD) ", %r11\n\t"
        "jne .Loperate_no_str\n\t"
        "mov %r12, %rdi\n\t"
        "mov %rbx, %rsi\n\t"
        "mov %rcx, %rdx\n\t"
        "mov %r8, %rcx\n\t"
        "mov %r9, %r8\n\t"
        "jmp mv_native_strs_sum\n"

        ".Loperate_left:\n\t"
        "mov $" T(CLASS_INT) ", %esi\n\t"
        "test $3, %r8b\n\t"
        "je .Loperate_second\n\t"
        "mov $" T(CLASS_FLOAT) ", %esi\n\t"
        "jmp .Loperate_second\n"
        ".Loperate_right:\n\t"
        "mov $" T(CLASS_INT) ", %edi\n\t"
        "test $3, %r9b\n\t"
        "je .Loperate_guards\n\t"
        "mov $" T(CLASS_FLOAT) ", %edi\n\t"
        "jmp .Loperate_guards\n"

        ".Loperate_through:\n\t" /* the strategy `pointer`: by the record's target, which tells the record or entry that fits, or 0 */
        "push %rdx\n\t"
        "push %r8\n\t"
        "push %r9\n\t"
        "push %r10\n\t"
        "push %rcx\n\t"
        "mov " T(RECORD_TARGET) "(%rax), %rcx\n\t"
        "xchg %rax, %rsi\n\t"
        CHECK("$" T(ENTRY_IC_BINARY), ".Loperate_branch")
        ".Loperate_branch:\n\t"
        "call *%rcx\n\t"
        "pop %rcx\n\t"
        "pop %r10\n\t"
        "pop %r9\n\t"
        "pop %r8\n\t"
        "pop %rdx\n\t"
        "test %rax, %rax\n\t"
        "jne .Loperate_found\n\t"
        "jmp mv_native_operate_other\n"

        ".Loperate_poly:\n\t" /* or a handler, whose guard has the bit */
        "mov %esi, %r11d\n\t"
        "xor $" T(IC_APART) ", %r11d\n\t"
        "cmp (%rax), %r11d\n\t"
        "jne .Loperate_several\n\t"
        "cmp 8(%rax), %rdi\n\t"
        "jne mv_native_operate_other\n"
        ".Loperate_handler:\n\t"
        "cmpb $" T(IC_HANDLER) ", 4(%rax)\n\t"
        "jne mv_native_operate_other\n\t"
        "mov %r12, %rdi\n\t"
        "mov %rbx, %rsi\n\t"
        "mov %rcx, %rdx\n\t"
        "mov %rax, %rcx\n\t"
        "cmpw $" T(OP_JUMP_IF_LT) ", -16(%rdx)\n\t"
        "jae mv_native_handle_jump\n\t"
        "jmp mv_native_handle_value\n"
        ".Loperate_several:\n\t"
        "cmpb $" T(IC_POLY) ", 4(%rax)\n\t"
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
        GLOBAL_TEXT("mv_native_operate_other")
        "mov %r12, %rdi\n\t"
        "mov %rbx, %rsi\n\t"
        "jmp *%r10\n"

        ".Loperate_mega:\n\t"
        "cmpb $" T(IC_MEGA) ", 4(%rax)\n\t"
        "jne mv_native_operate_other\n\t"
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
        "jmp mv_native_operate_other\n"

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
        "jae mv_native_operate_other\n\t"
        "mov %r11d, " T(VM_DEPTH) "(%r12)\n\t"
        "jmp .Loperate_frame\n"

        GLOBAL_TEXT("mv_native_refused_text")
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

STRESSED(BINARY)
STRESSED(ADD_INT)
STRESSED(COMPARE)
STRESSED(JUMP_COMPARE)
