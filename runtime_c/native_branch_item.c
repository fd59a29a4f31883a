/* The helpers of items, GET_ITEM and SET_ITEM, as native code calls them: where the site's record says which method of Mini does it (OPERATE), it is
 * called as operators' methods are (native_branch.c). Entries of dicts that a polymorphic record names are read here, those of a record's own in the template
 * (baseline/items.py). All else, what records learn too, is the helper of the same name with _OTHER (native_ops.c), nothing being done.
 *
 * `data` compares the record's guard here, `pointer` branches to the record's target, a stub of the class IC_INDEX or IC_STORE_INDEX
 * (baseline/pointer.py), which does. native_text.h has the convention. */
#include "containers.h"
#include "native_text.h"

#define CLASS_DICT 11
#define DICT_TABLE 14
#define TABLE_STRS 26
#define TABLE_FILL 8
#define ENTRY_KEY 40
#define ENTRY_VALUE 48
_Static_assert((int)MV_CLASS_DICT == CLASS_DICT && offsetof(MvDict, table) == DICT_TABLE + 2 && offsetof(MvDictTable, pad) == TABLE_STRS &&
                   offsetof(MvDictTable, fill) == TABLE_FILL && offsetof(MvDictTable, entries) + offsetof(MvDictEntry, key) == ENTRY_KEY &&
                   offsetof(MvDictTable, entries) + offsetof(MvDictEntry, value) == ENTRY_VALUE && sizeof(MvDictEntry) == 24, "dicts");

/* r8, r9 = the container and the key, from these bytes of the instruction; goes away unless the container is an object. */
#define OPERANDS(container, key, name)                                                                                       \
    "movzwl " #container "(%rcx), %esi\n\t"                                                                                  \
    "mov (%rbx,%rsi,8), %r8\n\t"                                                                                             \
    "movzwl " #key "(%rcx), %esi\n\t"                                                                                        \
    "mov (%rbx,%rsi,8), %r9\n\t"                                                                                             \
    "lea mv_native_" name "_OTHER(%rip), %r10\n\t"                                                                           \
    "lea -2(%r8), %esi\n\t"                                                                                                  \
    "test $3, %sil\n\t"                                                                                                      \
    "jne mv_native_operate_other\n\t"                                                                                        \
    "cmpq $0, " T(VM_IC_TARGETS) "(%r12)\n\t"
/* Calls the stub that the record names: rax = the value of a load, or UNASSIGNED for a miss; rdi = the function to call, or 0. */
#define THROUGH(entry_class, name)                                                                                           \
    "push %rdx\n\t"                                                                                                          \
    "push %r8\n\t"                                                                                                           \
    "push %r9\n\t"                                                                                                           \
    "push %r10\n\t"                                                                                                          \
    "push %rcx\n\t"                                                                                                          \
    "movzwl -10(%rcx), %ecx\n\t"                                                                                             \
    "mov %rax, %rsi\n\t"                                                                                                     \
    "mov %r8, %rax\n\t"                                                                                                      \
    "mov %r9, %rdi\n\t"                                                                                                      \
    "mov (%rbx,%rcx,8), %r8\n\t" /* the value of a store */                                                                  \
    "mov " T(RECORD_TARGET) "(%rsi), %rcx\n\t"                                                                               \
    CHECK("$" T(entry_class), ".L" name "_branch")                                                                           \
    ".L" name "_branch:\n\t"                                                                                                 \
    "call *%rcx\n\t"                                                                                                         \
    "pop %rcx\n\t"                                                                                                           \
    "pop %r10\n\t"                                                                                                           \
    "pop %r9\n\t"                                                                                                            \
    "pop %r8\n\t"                                                                                                            \
    "pop %rdx\n\t"                                                                                                           \
    "cmp $" T(UNASSIGNED) ", %rax\n\t"                                                                                       \
    "je mv_native_operate_other\n\t"                                                                                         \
    "test %rdi, %rdi\n\t"

__attribute__((naked, noinline)) uint64_t mv_native_GET_ITEM(MvVM *vm, MvValue *base, uint64_t next)
{
    __asm__(BEHIND OPERANDS(-12, -10, "GET_ITEM")
        "jne .Lget_through\n\t"
        "mov " T(SHAPE) "(%r8), %esi\n\t"
        "cmp (%rax), %esi\n\t" /* OPERATE is what sites of items do first: the guard is plain (ic.h: MV_IC_APART) */
        "jne .Lget_several\n"
        ".Lget_found:\n\t"
        "cmpb $" T(IC_OPERATE) ", 4(%rax)\n\t"
        "jne .Lget_handler\n\t"
        "mov 16(%rax), %rdi\n"
        ".Lget_call:\n\t"
        "mov $" T(MODE_OPERATOR) ", %esi\n\t"
        "jmp mv_native_operate_function\n"

        ".Lget_several:\n\t"
        "cmpb $" T(IC_POLY) ", 4(%rax)\n\t"
        "jne mv_native_operate_other\n\t"
        "mov 8(%rax), %rax\n\t"
        "mov $4, %r11d\n"
        ".Lget_entry:\n\t"
        "cmp (%rax), %esi\n\t"
        "je .Lget_found\n"
        ".Lget_next:\n\t"
        "add $32, %rax\n\t"
        "sub $1, %r11d\n\t"
        "jne .Lget_entry\n\t"
        "jmp mv_native_operate_other\n"

        ".Lget_handler:\n\t" /* of an entry of the block: the record's own guard would have the bit */
        "cmp $" T(CLASS_DICT) ", %esi\n\t"
        "jne mv_native_operate_other\n\t"
        "cmp 8(%rax), %r9\n\t"
        "jne .Lget_next\n\t"
        "mov " T(DICT_TABLE) "(%r8), %rdi\n\t"
        "cmpb $0, " T(TABLE_STRS) "(%rdi)\n\t"
        "je mv_native_operate_other\n\t"
        "movzwl 6(%rax), %esi\n\t"
        "cmp " T(TABLE_FILL) "(%rdi), %rsi\n\t"
        "jae mv_native_operate_other\n\t"
        "lea (%rsi,%rsi,2), %rsi\n\t"
        "cmp " T(ENTRY_KEY) "(%rdi,%rsi,8), %r9\n\t"
        "jne mv_native_operate_other\n\t"
        "mov " T(ENTRY_VALUE) "(%rdi,%rsi,8), %rax\n"
        ".Lget_store:\n\t"
        "movzwl -14(%rcx), %ecx\n\t"
        "mov %rax, (%rbx,%rcx,8)\n\t"
        "mov $1, %eax\n\t"
        "ret\n"

        ".Lget_through:\n\t"
        THROUGH(ENTRY_IC_INDEX, "get")
        "jne .Lget_call\n\t"
        "jmp .Lget_store");
}

__attribute__((naked, noinline)) uint64_t mv_native_SET_ITEM(MvVM *vm, MvValue *base, uint64_t next)
{
    __asm__(BEHIND OPERANDS(-14, -12, "SET_ITEM")
        "jne .Lset_through\n\t"
        "mov " T(SHAPE) "(%r8), %esi\n\t"
        "cmp (%rax), %esi\n\t"
        "jne .Lset_several\n"
        ".Lset_found:\n\t"
        "cmpb $" T(IC_OPERATE) ", 4(%rax)\n\t"
        "jne mv_native_operate_other\n\t"
        "mov 16(%rax), %rdi\n"
        ".Lset_call:\n\t"
        "mov $" T(MODE_OPERATOR) ", %esi\n\t"
        "jmp mv_native_operate_store\n"

        ".Lset_several:\n\t"
        "cmpb $" T(IC_POLY) ", 4(%rax)\n\t"
        "jne mv_native_operate_other\n\t"
        "mov 8(%rax), %rax\n\t"
        "mov $4, %r11d\n"
        ".Lset_entry:\n\t"
        "cmp (%rax), %esi\n\t"
        "je .Lset_found\n\t"
        "add $32, %rax\n\t"
        "sub $1, %r11d\n\t"
        "jne .Lset_entry\n\t"
        "jmp mv_native_operate_other\n"

        ".Lset_through:\n\t"
        THROUGH(ENTRY_IC_STORE_INDEX, "set")
        "jne .Lset_call\n\t"
        "mov $1, %eax\n\t"
        "ret");
}

STRESSED(GET_ITEM)
STRESSED(SET_ITEM)
