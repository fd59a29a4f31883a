/* Registers assumptions about a loaded program, lets the program end them one by one, and looks at the units' bytes.
 * Then, that tables of subclasses are weak. Driven by tests/test_depend.py, which links it with the runtime.
 *
 * depend IMAGE    prints a line for each check that fails, then how many there were; status 1 if any failed */
#include "depend.h"
#include "api.h"
#include "class.h"
#include "ic.h"
#include "no_host.h"
#include <stdio.h>
#include <stdlib.h>

static MvVM *vm;
static MvModule *module;
static int checks, failures;
enum { UNITS = 16 };
static volatile uint8_t bytes[UNITS];
static uint32_t units[UNITS];

#define CHECK(condition)                                                                                               \
    do {                                                                                                               \
        checks++;                                                                                                      \
        if (!(condition)) {                                                                                            \
            failures++;                                                                                                \
            printf("line %d: %s\n", __LINE__, #condition);                                                             \
        }                                                                                                              \
    } while (0)

static void call(const char *function)
{
    MvReply reply;
    uint64_t target = mv_vm_intern(vm, (const uint8_t *)function, strlen(function));
    int status = mv_vm_call_ints(vm, target, 0, 0, 0, 0, 0, &reply);
    if (status != MV_OK) {
        mv_vm_last_error(vm, &reply);
        printf("%s: status %d: %.*s\n", function, status, (int)reply.size, (const char *)reply.data);
        exit(1);
    }
}

/* Runs the function and says which units' bytes are set, as bits; clears them. */
static unsigned set_by(const char *function)
{
    call(function);
    unsigned set = 0;
    for (int i = 0; i < UNITS; i++) {
        set |= (unsigned)(bytes[i] != 0) << i;
        bytes[i] = 0;
    }
    return set;
}

static MvValue name(const char *text) { return mv_intern_c(vm, text); }
static MvNameCell *global(const char *text)
{
    return MV_CAST(MvNameCell, mv_dict_find_name(module->names, name(text))->value);
}
static MvClass *class(const char *text) { return MV_CAST(MvClass, global(text)->value); }
static MvNameCell *attribute(const char *of, const char *text)
{
    return mv_class_find(vm, class(of), name(text), NULL);
}

static void check_cells(void)
{
    CHECK(mv_depend_on_cell(vm, global("constant"), units[0]));
    CHECK(mv_depend_on_cell(vm, global("constant"), units[1]));
    CHECK(mv_depend_on_cell(vm, global("deleted"), units[2]));
    CHECK(mv_depend_on_cell(vm, attribute("Base", "plain"), units[3]));
    CHECK(mv_depend_on_cell(vm, attribute("Base", "method"), units[4]));
    CHECK(mv_depend_on_cell(vm, attribute("Base", "kept"), units[5]));
    CHECK(mv_depend_count(vm) == 6 && global("constant")->dependents == 2);
    CHECK(set_by("read_all") == 0);
    CHECK(set_by("rewrite_constant") == 1 + 2);
    CHECK(set_by("rewrite_constant") == 0); /* once */
    CHECK(global("constant")->dependents == 0 && mv_depend_count(vm) == 4);
    CHECK(!mv_depend_on_cell(vm, global("constant"), units[0]));
    CHECK(set_by("delete_global") == 4);
    CHECK(set_by("rewrite_plain") == 8);
    CHECK(!mv_depend_on_cell(vm, attribute("Base", "plain"), units[3]));
    CHECK(set_by("shadow_kept") == 0);
    CHECK(set_by("rewrite_method") == 16);
    CHECK(mv_depend_count(vm) == 1);
    mv_depend_unit_drop(vm, units[5]);
    CHECK(mv_depend_count(vm) == 0 && attribute("Base", "kept")->dependents == 0);
    CHECK(set_by("rewrite_kept") == 0);
    CHECK(mv_depend_unit_new(vm, &bytes[5]) == units[5]); /* the number is free again */
}

static void check_lookups(void)
{
    CHECK(!mv_depend_on_lookup(vm, class("Derived"), name("look"), NULL, units[0]));
    CHECK(mv_depend_on_lookup(vm, class("Derived"), name("look"), attribute("Base", "look"), units[0]));
    CHECK(mv_depend_on_lookup(vm, class("Base"), name("look"), attribute("Base", "look"), units[1]));
    CHECK(mv_depend_on_lookup(vm, class("Other"), name("look"), attribute("Other", "look"), units[2]));
    CHECK(mv_depend_on_lookup(vm, class("Derived"), name("none"), NULL, units[3]));
    CHECK(mv_depend_on_lookup(vm, class("Derived"), name("plain"), attribute("Base", "plain"), units[4]));
    CHECK(set_by("rewrite_plain") == 0); /* one plain value in place of another: the cell's matter */
    CHECK(set_by("shadow_look") == 1);
    CHECK(set_by("rewrite_look") == 2);
    CHECK(set_by("add_none") == 8);
    CHECK(set_by("delete_plain") == 16);
    CHECK(mv_depend_count(vm) == 1);
    CHECK(set_by("rewrite_other_look") == 4);
}

static void check_globals(void)
{
    CHECK(!mv_depend_on_absence(vm, module, name("constant"), units[0]));
    CHECK(mv_depend_on_absence(vm, module, name("len"), units[0]));
    CHECK(mv_depend_on_absence(vm, module, name("brand_new"), units[1]));
    CHECK(set_by("make_new") == 2);
    CHECK(set_by("hide_len") == 1);
    CHECK(set_by("hide_len") == 0);
}

static void check_shapes(void)
{
    MvShape *root = vm->shapes[class("Point")->root_shape], *x = vm->shapes[root->transitions[0].shape];
    MvShape *y = vm->shapes[x->transitions[0].shape];
    CHECK(!mv_depend_on_no_transition(vm, x, units[0]));
    CHECK(mv_depend_on_no_transition(vm, y, units[0]));
    CHECK(set_by("make_point") == 0);
    CHECK(set_by("extend_point") == 1);
    CHECK(set_by("extend_point") == 0);
    CHECK(!mv_depend_on_no_transition(vm, y, units[0]));
    CHECK(!mv_depend_on_no_subclass(vm, class("Base"), units[0]));
    CHECK(mv_depend_on_no_subclass(vm, class("Point"), units[0]));
    CHECK(mv_depend_on_no_subclass(vm, class("Point"), units[1]));
    CHECK(set_by("derive_other") == 0);
    CHECK(set_by("derive_point") == 1 + 2);
    CHECK(mv_depend_count(vm) == 0);
}

/* What is dead is forgotten, what lives is not. Nothing refers to the new cell and module: this stack is above the
 * entry's. */
static void check_collection(void)
{
    CHECK(mv_depend_on_cell(vm, mv_name_cell_new(vm, name("doomed"), MV_TRUE), units[0]));
    CHECK(mv_depend_on_absence(vm, mv_module_new(vm, name("doomed")), name("value"), units[0]));
    CHECK(mv_depend_on_cell(vm, global("living"), units[1]));
    CHECK(mv_depend_on_lookup(vm, class("Base"), name("living"), NULL, units[2]));
    CHECK(mv_depend_on_no_transition(vm, vm->shapes[class("Lonely")->root_shape], units[3]));
    CHECK(mv_depend_on_no_subclass(vm, class("Lonely"), units[3]));
    CHECK(mv_depend_count(vm) == 6);
    uint64_t before = vm->heap.young_count;
    CHECK(set_by("collect") == 0 && vm->heap.young_count > before);
    CHECK(mv_depend_count(vm) == 4);
    CHECK(set_by("rewrite_living") == 2 + 4);
    mv_depend_unit_drop(vm, units[3]);
    CHECK(!mv_depend_on_no_subclass(vm, class("Lonely"), units[3]));
    units[3] = mv_depend_unit_new(vm, &bytes[3]);
    CHECK(mv_depend_count(vm) == 0);
}

/* The table of subclasses is weak even where a word of a stack looks like it or like its store; a handle stands for such a word. */
static void check_weak_tables(void)
{
    const MvClass *base = class("Crowded");
    for (int store = 0; store < 2; store++) {
        call("derive_crowd");
        CHECK(base->subclasses->used >= 500);
        uint64_t word = mv_handle_new(vm, store ? mv_value(base->subclasses->table) : mv_value(base->subclasses));
        mv_heap_collect(vm, true);
        CHECK(base->subclasses->used < 5);
        mv_handle_release(vm, word);
    }
}

static void check_many(void)
{
    enum { MANY = 5000 };
    for (int i = 0; i < MANY; i++)
        CHECK(mv_depend_on_absence(vm, module, name(i % 2 ? "even" : "odd"), units[i % 4]));
    CHECK(mv_depend_count(vm) == MANY);
    CHECK(set_by("make_even") == 2 + 8);
    CHECK(mv_depend_count(vm) == MANY / 2);
    mv_depend_unit_drop(vm, units[0]);
    CHECK(mv_depend_count(vm) == MANY / 4);
    CHECK(set_by("make_odd") == 4);
    CHECK(mv_depend_count(vm) == 0 && vm->stats.invalidations >= MANY / 2);
}

int main(int argc, char **argv)
{
    FILE *file = argc == 2 ? fopen(argv[1], "rb") : NULL;
    static uint8_t image[1 << 20];
    size_t size = file ? fread(image, 1, sizeof image, file) : 0;
    MvConfig config = {.memory_limit = 1 << 28, .recursion_limit = 1000, .stdin_fd = MV_FD_NONE, .stdout_fd = 1,
                       .stderr_fd = 2};
    MvReply reply;
    vm = mv_vm_new(&config);
    if (!vm || mv_vm_load(vm, image, size, &reply) != MV_OK || mv_vm_run_main(vm, &reply) != MV_OK) {
        printf("cannot run the program\n");
        return 1;
    }
    module = MV_CAST(MvModule, mv_main_module(vm));
    for (int i = 0; i < UNITS; i++)
        units[i] = mv_depend_unit_new(vm, &bytes[i]);
    check_cells();
    check_lookups();
    check_globals();
    check_shapes();
    check_collection();
    check_weak_tables();
    check_many();
    mv_vm_free(vm);
    printf("%d checks, %d failed\n", checks, failures);
    return failures != 0;
}
