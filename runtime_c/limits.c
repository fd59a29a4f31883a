/* limits.c: what a poll does, the timer thread behind time limits, and waits that limits and interrupts can end.
 *
 * A poll happens where vm->poll is not zero: at back edges, calls and in every native loop. Bits are set by the timer
 * thread, by mv_limits_interrupt() from any thread, by signal handlers and by the VM itself; mv_poll_slow() takes them.
 * An ending stays until the next entry (api.c resets it).
 *
 * The timer thread is one for the process, the documented exception to "no state outside a VM": it is started with the
 * first time limit, sleeps until the next deadline and sets MV_POLL_TIME. It touches a VM only while the VM's entry is
 * in the list, under the lock; a forked child starts with an empty list and no thread. */
#include "watch.h"

#include "api.h"
#include "native.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

enum { WAIT_SLICE_MS = 20 };        /* between looks at the poll word in a blocking wait */
enum { TIMER_STACK = 256 << 10 };   /* bytes; sanitizers need most of it */

static struct {
    pthread_mutex_t lock;
    pthread_cond_t wake;
    MvWatch *first;
    int64_t wake_ns; /* when the thread looks at the list again */
    uint32_t generation; /* of the process: a child of fork is the next one */
    bool ready;      /* lock, condition and fork handlers are set up */
    bool running;
} timer = {.lock = PTHREAD_MUTEX_INITIALIZER, .wake_ns = INT64_MAX};

int64_t mv_clock_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static struct timespec to_timespec(int64_t ns)
{
    return (struct timespec){.tv_sec = ns / 1000000000, .tv_nsec = ns % 1000000000};
}

/* ---- the timer thread ---- */

static void unlink_watch(MvWatch *watch)
{
    if (watch->previous)
        watch->previous->next = watch->next;
    else
        timer.first = watch->next;
    if (watch->next)
        watch->next->previous = watch->previous;
    watch->previous = watch->next = NULL;
    watch->armed = false;
}

static void *timer_main(void *unused)
{
    pthread_mutex_lock(&timer.lock);
    for (;;) {
        int64_t now = mv_clock_ns(), next_wake = INT64_MAX;
        for (MvWatch *watch = timer.first, *next; watch; watch = next) {
            next = watch->next;
            if (watch->deadline_ns <= now) {
                mv_request_poll(watch->vm, MV_POLL_TIME);
                unlink_watch(watch);
            } else if (watch->deadline_ns < next_wake) {
                next_wake = watch->deadline_ns;
            }
        }
        timer.wake_ns = next_wake;
        if (next_wake == INT64_MAX) {
            pthread_cond_wait(&timer.wake, &timer.lock);
        } else {
            struct timespec until = to_timespec(next_wake);
            pthread_cond_timedwait(&timer.wake, &timer.lock, &until);
        }
    }
    return NULL;
}

static void make_condition(void)
{
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&timer.wake, &attributes);
    pthread_condattr_destroy(&attributes);
}

static void before_fork(void) { pthread_mutex_lock(&timer.lock); }
static void after_fork_in_parent(void) { pthread_mutex_unlock(&timer.lock); }

static void after_fork_in_child(void)
{
    timer.first = NULL; /* the VMs of the parent do not run here */
    timer.running = false;
    timer.wake_ns = INT64_MAX;
    timer.generation++;
    make_condition();
    pthread_mutex_init(&timer.lock, NULL);
}

/* Under the lock. */
static bool start_timer(void)
{
    if (!timer.ready) {
        make_condition();
        if (pthread_atfork(before_fork, after_fork_in_parent, after_fork_in_child))
            return false;
        timer.ready = true;
    }
    if (timer.running)
        return true;
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, TIMER_STACK);
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before); /* signals belong to the host's threads */
    pthread_t thread;
    timer.wake_ns = INT64_MAX;
    timer.running = !pthread_create(&thread, &attributes, timer_main, NULL);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    return timer.running;
}

MvWatch *mv_watch(MvVM *vm)
{
    if (!vm->watch) {
        vm->watch = calloc(1, sizeof *vm->watch);
        if (vm->watch)
            vm->watch->vm = vm;
    }
    return vm->watch;
}

void mv_limits_arm(MvVM *vm)
{
    __atomic_and_fetch(&vm->poll, MV_POLL_KEPT | MV_POLL_CODE, __ATOMIC_SEQ_CST); /* code may come while the VM is idle */
    if (vm->poll)
        mv_request_poll(vm, 0); /* calls are counted too */
    vm->deadline_ns = 0;
    if (vm->time_limit_ns <= 0)
        return;
    if (__builtin_add_overflow(mv_clock_ns(), vm->time_limit_ns, &vm->deadline_ns)) {
        vm->deadline_ns = 0;
        return;
    }
    MvWatch *watch = mv_watch(vm);
    if (!watch) {
        mv_request_poll(vm, MV_POLL_TIME);
        return;
    }
    pthread_mutex_lock(&timer.lock);
    watch->no_thread = !start_timer();
    if (watch->no_thread) {
        mv_request_poll(vm, MV_POLL_TIME);
    } else {
        watch->deadline_ns = vm->deadline_ns;
        if (!watch->armed) {
            watch->armed = true;
            watch->generation = timer.generation;
            watch->next = timer.first;
            if (timer.first)
                timer.first->previous = watch;
            timer.first = watch;
        }
        if (watch->deadline_ns < timer.wake_ns)
            pthread_cond_signal(&timer.wake);
    }
    pthread_mutex_unlock(&timer.lock);
}

void mv_limits_disarm(MvVM *vm)
{
    MvWatch *watch = vm->watch;
    vm->deadline_ns = 0;
    if (!watch)
        return;
    pthread_mutex_lock(&timer.lock);
    if (watch->armed && watch->generation == timer.generation)
        unlink_watch(watch);
    pthread_mutex_unlock(&timer.lock);
}

void mv_limits_free(MvVM *vm)
{
    mv_limits_disarm(vm);
    free(vm->watch);
    vm->watch = NULL;
}

void mv_limits_interrupt(MvVM *vm)
{
    mv_request_poll(vm, MV_POLL_INTERRUPT);
}

/* ---- polling ---- */

bool mv_end(MvVM *vm, MvEnd how)
{
    if (vm->ending == MV_END_NONE) {
        vm->ending = how;
        mv_report_ending(vm);
        vm->exception = vm->limit_exception;
    }
    return true;
}

static bool raise_keyboard_interrupt(MvVM *vm)
{
    MvValue exception = mv_exception_new(vm, vm->classes[MV_EXC_KeyboardInterrupt], NULL, 0);
    if (exception != MV_EXC)
        mv_raise_object(vm, exception);
    return true;
}

static bool time_is_over(MvVM *vm)
{
    if (!vm->deadline_ns)
        return false;
    if (mv_clock_ns() >= vm->deadline_ns)
        return true;
    if (!vm->watch || vm->watch->no_thread)
        mv_request_poll(vm, MV_POLL_TIME);
    return false;
}

bool mv_poll_slow(MvVM *vm)
{
    if (vm->ending != MV_END_NONE)
        return true;
    uint32_t due = __atomic_fetch_and(&vm->poll, MV_POLL_KEPT, __ATOMIC_SEQ_CST);
    vm->stats.polls++;
    if (due & MV_POLL_CODE)
        mv_native_publish(vm); /* first: a run that ends here must not lose it */
    if (due & MV_POLL_INTERRUPT)
        return mv_end(vm, MV_END_INTERRUPTED);
    if (due & MV_POLL_TIME && time_is_over(vm))
        return mv_end(vm, MV_END_TIME);
    if (due & MV_POLL_MEMORY)
        return mv_end(vm, MV_END_MEMORY);
    if (due & MV_POLL_FUEL && vm->fuel-- <= 0)
        return mv_end(vm, MV_END_FUEL);
    if (due & MV_POLL_GC)
        mv_heap_collect(vm, vm->heap.full_due);
    if (due & MV_POLL_SIGINT) {
        switch (mv_host_signal(vm)) {
        case MV_POLL_KEYBOARD_INTERRUPT: return raise_keyboard_interrupt(vm);
        case MV_POLL_ABORT: return mv_end(vm, MV_END_INTERRUPTED);
        default: break;
        }
    }
    return false;
}

/* ---- waiting ---- */

bool mv_wait_fd(MvVM *vm, int fd, int events)
{
    struct pollfd entry = {.fd = fd, .events = (short)events};
    for (;;) {
        int ready = poll(&entry, 1, WAIT_SLICE_MS);
        if (ready > 0 || (ready < 0 && errno != EINTR))
            return true; /* an error shows when the descriptor is used */
        if (mv_poll(vm))
            return false;
    }
}

bool mv_wait_until(MvVM *vm, int64_t monotonic_ns)
{
    for (;;) {
        if (mv_poll(vm))
            return false;
        int64_t now = mv_clock_ns(), slice = now + WAIT_SLICE_MS * 1000000ll;
        if (now >= monotonic_ns)
            return true;
        struct timespec until = to_timespec(slice < monotonic_ns ? slice : monotonic_ns);
        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
    }
}
