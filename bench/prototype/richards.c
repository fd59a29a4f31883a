/* Richards: the scheduler of programs/richards.py and its tasks, as the optimizing compiler would emit them.
 *
 * Called by main.c. Methods of a few bytecodes (is_*, set_*, wait, hold, release, find_task, receive) are inlined;
 * run, the four process methods, send and append are units of their own and called as such. A site that sees the four
 * kinds of tasks guards with a chain of four compares: they inherit the attributes, which lie at one offset in all
 * four shapes. Methods and globals are assumed constant by dependency and cost nothing. Set-up is plain C. */
#include "emit.h"

/* Slots in order of the first stores. */
enum { PENDING, WAITING, HOLDING, KERNEL, IDENTITY, PRIORITY, QUEUE, LINK, OWN1, OWN2, TASK_SLOTS };
enum { P_LINK, P_IDENTITY, P_KIND, P_DATUM, P_DATA, PACKET_SLOTS };
enum { K_FIRST, K_CURRENT, K_CURRENT_IDENTITY, K_TABLE, K_PACKETS_SENT, K_HOLDS, KERNEL_SLOTS };
enum { CONTROL = OWN1, DESTINATION = OWN1, WORK_QUEUE = OWN1, WAITING_PACKET = OWN1 };
enum { IDLER_COUNT = OWN2, WORKER_COUNT = OWN2, DEVICE_QUEUE = OWN2 };
enum { IDLER, WORKER, HANDLER_A, HANDLER_B, DEVICE_A, DEVICE_B, TASKS };
enum { DEVICE_PACKET, WORK_PACKET };
#define PACKET_SIZE 4
#define REGISTERS 16 /* of every frame here */

MV_INLINE bool is_task(uint32_t shape)
{
    return shape == SHAPE_IDLER || shape == SHAPE_DEVICE || shape == SHAPE_HANDLER || shape == SHAPE_WORKER;
}
#ifdef MVP_NO_SHAPES
#define GUARD_TASK(v) ((void)is_task)
#else
#define GUARD_TASK(v) GUARD(mv_is_pointer(v) && is_task(SHAPE(v)))
#endif
#define CALL(newbase, caller, callee, class, word) \
    mvp_call(vm, base, newbase, k, caller, callee, class, REGISTERS, word)

/* ---- inlined methods of Kernel ---- */

MV_INLINE MvValue kernel_wait(MvValue kernel, const MvValue *k)
{
    GUARD_SHAPE(kernel, SHAPE_KERNEL);
    MvValue current = FIELD(kernel, K_CURRENT);
    GUARD_TASK(current);
    STORE_PLAIN(current, WAITING, TRUE);
    return current;
}

MV_INLINE MvValue kernel_hold(MvValue kernel, const MvValue *k)
{
    GUARD_SHAPE(kernel, SHAPE_KERNEL);
    MvValue holds = FIELD(kernel, K_HOLDS);
    GUARD_INT(holds);
    STORE_PLAIN(kernel, K_HOLDS, mvp_add(holds, INT(1)));
    MvValue current = FIELD(kernel, K_CURRENT);
    GUARD_TASK(current);
    STORE_PLAIN(current, HOLDING, TRUE);
    return FIELD(current, LINK);
}

MV_INLINE MvValue kernel_find_task(MvValue kernel, MvValue identity, const MvValue *k)
{
    MvValue table = FIELD(kernel, K_TABLE);
    GUARD_LIST(table);
    MvValue task = *mvp_item(table, identity);
    GUARD(task != NONE); /* raises ValueError */
    return task;
}

MV_INLINE MvValue kernel_release(MvValue kernel, MvValue identity, const MvValue *k)
{
    GUARD_SHAPE(kernel, SHAPE_KERNEL);
    MvValue task = kernel_find_task(kernel, identity, k);
    GUARD_TASK(task);
    STORE_PLAIN(task, HOLDING, FALSE);
    MvValue current = FIELD(kernel, K_CURRENT);
    GUARD_TASK(current);
    MvValue priority = FIELD(task, PRIORITY), other = FIELD(current, PRIORITY);
    GUARD(mv_both_int(priority, other));
    return (int64_t)priority > (int64_t)other ? task : current;
}

/* ---- units ---- */

/* append(packet, queue): registers 0 packet, 1 queue */
MVP_COMPILED MvValue mvp_append(MvVM *vm, MvValue *base)
{
    const MvValue *k = CONSTANTS();
    MvValue packet = base[0], queue = base[1];
    GUARD_SHAPE(packet, SHAPE_PACKET);
    STORE_PLAIN(packet, P_LINK, NONE);
    if (queue == NONE)
        return packet;
    MvValue last = queue;
    GUARD_SHAPE(last, SHAPE_PACKET);
    for (;;) {
        MvValue link = FIELD(last, P_LINK);
        if (link == NONE)
            break;
        GUARD_SHAPE(link, SHAPE_PACKET);
        last = link;
        POLL(vm);
    }
    STORE(vm, last, P_LINK, packet);
    return queue;
}

/* Kernel.send(self, packet), find_task and receive inlined: registers 0 self, 1 packet, 2 task, 3 sender, 4.. window */
MVP_COMPILED MvValue mvp_send(MvVM *vm, MvValue *base)
{
    const MvValue *k = CONSTANTS();
    MvValue self = base[0], packet = base[1];
    GUARD_SHAPE(self, SHAPE_KERNEL);
    GUARD_SHAPE(packet, SHAPE_PACKET);
    MvValue identity = FIELD(packet, P_IDENTITY);
    GUARD_INT(identity);
    MvValue task = kernel_find_task(self, identity, k);
    MvValue sent = FIELD(self, K_PACKETS_SENT);
    GUARD_INT(sent);
    STORE_PLAIN(self, K_PACKETS_SENT, mvp_add(sent, INT(1)));
    STORE_PLAIN(packet, P_LINK, NONE);
    STORE(vm, packet, P_IDENTITY, FIELD(self, K_CURRENT_IDENTITY));
    MvValue sender = FIELD(self, K_CURRENT);
    GUARD_TASK(task);
    MvValue queue = FIELD(task, QUEUE);
    if (queue == NONE) {
        STORE(vm, task, QUEUE, packet);
        STORE_PLAIN(task, PENDING, TRUE);
        GUARD_TASK(sender);
        MvValue priority = FIELD(task, PRIORITY), other = FIELD(sender, PRIORITY);
        GUARD(mv_both_int(priority, other));
        return (int64_t)priority > (int64_t)other ? task : sender;
    }
    base[2] = task;
    base[3] = sender;
    MvValue *window = base + 4 + MV_WINDOW_ARGS;
    window[0] = packet;
    window[1] = queue;
    MvValue head = CALL(window, UNIT_SEND, UNIT_APPEND, MVP_CLASS_CALL2, 31);
    task = base[2];
    GUARD_TASK(task);
    STORE(vm, task, QUEUE, head);
    return base[3];
}

#define SEND(kernel, packet, unit, w, word)                          \
    do {                                                             \
        MvValue *window = WINDOW(w);                                 \
        window[0] = (kernel);                                        \
        window[1] = (packet);                                        \
        return CALL(window, unit, UNIT_SEND, MVP_CLASS_CALL2, word); \
    } while (0)

/* Idler.process(self, packet) */
MVP_COMPILED MvValue mvp_idler(MvVM *vm, MvValue *base)
{
    (void)vm;
    const MvValue *k = CONSTANTS();
    MvValue self = base[0];
    GUARD_SHAPE(self, SHAPE_IDLER);
    MvValue count = FIELD(self, IDLER_COUNT);
    GUARD_INT(count);
    count = mvp_add(count, INT(-1));
    STORE_PLAIN(self, IDLER_COUNT, count);
    MvValue kernel = FIELD(self, KERNEL);
    if (count == INT(0))
        return kernel_hold(kernel, k);
    MvValue control = FIELD(self, CONTROL);
    GUARD_INT(control);
    MvValue halved = (MvValue)((int64_t)control >> 1) & ~(MvValue)3;
    if ((control & INT(1)) == 0) {
        STORE_PLAIN(self, CONTROL, halved);
        return kernel_release(kernel, INT(DEVICE_A), k);
    }
    STORE_PLAIN(self, CONTROL, halved ^ INT(53256));
    return kernel_release(kernel, INT(DEVICE_B), k);
}

/* Worker.process(self, packet) */
MVP_COMPILED MvValue mvp_worker(MvVM *vm, MvValue *base)
{
    const MvValue *k = CONSTANTS();
    MvValue self = base[0], packet = base[1];
    GUARD_SHAPE(self, SHAPE_WORKER);
    if (packet == NONE)
        return kernel_wait(FIELD(self, KERNEL), k);
    MvValue destination = FIELD(self, DESTINATION);
    GUARD_INT(destination);
    destination = destination == INT(HANDLER_A) ? INT(HANDLER_B) : INT(HANDLER_A);
    STORE_PLAIN(self, DESTINATION, destination);
    GUARD_SHAPE(packet, SHAPE_PACKET);
    STORE_PLAIN(packet, P_IDENTITY, destination);
    STORE_PLAIN(packet, P_DATUM, INT(0));
    for (MvValue i = 0; (int64_t)i < (int64_t)INT(PACKET_SIZE); i += INT(1)) {
        MvValue count = FIELD(self, WORKER_COUNT);
        GUARD_INT(count);
        count = mvp_add(count, INT(1));
        STORE_PLAIN(self, WORKER_COUNT, count);
        if ((int64_t)count > (int64_t)INT(26)) {
            count = INT(1);
            STORE_PLAIN(self, WORKER_COUNT, count);
        }
        MvValue data = FIELD(packet, P_DATA);
        GUARD_LIST(data);
        *mvp_item(data, i) = mvp_add(mvp_add(count, INT(65)), INT(-1));
        POLL(vm);
    }
    SEND(FIELD(self, KERNEL), packet, UNIT_WORKER, 4, 60);
}

/* Handler.process(self, packet); registers 4.. window */
MVP_COMPILED MvValue mvp_handler(MvVM *vm, MvValue *base)
{
    const MvValue *k = CONSTANTS();
    MvValue self = base[0], packet = base[1];
    GUARD_SHAPE(self, SHAPE_HANDLER);
    if (packet != NONE) {
        GUARD_SHAPE(packet, SHAPE_PACKET);
        MvValue kind = FIELD(packet, P_KIND);
        GUARD_INT(kind);
        MvValue *window = base + 4 + MV_WINDOW_ARGS;
        window[0] = packet;
        if (kind == INT(WORK_PACKET)) {
            window[1] = FIELD(self, WORK_QUEUE);
            MvValue head = CALL(window, UNIT_HANDLER, UNIT_APPEND, MVP_CLASS_CALL2, 12);
            self = base[0];
            GUARD_SHAPE(self, SHAPE_HANDLER);
            STORE(vm, self, WORK_QUEUE, head);
        } else {
            window[1] = FIELD(self, DEVICE_QUEUE);
            MvValue head = CALL(window, UNIT_HANDLER, UNIT_APPEND, MVP_CLASS_CALL2, 22);
            self = base[0];
            GUARD_SHAPE(self, SHAPE_HANDLER);
            STORE(vm, self, DEVICE_QUEUE, head);
        }
    }
    MvValue work = FIELD(self, WORK_QUEUE);
    if (work == NONE)
        return kernel_wait(FIELD(self, KERNEL), k);
    GUARD_SHAPE(work, SHAPE_PACKET);
    MvValue done = FIELD(work, P_DATUM);
    GUARD_INT(done);
    if ((int64_t)done >= (int64_t)INT(PACKET_SIZE)) {
        STORE(vm, self, WORK_QUEUE, FIELD(work, P_LINK));
        SEND(FIELD(self, KERNEL), work, UNIT_HANDLER, 4, 50);
    }
    MvValue device = FIELD(self, DEVICE_QUEUE);
    if (device == NONE)
        return kernel_wait(FIELD(self, KERNEL), k);
    GUARD_SHAPE(device, SHAPE_PACKET);
    STORE(vm, self, DEVICE_QUEUE, FIELD(device, P_LINK));
    MvValue data = FIELD(work, P_DATA);
    GUARD_LIST(data);
    STORE(vm, device, P_DATUM, *mvp_item(data, done));
    STORE_PLAIN(work, P_DATUM, mvp_add(done, INT(1)));
    SEND(FIELD(self, KERNEL), device, UNIT_HANDLER, 4, 80);
}

/* Device.process(self, packet) */
MVP_COMPILED MvValue mvp_device(MvVM *vm, MvValue *base)
{
    const MvValue *k = CONSTANTS();
    MvValue self = base[0], packet = base[1];
    GUARD_SHAPE(self, SHAPE_DEVICE);
    if (packet == NONE) {
        packet = FIELD(self, WAITING_PACKET);
        if (packet == NONE)
            return kernel_wait(FIELD(self, KERNEL), k);
        STORE_PLAIN(self, WAITING_PACKET, NONE);
        SEND(FIELD(self, KERNEL), packet, UNIT_DEVICE, 4, 14);
    }
    STORE(vm, self, WAITING_PACKET, packet);
    return kernel_hold(FIELD(self, KERNEL), k);
}

/* Task.run(self), with is_waiting_with_packet, set_running and set_packet_pending inlined */
MVP_COMPILED MvValue mvp_run(MvVM *vm, MvValue *base)
{
    const MvValue *k = CONSTANTS();
    MvValue self = base[0], packet = NONE;
    GUARD_TASK(self);
    if (TRUTH(FIELD(self, PENDING)) && TRUTH(FIELD(self, WAITING)) && !TRUTH(FIELD(self, HOLDING))) {
        packet = FIELD(self, QUEUE);
        GUARD_SHAPE(packet, SHAPE_PACKET);
        MvValue link = FIELD(packet, P_LINK);
        STORE(vm, self, QUEUE, link);
        STORE_PLAIN(self, PENDING, link == NONE ? FALSE : TRUE);
        STORE_PLAIN(self, WAITING, FALSE);
        STORE_PLAIN(self, HOLDING, FALSE);
    }
    MvValue *window = WINDOW(2);
    window[0] = self;
    window[1] = packet;
    switch (SHAPE(self)) { /* the site's four classes */
    case SHAPE_IDLER: return CALL(window, UNIT_RUN, UNIT_IDLER, MVP_CLASS_CALL2, 40);
    case SHAPE_DEVICE: return CALL(window, UNIT_RUN, UNIT_DEVICE, MVP_CLASS_CALL2, 40);
    case SHAPE_HANDLER: return CALL(window, UNIT_RUN, UNIT_HANDLER, MVP_CLASS_CALL2, 40);
    default: return CALL(window, UNIT_RUN, UNIT_WORKER, MVP_CLASS_CALL2, 40);
    }
}

/* Kernel.schedule(self), with is_holding_or_waiting inlined */
MVP_COMPILED MvValue mvp_schedule(MvVM *vm, MvValue *base)
{
    const MvValue *k = CONSTANTS();
    MvValue self = base[0];
    GUARD_SHAPE(self, SHAPE_KERNEL);
    STORE(vm, self, K_CURRENT, FIELD(self, K_FIRST));
    for (;;) {
        MvValue current = FIELD(self, K_CURRENT);
        if (current == NONE)
            return NONE;
        GUARD_TASK(current);
        if (TRUTH(FIELD(current, HOLDING)) || (!TRUTH(FIELD(current, PENDING)) && TRUTH(FIELD(current, WAITING)))) {
            STORE(vm, self, K_CURRENT, FIELD(current, LINK));
        } else {
            STORE(vm, self, K_CURRENT_IDENTITY, FIELD(current, IDENTITY));
            MvValue *window = WINDOW(1);
            window[0] = current;
            MvValue next = CALL(window, UNIT_SCHEDULE, UNIT_RUN, MVP_CLASS_CALL1, 30);
            self = base[0];
            GUARD_SHAPE(self, SHAPE_KERNEL);
            STORE(vm, self, K_CURRENT, next);
        }
        POLL(vm);
    }
}

/* ---- set-up ---- */

static MvValue instance(MvVM *vm, uint32_t shape, int slots)
{
    return mv_value(mv_allocate(vm, OFFSET(slots), shape, MV_KIND_INSTANCE, MV_GC_HAS_POINTERS, 0));
}

static MvValue list_of(MvVM *vm, int length, MvValue item)
{
    MvList *list = mv_allocate(vm, sizeof *list, MV_CLASS_LIST, MV_KIND_LIST, MV_GC_HAS_POINTERS, 0);
    MvStore *store = mv_allocate(vm, sizeof *store + 8 * (size_t)length, MV_CLASS_INTERNAL, MV_KIND_STORE,
                                 MV_GC_HAS_POINTERS, 0);
    list->length = list->capacity = store->length = length;
    list->items = store->items;
    for (int i = 0; i < length; i++)
        list->items[i] = item;
    return mv_value(list);
}

static MvValue packets(MvVM *vm, int count, int identity, int kind)
{
    MvValue queue = MV_NONE;
    for (int i = 0; i < count; i++) {
        MvValue packet = instance(vm, SHAPE_PACKET, PACKET_SLOTS);
        FIELD(packet, P_LINK) = queue;
        FIELD(packet, P_IDENTITY) = INT(identity);
        FIELD(packet, P_KIND) = INT(kind);
        FIELD(packet, P_DATUM) = INT(0);
        FIELD(packet, P_DATA) = list_of(vm, PACKET_SIZE, INT(0));
        queue = packet;
    }
    return queue;
}

static void add_task(MvVM *vm, MvValue kernel, uint32_t shape, int identity, int priority, MvValue queue, bool waiting,
                     MvValue own1, MvValue own2)
{
    MvValue task = instance(vm, shape, TASK_SLOTS);
    FIELD(task, PENDING) = mv_bool(queue != MV_NONE);
    FIELD(task, WAITING) = mv_bool(waiting);
    FIELD(task, HOLDING) = MV_FALSE;
    FIELD(task, KERNEL) = kernel;
    FIELD(task, IDENTITY) = INT(identity);
    FIELD(task, PRIORITY) = INT(priority);
    FIELD(task, QUEUE) = queue;
    FIELD(task, LINK) = FIELD(kernel, K_FIRST);
    FIELD(task, OWN1) = own1;
    FIELD(task, OWN2) = own2;
    FIELD(kernel, K_FIRST) = task;
    MV_CAST(MvList, FIELD(kernel, K_TABLE))->items[identity] = task;
}

void mvp_richards(MvVM *vm, MvValue *base, int inner)
{
    for (int i = 0; i < inner; i++) {
        MvValue kernel = instance(vm, SHAPE_KERNEL, KERNEL_SLOTS);
        FIELD(kernel, K_FIRST) = FIELD(kernel, K_CURRENT) = MV_NONE;
        FIELD(kernel, K_CURRENT_IDENTITY) = INT(IDLER);
        FIELD(kernel, K_TABLE) = list_of(vm, TASKS, MV_NONE);
        FIELD(kernel, K_PACKETS_SENT) = FIELD(kernel, K_HOLDS) = INT(0);
        MvValue none = MV_NONE, work = packets(vm, 2, WORKER, WORK_PACKET);
        MvValue for_a = packets(vm, 3, DEVICE_A, DEVICE_PACKET), for_b = packets(vm, 3, DEVICE_B, DEVICE_PACKET);
        add_task(vm, kernel, SHAPE_IDLER, IDLER, 0, none, false, INT(1), INT(10000));
        add_task(vm, kernel, SHAPE_WORKER, WORKER, 1000, work, true, INT(HANDLER_A), INT(0));
        add_task(vm, kernel, SHAPE_HANDLER, HANDLER_A, 2000, for_a, true, none, none);
        add_task(vm, kernel, SHAPE_HANDLER, HANDLER_B, 3000, for_b, true, none, none);
        add_task(vm, kernel, SHAPE_DEVICE, DEVICE_A, 4000, none, true, none, none);
        add_task(vm, kernel, SHAPE_DEVICE, DEVICE_B, 5000, none, true, none, none);
        base[0] = kernel;
        mvp_enter(vm, base, UNIT_SCHEDULE);
        long long sent = mv_to_fixnum(FIELD(kernel, K_PACKETS_SENT)), holds = mv_to_fixnum(FIELD(kernel, K_HOLDS));
        if (sent != 23246 || holds != 9297) {
            fprintf(stderr, "Richards: expected 23246 and 9297, got %lld and %lld\n", sent, holds);
            exit(1);
        }
    }
}
