/* minivm-exec: runs a compiled program (.minic) without Python.
 *
 * A host of the runtime as the Python bridge is one, over the same mv_api.h. Owns the command line of this program
 * and what each end of a run means: messages and exit statuses are those of `minivm` (vm/minivm/runtime/launch.py,
 * options.py), which has more options. Streams are the process's own descriptors, so most callbacks have nothing to
 * do. */
#include "mv_api.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    STATUS_EXCEPTION = 1,
    STATUS_REFUSED = 2,
    STATUS_INTERNAL = 70,
    STATUS_TIME = 124,
    STATUS_MEMORY = 125,
    STATUS_INTERRUPTED = 130,
    STATUS_CLOSED_PIPE = 141,
};
#define DEFAULT_MEMORY_LIMIT ((uint64_t)4 << 30)
#define RECURSION_LIMIT 1000

static const char USAGE[] =
    "usage:\n"
    "  minivm-exec [OPTIONS] FILE [ARGS]   run a compiled program (minivm compile makes one)\n"
    "\n"
    "options:\n"
    "  --memory-limit=SIZE                 memory the program may use: bytes, or with K, M or G; 0: no limit\n"
    "                                      (default 4G)\n"
    "  --time-limit=SECONDS                wall time the program may take; 0: no limit (default)\n"
    "  --fuel=COUNT                        loop iterations and calls the program may make; 0: no limit (default)\n"
    "  --no-files                          the program may not open files\n"
    "  --trace=CHANNELS                    write a line per event on stderr: call, exception, gc, ic, load\n"
    "                                      (several with commas)\n"
    "  --stats                             write the VM's counters on stderr at the end\n"
    "  --ic=MODE                           inline caches: on, off, or mega (megamorphic from the start)\n"
    "  --gc-stress[=COUNT]                 collect at every allocation, or every so many, and poison what was freed (slow; for tests)\n"
    "  -h, --help                          print this text\n"
    "\n"
    "The exit status is that of minivm.\n";

static volatile sig_atomic_t interrupted;

static void on_sigint(int number)
{
    (void)number;
    interrupted = 1;
}

static void put(int fd, const char *text, size_t n)
{
    while (n) {
        ssize_t written = write(fd, text, n);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return;
        text += written;
        n -= (size_t)written;
    }
}

static bool use_colour(void)
{
    const char *no = getenv("NO_COLOR"), *force = getenv("FORCE_COLOR"), *term = getenv("TERM");
    if (no && *no)
        return false;
    if (force && *force)
        return true;
    return !(term && !strcmp(term, "dumb")) && isatty(2);
}

__attribute__((format(printf, 1, 2))) static void complain(const char *format, ...)
{
    char text[4096 + PATH_MAX];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    dprintf(2, use_colour() ? "\x1b[1;31mminivm-exec:\x1b[0m %s\n" : "minivm-exec: %s\n", text);
}

/* ---- the host's side of mv_api.h ---- */

int64_t mv_host_call(uint64_t host, uint32_t function, const uint8_t *args, size_t size)
{
    (void)host, (void)function, (void)args, (void)size;
    return MV_ANSWERED; /* nothing is exposed, so nobody calls */
}

int64_t mv_host_call_ints(uint64_t host, uint32_t function, uint32_t count, int64_t a, int64_t b, int64_t c, int64_t d)
{
    (void)host, (void)function, (void)count, (void)a, (void)b, (void)c, (void)d;
    return MV_ANSWERED;
}

int mv_host_write(uint64_t host, int fd, const uint8_t *data, size_t size)
{
    (void)host;
    put(fd, (const char *)data, size);
    return 0;
}

int mv_host_readline(uint64_t host)
{
    (void)host;
    return MV_READLINE_EOF;
}

int mv_host_compile(uint64_t host)
{
    (void)host;
    return 1; /* the compiler is Python's */
}

int mv_host_poll(uint64_t host)
{
    (void)host;
    if (!interrupted)
        return MV_POLL_CONTINUE;
    interrupted = 0;
    return MV_POLL_KEYBOARD_INTERRUPT;
}

/* ---- options ---- */

typedef struct Settings {
    MvConfig config;
    bool stats;
} Settings;

static bool parse_count(const char *text, size_t n, uint64_t factor, uint64_t *out)
{
    uint64_t value = 0;
    if (!n)
        return false;
    for (size_t i = 0; i < n; i++)
        if (text[i] < '0' || text[i] > '9' || __builtin_mul_overflow(value, 10, &value) ||
            __builtin_add_overflow(value, (uint64_t)(text[i] - '0'), &value))
            return false;
    return !__builtin_mul_overflow(value, factor, out) && *out < (uint64_t)1 << 63;
}

static bool parse_size(const char *text, uint64_t *out)
{
    size_t n = strlen(text);
    uint64_t factor = 1;
    switch (n ? text[n - 1] : 0) {
    case 'k': case 'K': factor = (uint64_t)1 << 10; break;
    case 'm': case 'M': factor = (uint64_t)1 << 20; break;
    case 'g': case 'G': factor = (uint64_t)1 << 30; break;
    }
    return parse_count(text, n - (factor > 1), factor, out);
}

static bool parse_trace(const char *text, uint32_t *out)
{
    static const struct { const char *name; uint32_t bit; } channels[] = {
        {"call", MV_TRACE_CALL}, {"exception", MV_TRACE_EXCEPTION}, {"gc", MV_TRACE_GC}, {"ic", MV_TRACE_IC},
        {"load", MV_TRACE_LOAD},
    };
    *out = 0;
    for (;;) {
        size_t n = strcspn(text, ","), i = 0;
        while (i < sizeof channels / sizeof *channels &&
               (strlen(channels[i].name) != n || memcmp(channels[i].name, text, n)))
            i++;
        if (i == sizeof channels / sizeof *channels)
            return false;
        *out |= channels[i].bit;
        if (!text[n])
            return true;
        text += n + 1;
    }
}

/* What the value of an option means; NULL, or what was expected instead. value NULL: the option came without one. */
static const char *set_option(Settings *settings, const char *name, const char *value)
{
    MvConfig *config = &settings->config;
    uint64_t number;
    if (!strcmp(name, "memory-limit"))
        return parse_size(value, &config->memory_limit) ? NULL : "expected a number of bytes, such as 64M";
    if (!strcmp(name, "time-limit")) {
        char *end;
        double seconds = strtod(value, &end);
        if (end == value || *end || !(seconds >= 0 && seconds <= 1e9))
            return "expected a number of seconds";
        config->time_limit_ns = (int64_t)(seconds * 1e9);
        return NULL;
    }
    if (!strcmp(name, "fuel")) {
        if (!parse_count(value, strlen(value), 1, &number))
            return "expected a whole number";
        config->fuel = (int64_t)number;
        return NULL;
    }
    if (!strcmp(name, "trace"))
        return parse_trace(value, &config->trace)
                   ? NULL : "expected some of call, exception, gc, ic, load, with commas between";
    if (!strcmp(name, "ic")) {
        static const struct { const char *name; uint8_t mode; } modes[] = {
            {"data", MV_IC_ON}, {"pointer", MV_IC_ON}, {"off", MV_IC_OFF}, {"mega", MV_IC_MEGAMORPHIC}, {"on", MV_IC_ON}};
        for (size_t i = 0; i < sizeof modes / sizeof *modes; i++)
            if (!strcmp(value, modes[i].name)) {
                config->ic_mode = modes[i].mode;
                return NULL;
            }
        return "expected data or pointer or off or mega or on";
    }
    if (!strcmp(name, "gc-stress")) {
        if (!parse_count(value ? value : "1", value ? strlen(value) : 1, 1, &number) || number > UINT32_MAX)
            return "expected a whole number below 2**32";
        config->gc_stress = (uint32_t)number;
        return NULL;
    }
    bool on = !value || !strcmp(value, "1");
    if (value && !on && strcmp(value, "0"))
        return "expected 0 or 1";
    if (!strcmp(name, "no-files"))
        config->files_allowed = !on;
    else
        settings->stats = on;
    return NULL;
}

enum { NO_VALUE, MAY_HAVE_VALUE, NEEDS_VALUE };
static const struct Known { const char *name, *variable; int value; } KNOWN[] = {
    {"memory-limit", "MINIVM_MEMORY_LIMIT", NEEDS_VALUE}, {"time-limit", "MINIVM_TIME_LIMIT", NEEDS_VALUE},
    {"fuel", "MINIVM_FUEL", NEEDS_VALUE},
    {"no-files", "MINIVM_NO_FILES", NO_VALUE}, {"trace", "MINIVM_TRACE", NEEDS_VALUE}, {"stats", "MINIVM_STATS", NO_VALUE},
    {"ic", "MINIVM_IC", NEEDS_VALUE}, {"gc-stress", "MINIVM_GC_STRESS", MAY_HAVE_VALUE},
};
#define KNOWN_COUNT (sizeof KNOWN / sizeof *KNOWN)

static bool read_environment(Settings *settings)
{
    for (size_t i = 0; i < KNOWN_COUNT; i++) {
        const char *value = getenv(KNOWN[i].variable);
        const char *problem = value && *value ? set_option(settings, KNOWN[i].name, value) : NULL;
        if (problem) {
            complain("environment variable %s=%s: %s", KNOWN[i].variable, value, problem);
            return false;
        }
    }
    return true;
}

/* Reads the options; the index of the file's argument, argc if there is none, 0 after an error, -1: nothing is left
 * to do. */
static int read_options(Settings *settings, int argc, char **argv)
{
    int at = 1;
    for (; at < argc && argv[at][0] == '-' && argv[at][1]; at++) {
        const char *word = argv[at];
        if (!strcmp(word, "--"))
            return at + 1;
        if (!strcmp(word, "-h") || !strcmp(word, "--help")) {
            put(1, USAGE, sizeof USAGE - 1);
            return -1;
        }
        size_t n = strcspn(word, "="), i = 0;
        while (i < KNOWN_COUNT && (n < 3 || strncmp(word, "--", 2) || strlen(KNOWN[i].name) != n - 2 ||
                                   memcmp(KNOWN[i].name, word + 2, n - 2)))
            i++;
        const char *value = word[n] ? word + n + 1 : NULL, *problem = NULL;
        if (i == KNOWN_COUNT) {
            complain("unknown option %.*s (minivm-exec -h shows the usage)", (int)n, word);
            return 0;
        }
        if (KNOWN[i].value == NEEDS_VALUE && !value)
            value = at + 1 < argc ? argv[++at] : NULL;
        if (KNOWN[i].value == NEEDS_VALUE && !value)
            problem = "needs a value";
        else if (KNOWN[i].value == NO_VALUE && value)
            problem = "takes no value";
        if (problem) {
            complain("--%s %s (minivm-exec -h shows the usage)", KNOWN[i].name, problem);
            return 0;
        }
        problem = set_option(settings, KNOWN[i].name, value);
        if (problem) {
            complain("--%s=%s: %s (minivm-exec -h shows the usage)", KNOWN[i].name, value, problem);
            return 0;
        }
    }
    return at;
}

/* PYTHONHASHSEED by CPython's rule. */
static void set_hash(MvConfig *config)
{
    const char *text = getenv("PYTHONHASHSEED");
    uint64_t seed;
    if (text && parse_count(text, strlen(text), 1, &seed) && seed <= UINT32_MAX)
        config->hash_seed = (uint32_t)seed;
    else
        config->hash_random = 1;
}

static int32_t open_descriptor(int fd) { return fcntl(fd, F_GETFD) < 0 ? MV_FD_NONE : fd; }

/* ---- replies ---- */

typedef struct Text {
    const char *at;
    size_t size;
} Text;

/* The first strings of the tuple in a reply. */
static void read_strings(const MvReply *reply, Text *texts, int count)
{
    const uint8_t *at = reply->data + 5, *end = reply->data + reply->size;
    for (int i = 0; i < count; i++) {
        uint32_t n;
        texts[i] = (Text){"", 0};
        if (end - at < 5 || at[0] != MV_WIRE_STR)
            return;
        memcpy(&n, at + 1, 4);
        if ((uint64_t)(end - at - 5) < n)
            return;
        texts[i] = (Text){(const char *)at + 5, n};
        at += 5 + n;
    }
}

static bool is_text(const Text *text, const char *other)
{
    return text->size == strlen(other) && !memcmp(text->at, other, text->size);
}

enum { ERROR_TYPE, ERROR_MESSAGE, ERROR_TRACEBACK, ERROR_PARTS };

static void last_error(MvVM *vm, MvReply *reply, Text *parts)
{
    for (int i = 0; i < ERROR_PARTS; i++)
        parts[i] = (Text){"", 0};
    if (mv_vm_last_error(vm, reply) == MV_OK && reply->kind == MV_WIRE_TUPLE)
        read_strings(reply, parts, ERROR_PARTS);
}

static int report_limit(uint32_t limit, const Text *traceback)
{
    static const char *const texts[] = {
        [MV_LIMIT_TIME] = "the program ran longer than its time limit",
        [MV_LIMIT_FUEL] = "the program used up its fuel",
        [MV_LIMIT_MEMORY] = "the program needs more memory than its limit",
        [MV_LIMIT_OUTPUT] = "the program wrote more than its output limit",
        [MV_LIMIT_INTERRUPT] = "the program was interrupted",
    };
    put(2, traceback->at, traceback->size);
    complain("%s", texts[limit]);
    return limit == MV_LIMIT_MEMORY ? STATUS_MEMORY : limit == MV_LIMIT_INTERRUPT ? STATUS_INTERRUPTED : STATUS_TIME;
}

static int report_exit(MvVM *vm, MvReply *reply)
{
    Text parts[ERROR_PARTS];
    switch (reply->kind) {
    case MV_WIRE_NONE: case MV_WIRE_FALSE:
        return 0;
    case MV_WIRE_TRUE:
        return 1;
    case MV_WIRE_INT:
        return (int)(reply->number & 255);
    case MV_WIRE_BIG_POS: case MV_WIRE_BIG_NEG:
        return 255; /* CPython: -1 for what fits in no C long */
    }
    last_error(vm, reply, parts);
    put(2, parts[ERROR_MESSAGE].at, parts[ERROR_MESSAGE].size);
    put(2, "\n", 1);
    return 1;
}

/* Says how an entry ended; the exit status. */
static int report(MvVM *vm, int status, MvReply *reply, const char *file)
{
    Text parts[ERROR_PARTS];
    uint32_t detail = reply->detail;
    switch (status) {
    case MV_OK:
        return 0;
    case MV_EXIT:
        return report_exit(vm, reply);
    case MV_BAD_IMAGE:
        if (reply->size >= 5 && reply->data[0] == MV_WIRE_STR)
            complain("%s cannot be run: %.*s", file, (int)(reply->size - 5), (const char *)reply->data + 5);
        else
            complain("%s cannot be run", file);
        return STATUS_REFUSED;
    case MV_LIMIT: case MV_EXCEPTION:
        last_error(vm, reply, parts);
        if (status == MV_LIMIT || detail == MV_LIMIT_MEMORY)
            return report_limit(detail, &parts[ERROR_TRACEBACK]);
        if (is_text(&parts[ERROR_TYPE], "BrokenPipeError"))
            return STATUS_CLOSED_PIPE;
        put(2, parts[ERROR_TRACEBACK].at, parts[ERROR_TRACEBACK].size);
        return is_text(&parts[ERROR_TYPE], "KeyboardInterrupt") ? STATUS_INTERRUPTED : STATUS_EXCEPTION;
    }
    complain("internal error: the runtime refused to run: %.*s", reply->kind == MV_WIRE_TEXT ? (int)reply->size : 0,
             (const char *)reply->data);
    return STATUS_INTERNAL;
}

static int by_key(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

static void show_stats(MvVM *vm, MvReply *reply)
{
    if (mv_vm_stats(vm, reply) != MV_OK || reply->kind != MV_WIRE_TEXT)
        return;
    char *text = malloc(reply->size + 1);
    size_t count = 0, width = 0;
    if (!text)
        return;
    memcpy(text, reply->data, reply->size);
    text[reply->size] = 0;
    char **lines = calloc(reply->size / 2 + 1, sizeof *lines), *rest = text;
    for (char *line; lines && (line = strtok_r(rest, "\n", &rest));) {
        char *equals = strchr(line, '=');
        if (!equals)
            continue;
        *equals = 0;
        width = (size_t)(equals - line) > width ? (size_t)(equals - line) : width;
        lines[count++] = line;
    }
    if (lines)
        qsort(lines, count, sizeof *lines, by_key);
    for (size_t i = 0; i < count; i++) {
        const char *number = lines[i] + strlen(lines[i]) + 1;
        if (number[0] >= '0' && number[0] <= '9' && strchr(number, '.'))
            dprintf(2, "%-*s  %.1f\n", (int)width, lines[i], strtod(number, NULL));
        else
            dprintf(2, "%-*s  %s\n", (int)width, lines[i], number);
    }
    free(lines);
    free(text);
}

/* ---- the program ---- */

static uint8_t *read_file(const char *path, size_t *size)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat facts;
    if (fd < 0)
        return NULL;
    if (fstat(fd, &facts) < 0 || S_ISDIR(facts.st_mode)) {
        errno = S_ISDIR(facts.st_mode) ? EISDIR : errno;
        close(fd);
        return NULL;
    }
    size_t capacity = (size_t)facts.st_size + 1;
    uint8_t *data = malloc(capacity);
    *size = 0;
    while (data) {
        ssize_t n = read(fd, data + *size, capacity - *size);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            free(data);
            data = NULL;
            break;
        }
        if (n == 0)
            break;
        *size += (size_t)n;
        if (*size == capacity) { /* no ordinary file, or one that grows */
            uint8_t *larger = realloc(data, capacity *= 2);
            if (!larger)
                free(data);
            data = larger;
        }
    }
    close(fd);
    return data;
}

/* The folder of the file behind all links: sys.path[0]. */
static void find_folder(const char *file, char *out)
{
    if (!realpath(file, out)) {
        out[0] = 0;
        return;
    }
    char *slash = strrchr(out, '/');
    slash[slash == out] = 0;
}

/* A name fit for a message of one line: control characters as \xNN, and no more than fits. */
static void printable(const char *name, char *out, size_t size)
{
    size_t n = 0;
    for (; *name && n + 5 < size; name++)
        if ((unsigned char)*name < ' ' || *name == 0x7F)
            n += (size_t)snprintf(out + n, size - n, "\\x%02x", (unsigned char)*name);
        else
            out[n++] = *name;
    out[n] = 0;
}

static int run_program(const Settings *settings, const char *file)
{
    size_t size;
    uint8_t *image = read_file(file, &size);
    if (!image) {
        int error = errno;
        char shown[PATH_MAX];
        printable(file, shown, sizeof shown);
        complain("can't open file '%s': [Errno %d] %s", shown, error, strerror(error));
        return STATUS_REFUSED;
    }
    MvVM *vm = mv_vm_new(&settings->config);
    if (!vm) {
        free(image);
        complain("out of memory");
        return STATUS_MEMORY;
    }
    mv_vm_watch_sigint(vm, 1);
    MvReply reply = {0};
    int status = mv_vm_load(vm, image, size, &reply);
    free(image);
    if (status == MV_OK)
        status = mv_vm_run_main(vm, &reply);
    int exit_status = report(vm, status, &reply, file);
    if (settings->stats)
        show_stats(vm, &reply);
    mv_vm_watch_sigint(vm, 0);
    if (strcmp(mv_build_variant(), "release"))
        mv_vm_free(vm); /* else the process's end is faster */
    return exit_status;
}

int main(int argc, char **argv)
{
    static char executable[PATH_MAX], folder[PATH_MAX];
    Settings settings = {
        .config = {.memory_limit = DEFAULT_MEMORY_LIMIT, .recursion_limit = RECURSION_LIMIT, .files_allowed = 1},
    };
    signal(SIGPIPE, SIG_IGN);
    struct sigaction old;
    if (sigaction(SIGINT, NULL, &old) == 0 && old.sa_handler != SIG_IGN)
        sigaction(SIGINT, &(struct sigaction){.sa_handler = on_sigint}, NULL);
    if (!read_environment(&settings))
        return STATUS_REFUSED;
    int at = read_options(&settings, argc, argv);
    if (at < 0)
        return 0;
    if (at == 0)
        return STATUS_REFUSED;
    if (at >= argc) {
        complain("a compiled program is needed (minivm-exec -h shows the usage)");
        return STATUS_REFUSED;
    }
    ssize_t n = readlink("/proc/self/exe", executable, sizeof executable - 1);
    executable[n < 0 ? 0 : n] = 0;
    find_folder(argv[at], folder);
    MvConfig *config = &settings.config;
    config->stdin_fd = open_descriptor(0);
    config->stdout_fd = open_descriptor(1);
    config->stderr_fd = open_descriptor(2);
    config->argc = (uint32_t)(argc - at);
    config->argv = (const char *const *)argv + at;
    config->executable = executable;
    config->path_entry = folder;
    set_hash(config);
    return run_program(&settings, argv[at]);
}
