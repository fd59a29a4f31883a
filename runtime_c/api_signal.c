/* SIGINT for the VMs that watch it: each is asked to call mv_host_poll, then what SIGINT did before happens.
 *
 * The registry is process-wide, the documented exception to "no state outside a VM": a signal knows no VM. The
 * handler only loads slots and sets poll bits. Slots change under a lock that the handler does not take; a VM that
 * leaves waits until no handler is running, so that none touches it afterwards. */
#include "api.h"
#include "watch.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>

enum { SLOTS = 64 }; /* VMs that watch at a time; one beyond that just does not see SIGINT */

static struct {
    pthread_mutex_t lock;
    MvVM *slots[SLOTS];       /* atomic */
    int running;              /* atomic: handlers at work */
    int count;
    struct sigaction before;
} registry = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void on_sigint(int number, siginfo_t *info, void *context);

static void do_as_before(int number, siginfo_t *info, void *context)
{
    struct sigaction before = registry.before;
    if (before.sa_flags & SA_SIGINFO) {
        if (before.sa_sigaction && before.sa_sigaction != on_sigint)
            before.sa_sigaction(number, info, context);
    } else if (before.sa_handler == SIG_DFL) {
        sigset_t only;
        sigemptyset(&only);
        sigaddset(&only, number);
        sigaction(number, &before, NULL);
        raise(number);
        sigprocmask(SIG_UNBLOCK, &only, NULL);
    } else if (before.sa_handler != SIG_IGN) {
        before.sa_handler(number);
    }
}

static void on_sigint(int number, siginfo_t *info, void *context)
{
    __atomic_add_fetch(&registry.running, 1, __ATOMIC_SEQ_CST);
    for (int i = 0; i < SLOTS; i++) {
        MvVM *vm = __atomic_load_n(&registry.slots[i], __ATOMIC_SEQ_CST);
        if (vm)
            mv_request_poll(vm, MV_POLL_SIGINT);
    }
    __atomic_sub_fetch(&registry.running, 1, __ATOMIC_SEQ_CST);
    do_as_before(number, info, context);
}

/* Under the lock. */
static void install(void)
{
    struct sigaction now, ours = {.sa_sigaction = on_sigint, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    sigemptyset(&ours.sa_mask);
    if (sigaction(SIGINT, NULL, &now) || (now.sa_flags & SA_SIGINFO && now.sa_sigaction == on_sigint))
        return;
    registry.before = now; /* before the handler can run */
    sigaction(SIGINT, &ours, NULL);
}

/* Under the lock. A handler that somebody else has set since is left alone. */
static void take_back(void)
{
    struct sigaction now;
    if (!sigaction(SIGINT, NULL, &now) && now.sa_flags & SA_SIGINFO && now.sa_sigaction == on_sigint)
        sigaction(SIGINT, &registry.before, NULL);
}

void mv_signal_watch(MvVM *vm, bool on)
{
    MvHostState *host = mv_host(vm);
    if (host->watches_sigint == on)
        return;
    sigset_t only, mask; /* the handler must not find this thread inside the lock */
    sigemptyset(&only);
    sigaddset(&only, SIGINT);
    pthread_sigmask(SIG_BLOCK, &only, &mask);
    pthread_mutex_lock(&registry.lock);
    for (int i = 0; i < SLOTS; i++) {
        if (registry.slots[i] != (on ? NULL : vm))
            continue;
        __atomic_store_n(&registry.slots[i], on ? vm : NULL, __ATOMIC_SEQ_CST);
        host->watches_sigint = on;
        registry.count += on ? 1 : -1;
        if (on)
            install();
        else if (!registry.count)
            take_back();
        break;
    }
    pthread_mutex_unlock(&registry.lock);
    while (!on && __atomic_load_n(&registry.running, __ATOMIC_SEQ_CST))
        sched_yield();
    pthread_sigmask(SIG_SETMASK, &mask, NULL);
}

void mv_vm_watch_sigint(MvVM *vm, int on)
{
    if (mv_is_alive(vm))
        mv_signal_watch(vm, on);
}
