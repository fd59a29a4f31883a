/* module_time.c: the module time: clocks, sleeping, calendar time. strptime is not in Mini. */
#include "builtin.h"
#include "errors.h"
#include "struct_sequence.h"
#include "watch.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define FUNCTION(name) static MvValue time_##name(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)

/* ---- clocks ---- */

static int64_t read_clock(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static MvValue seconds(MvVM *vm, int64_t ns)
{
    double d = ns % 1000000000 == 0 ? (double)(ns / 1000000000) : (double)ns / 1e9;
    return mv_float_new(vm, d);
}

#define CLOCK(name, clock)                                                         \
    FUNCTION(name) { return seconds(vm, read_clock(clock)); }                      \
    FUNCTION(name##_ns) { return mv_int_from_i64(vm, read_clock(clock)); }
CLOCK(time, CLOCK_REALTIME)
CLOCK(monotonic, CLOCK_MONOTONIC)
CLOCK(perf_counter, CLOCK_MONOTONIC)
CLOCK(process_time, CLOCK_PROCESS_CPUTIME_ID)
CLOCK(thread_time, CLOCK_THREAD_CPUTIME_ID)

/* ---- arguments ---- */

static bool out_of_range(MvVM *vm)
{
    mv_raise(vm, MV_EXC_OverflowError, "timestamp out of range for platform time_t");
    return false;
}

/* Seconds as a float or int, to nanoseconds; up: rounded away from zero, else down. */
static bool to_ns(MvVM *vm, MvValue v, bool up, int64_t *ns)
{
    if (mv_is_float_like(v)) {
        double d = mv_float_value(v);
        if (isnan(d)) {
            mv_value_error(vm, "Invalid value NaN (not a number)");
            return false;
        }
        d *= 1e9;
        d = up ? (d >= 0 ? ceil(d) : floor(d)) : floor(d);
        if (!(d >= -9223372036854775808.0 && d < 9223372036854775808.0))
            return out_of_range(vm);
        *ns = (int64_t)d;
        return true;
    }
    int64_t i;
    MvValue index = mv_index(vm, v);
    if (index == MV_EXC)
        return false;
    if (!mv_int_to_i64(index, &i) || __builtin_mul_overflow(i, (int64_t)1000000000, ns))
        return out_of_range(vm);
    return true;
}

/* Seconds as a float or int, rounded down; nargs 0 or None: now. */
static bool to_time(MvVM *vm, const MvValue *args, int64_t nargs, time_t *out)
{
    if (nargs == 0 || args[0] == MV_UNASSIGNED || args[0] == MV_NONE) {
        *out = time(NULL);
        return true;
    }
    if (mv_is_float_like(args[0])) {
        double d = floor(mv_float_value(args[0]));
        if (isnan(d)) {
            mv_value_error(vm, "Invalid value NaN (not a number)");
            return false;
        }
        if (!(d >= -9223372036854775808.0 && d < 9223372036854775808.0))
            return out_of_range(vm);
        *out = (time_t)d;
        return true;
    }
    int64_t i;
    MvValue index = mv_index(vm, args[0]);
    if (index == MV_EXC)
        return false;
    if (!mv_int_to_i64(index, &i))
        return out_of_range(vm);
    *out = i;
    return true;
}

FUNCTION(sleep)
{
    int64_t ns, until;
    if (!to_ns(vm, args[0], true, &ns))
        return MV_EXC;
    if (ns < 0)
        return mv_value_error(vm, "sleep length must be non-negative");
    if (__builtin_add_overflow(mv_clock_ns(), ns, &until))
        until = INT64_MAX;
    return mv_wait_until(vm, until) ? MV_NONE : MV_EXC;
}

/* ---- calendar time ---- */

static const MvGetSetDef struct_fields[] = {
    MV_STRUCT_FIELD(0, "tm_year"), MV_STRUCT_FIELD(1, "tm_mon"), MV_STRUCT_FIELD(2, "tm_mday"),
        MV_STRUCT_FIELD(3, "tm_hour"),
    MV_STRUCT_FIELD(4, "tm_min"), MV_STRUCT_FIELD(5, "tm_sec"), MV_STRUCT_FIELD(6, "tm_wday"),
        MV_STRUCT_FIELD(7, "tm_yday"),
    MV_STRUCT_FIELD(8, "tm_isdst"), {0}};

static MvValue module_value(MvVM *vm, const char *name)
{
    MvValue time_name = mv_intern_c(vm, "time"), key = mv_intern_c(vm, name);
    if (time_name == MV_EXC || key == MV_EXC)
        return MV_EXC;
    MvDictEntry *entry = mv_dict_find_name(vm->modules, time_name);
    MvValue value = entry ? mv_module_get(vm, MV_CAST(MvModule, entry->value), key) : MV_UNASSIGNED;
    return value == MV_UNASSIGNED ? mv_raise(vm, MV_EXC_RuntimeError, "lost time.%s", name) : value;
}

static MvValue from_tm(MvVM *vm, const struct tm *tm)
{
    MvValue items[9];
    const int fields[9] = {0, tm->tm_mon + 1, tm->tm_mday, tm->tm_hour, tm->tm_min, tm->tm_sec, (tm->tm_wday + 6) % 7,
                           tm->tm_yday + 1, tm->tm_isdst};
    for (int i = 0; i < 9; i++)
        items[i] = mv_from_fixnum(i ? fields[i] : 1900 + (int64_t)tm->tm_year);
    MvValue cls = module_value(vm, "struct_time");
    if (cls == MV_EXC || !mv_has_kind(cls, MV_KIND_CLASS))
        return MV_EXC;
    MvValue result = mv_struct_new(vm, cls, items, 9);
    if (result == MV_EXC)
        return MV_EXC;
    MvValue zone = mv_str_from_utf8(vm, tm->tm_zone, (int64_t)strlen(tm->tm_zone));
    MvValue zone_name = mv_intern_c(vm, "tm_zone"), offset_name = mv_intern_c(vm, "tm_gmtoff");
    if (zone == MV_EXC || zone_name == MV_EXC || offset_name == MV_EXC || !mv_set_attr(vm, result, zone_name, zone) ||
        !mv_set_attr(vm, result, offset_name, mv_from_fixnum(tm->tm_gmtoff)))
        return MV_EXC;
    return result;
}

static MvValue convert(MvVM *vm, MvValue *args, int64_t nargs, struct tm *(*to_tm)(const time_t *, struct tm *))
{
    time_t t;
    struct tm tm;
    if (!to_time(vm, args, nargs, &t))
        return MV_EXC;
    errno = 0;
    if (!to_tm(&t, &tm))
        return mv_raise_os_error(vm, errno ? errno : EINVAL, MV_UNASSIGNED);
    return from_tm(vm, &tm);
}

/* The counts of functions that parse their arguments themselves. */
static bool check_count(MvVM *vm, const char *name, int64_t nargs, int64_t min, int64_t max)
{
    int64_t bound = nargs < min ? min : max;
    if (nargs >= min && nargs <= max)
        return true;
    mv_type_error(vm, "%s() takes at %s %d argument%s (%d given)", name, nargs < min ? "least" : "most", bound,
                  bound == 1 ? "" : "s", nargs);
    return false;
}

FUNCTION(gmtime)
{
    if (!check_count(vm, "gmtime", nargs, 0, 1))
        return MV_EXC;
    return convert(vm, args, nargs, gmtime_r);
}

FUNCTION(localtime)
{
    if (!check_count(vm, "localtime", nargs, 0, 1))
        return MV_EXC;
    return convert(vm, args, nargs, localtime_r);
}

/* A tuple or struct_time to the C form, as it stands. */
static bool to_tm(MvVM *vm, MvValue v, const char *function, struct tm *tm)
{
    if (!mv_has_kind(v, MV_KIND_TUPLE)) {
        mv_type_error(vm, "Tuple or struct_time argument required");
        return false;
    }
    if (MV_CAST(MvTuple, v)->length != 9) {
        mv_type_error(vm, "%s(): illegal time tuple argument", function);
        return false;
    }
    int fields[9];
    for (int i = 0; i < 9; i++) {
        int64_t field;
        MvValue index = mv_index(vm, MV_CAST(MvTuple, v)->items[i]);
        if (index == MV_EXC)
            return false;
        if (!mv_int_to_i64(index, &field) || field > INT_MAX || field < INT_MIN) {
            mv_raise(vm, MV_EXC_OverflowError, "signed integer is %s", mv_int_sign(index) < 0 ? "less than minimum"
                     : "greater than maximum");
            return false;
        }
        fields[i] = (int)field;
    }
    if (fields[0] < INT_MIN + 1900) {
        mv_raise(vm, MV_EXC_OverflowError, "year out of range");
        return false;
    }
    memset(tm, 0, sizeof *tm);
    tm->tm_year = fields[0] - 1900;
    tm->tm_mon = (int)((unsigned)fields[1] - 1);
    tm->tm_mday = fields[2];
    tm->tm_hour = fields[3];
    tm->tm_min = fields[4];
    tm->tm_sec = fields[5];
    tm->tm_wday = (int)(((int64_t)fields[6] + 1) % 7);
    tm->tm_yday = (int)((unsigned)fields[7] - 1);
    tm->tm_isdst = fields[8];
    /* a struct_time knows its zone */
    MvValue zone_name = mv_intern_c(vm, "tm_gmtoff");
    if (zone_name == MV_EXC)
        return false;
    MvValue offset = mv_is_exact(vm, v, MV_CLASS_TUPLE) ? MV_UNASSIGNED : mv_get_attr_or(vm, v, zone_name);
    int64_t gmtoff;
    if (offset == MV_EXC)
        return false;
    if (offset != MV_UNASSIGNED && mv_is_int_like(offset) && mv_int_to_i64(offset, &gmtoff)) {
        tm->tm_gmtoff = gmtoff;
        tm->tm_zone = gmtoff ? "" : "GMT";
    }
    return true;
}

static bool check_tm(MvVM *vm, struct tm *tm)
{
    tm->tm_mon = tm->tm_mon == -1 ? 0 : tm->tm_mon;
    tm->tm_mday = tm->tm_mday == 0 ? 1 : tm->tm_mday;
    tm->tm_yday = tm->tm_yday == -1 ? 0 : tm->tm_yday;
    const char *what = tm->tm_mon < 0 || tm->tm_mon > 11     ? "month"
                       : tm->tm_mday < 0 || tm->tm_mday > 31 ? "day of month"
                       : tm->tm_hour < 0 || tm->tm_hour > 23 ? "hour"
                       : tm->tm_min < 0 || tm->tm_min > 59   ? "minute"
                       : tm->tm_sec < 0 || tm->tm_sec > 61   ? "seconds"
                       : tm->tm_wday < 0                     ? "day of week"
                       : tm->tm_yday < 0 || tm->tm_yday > 365 ? "day of year" : NULL;
    if (what)
        mv_value_error(vm, "%s out of range", what);
    return !what;
}

static bool now_tm(struct tm *tm)
{
    time_t t = time(NULL);
    return localtime_r(&t, tm) != NULL;
}

static MvValue as_text(MvVM *vm, const struct tm *tm)
{
    static const char days[7][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char months[12][4] =
        {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    char text[64];
    int n = snprintf(text, sizeof text, "%s %s%3d %.2d:%.2d:%.2d %lld", days[tm->tm_wday], months[tm->tm_mon],
                     tm->tm_mday, tm->tm_hour, tm->tm_min,
                     tm->tm_sec, 1900 + (long long)tm->tm_year);
    return mv_str_from_ascii(vm, text, n);
}

FUNCTION(asctime)
{
    struct tm tm;
    if (nargs == 0 ? !now_tm(&tm) : !to_tm(vm, args[0], "asctime", &tm) || !check_tm(vm, &tm))
        return MV_EXC;
    return as_text(vm, &tm);
}

FUNCTION(ctime)
{
    time_t t;
    struct tm tm;
    if (!check_count(vm, "ctime", nargs, 0, 1) || !to_time(vm, args, nargs, &t))
        return MV_EXC;
    errno = 0;
    if (!localtime_r(&t, &tm))
        return mv_raise_os_error(vm, errno ? errno : EINVAL, MV_UNASSIGNED);
    return as_text(vm, &tm);
}

FUNCTION(mktime)
{
    struct tm tm;
    if (!to_tm(vm, args[0], "mktime", &tm))
        return MV_EXC;
    tm.tm_wday = -1;
    time_t t = mktime(&tm);
    if (t == -1 && tm.tm_wday == -1)
        return mv_raise(vm, MV_EXC_OverflowError, "mktime argument out of range");
    return mv_float_new(vm, (double)t);
}

/* One run of ASCII format text; other characters are copied by the caller. Appends to b. */
static bool format_run(MvVM *vm, MvBuilder *b, const char *format, const struct tm *tm)
{
    size_t length = strlen(format);
    for (size_t size = 256;; size *= 4) {
        char *text = malloc(size);
        if (!text) {
            mv_memory_error(vm);
            return false;
        }
        size_t n = strftime(text, size, format, tm);
        if (n || size >= 256 * length) { /* 0 may be the right answer: %p in some locales */
            MvValue s = mv_str_from_utf8(vm, text, (int64_t)n);
            free(text);
            if (s == MV_EXC)
                return false;
            mv_builder_str(b, MV_CAST(MvStr, s));
            return !b->failed;
        }
        free(text);
    }
}

FUNCTION(strftime)
{
    struct tm tm;
    if (!check_count(vm, "strftime", nargs, 1, 2))
        return MV_EXC;
    if (!mv_has_kind(args[0], MV_KIND_STR))
        return mv_type_error(vm, "strftime() argument 1 must be str, not %t", args[0]);
    if (nargs == 1 ? !now_tm(&tm) : !to_tm(vm, args[1], "strftime", &tm) || !check_tm(vm, &tm))
        return MV_EXC;
    for (int64_t i = 0; i < MV_CAST(MvStr, args[0])->length; i++)
        if (!mv_str_char(MV_CAST(MvStr, args[0]), i))
            return mv_value_error(vm, "embedded null character");
    tm.tm_isdst = tm.tm_isdst < -1 ? -1 : tm.tm_isdst > 1 ? 1 : tm.tm_isdst;
    MvBuilder b;
    mv_builder_begin(vm, &b);
    const MvStr *s = MV_CAST(MvStr, args[0]);
    char run[512];
    size_t n = 0;
    for (int64_t i = 0; i < s->length && !b.failed; i++) {
        uint32_t c = mv_str_char(s, i);
        bool plain = c > 0 && c < 0x80;
        if (plain)
            run[n++] = (char)c;
        /* a run is never cut behind a percent sign */
        if (n && (!plain || i + 1 == s->length || (n >= sizeof run - 8 && c != '%'))) {
            run[n] = 0;
            if (!format_run(vm, &b, run, &tm))
                return MV_EXC;
            n = 0;
        }
        if (!plain)
            mv_builder_char(&b, c);
    }
    return b.failed ? MV_EXC : mv_builder_end(&b);
}

#define PLAIN(name, min, max) {#name, time_##name, min, max, MV_DEF_ANY_SELF, NULL}
static const MvMethodDef functions[] = {
    PLAIN(asctime, 0, 1),
    PLAIN(ctime, 0, -1),
    PLAIN(gmtime, 0, -1),
    PLAIN(localtime, 0, -1),
    PLAIN(mktime, 1, 1),
    PLAIN(monotonic, 0, 0),
    PLAIN(monotonic_ns, 0, 0),
    PLAIN(perf_counter, 0, 0),
    PLAIN(perf_counter_ns, 0, 0),
    PLAIN(process_time, 0, 0),
    PLAIN(process_time_ns, 0, 0),
    PLAIN(sleep, 1, 1),
    PLAIN(strftime, 0, -1),
    PLAIN(thread_time, 0, 0),
    PLAIN(thread_time_ns, 0, 0),
    PLAIN(time, 0, 0),
    PLAIN(time_ns, 0, 0),
    {0},
};

static bool init(MvVM *vm, MvModule *module)
{
    tzset();
    MvValue names[2] =
        {mv_str_from_utf8(vm, tzname[0], (int64_t)strlen(tzname[0])),
         mv_str_from_utf8(vm, tzname[1], (int64_t)strlen(tzname[1]))};
    if (names[0] == MV_EXC || names[1] == MV_EXC)
        return false;
    const char *const keys[] = {"struct_time", "tzname", "timezone", "altzone", "daylight"};
    MvValue values[] =
        {mv_struct_class_new(vm, "time", "struct_time", struct_fields, 9, true), mv_tuple_from(vm, names, 2),
         mv_int_from_i64(vm, timezone),
                        mv_int_from_i64(vm, daylight ? timezone - 3600 : timezone), mv_from_fixnum(daylight)};
    for (int i = 0; i < 5; i++) {
        MvValue key = values[i] == MV_EXC ? MV_EXC : mv_intern_c(vm, keys[i]);
        if (key == MV_EXC || !mv_module_set(vm, module, key, values[i]))
            return false;
    }
    return true;
}

const MvModuleDef mv_module_time = {
    .name = "time",
    .functions = functions,
    .init = init
};
