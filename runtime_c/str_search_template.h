/* The search of str_search.c for one character width and one direction. Included with
 *   CHAR      uint8_t, uint16_t or uint32_t
 *   NAME(x)   the names of this instance
 *   BACKWARD  0 or 1: in the second case position i means the i-th character from the end, in haystack and needle alike
 *   LANES     characters in 16 bytes, EQUAL the comparison of such vectors, LANE_SHIFT log2 of the bytes of a character
 * All positions here are relative to the searched range; -1 not found, -2 stop. */

#if BACKWARD
#define AT(text, length, i) ((text)[(length) - 1 - (i)])
#else
#define AT(text, length, i) ((text)[(i)])
#endif

/* Start of the maximal suffix of the needle for < or (inverted) >, and its period (Crochemore and Perrin 1991). */
static int64_t NAME(maximal_suffix)(MvVM *vm, const CHAR *needle, int64_t m, bool inverted, int64_t *period)
{
    int64_t best = 0, candidate = 1, k = 0, p = 1, steps = 0;
    while (candidate + k < m) {
        CHAR a = AT(needle, m, candidate + k), b = AT(needle, m, best + k);
        if (inverted ? b < a : a < b) {
            candidate += k + 1;
            k = 0;
            p = candidate - best;
        } else if (a == b) {
            if (k + 1 != p) {
                k++;
            } else {
                candidate += p;
                k = 0;
            }
        } else {
            best = candidate++;
            k = 0;
            p = 1;
        }
        if ((++steps & POLL_MASK) == 0 && mv_poll(vm))
            return -2;
    }
    *period = p;
    return best;
}

static bool NAME(prepare)(MvFinder *f)
{
    const CHAR *needle = f->needle;
    int64_t m = f->needle_length, period = 1, other_period = 1;
    int64_t cut = NAME(maximal_suffix)(f->vm, needle, m, false, &period);
    int64_t other = cut == -2 ? -2 : NAME(maximal_suffix)(f->vm, needle, m, true, &other_period);
    if (other == -2)
        return false;
    if (other > cut) {
        cut = other;
        period = other_period;
    }
    f->critical = cut;
    f->periodic = cut + period <= m;
    for (int64_t i = 0; f->periodic && i < cut; i++) {
        f->periodic = AT(needle, m, i) == AT(needle, m, i + period);
        if ((i & POLL_MASK) == POLL_MASK && mv_poll(f->vm))
            return false;
    }
    if (!f->periodic)
        period = (cut > m - cut ? cut : m - cut) + 1;
    f->period = period;
    f->prepared = true;
    return true;
}

static int64_t NAME(two_way)(MvFinder *f, const CHAR *hay, int64_t n, int64_t from)
{
    if (!f->prepared && !NAME(prepare)(f))
        return -2;
    const CHAR *needle = f->needle;
    int64_t m = f->needle_length, cut = f->critical, period = f->period, memory = 0, steps = 0;
    bool periodic = f->periodic;
    for (int64_t at = from; at <= n - m;) {
        int64_t i = memory > cut ? memory : cut;
        while (i < m && AT(needle, m, i) == AT(hay, n, at + i)) {
            i++;
            if ((++steps & POLL_MASK) == 0 && mv_poll(f->vm))
                return -2;
        }
        if (i < m) {
            at += i - cut + 1;
            memory = 0;
        } else {
            i = cut;
            while (i > memory && AT(needle, m, i - 1) == AT(hay, n, at + i - 1)) {
                i--;
                if ((++steps & POLL_MASK) == 0 && mv_poll(f->vm))
                    return -2;
            }
            if (i <= memory)
                return at;
            at += period;
            memory = periodic ? m - period : 0;
        }
        if ((++steps & POLL_MASK) == 0 && mv_poll(f->vm))
            return -2;
    }
    return -1;
}

/* Compares the needle with the haystack at `at`; its first and last characters are known to agree. Long needles
 * count their effort. */
MV_INLINE bool NAME(matches)(MvFinder *f, const CHAR *hay, int64_t n, int64_t at)
{
    const CHAR *needle = f->needle;
    int64_t m = f->needle_length;
#if BACKWARD
    const CHAR *place = hay + n - m - at;
#else
    const CHAR *place = hay + at;
#endif
    if (m <= SHORT_NEEDLE)
        return memcmp(place + 1, needle + 1, (size_t)(m - 1) * sizeof(CHAR)) == 0;
    for (int64_t i = 0; i < m; i += SHORT_NEEDLE) {
        int64_t part = m - i < SHORT_NEEDLE ? m - i : SHORT_NEEDLE;
        f->effort += SHORT_NEEDLE;
        if (memcmp(place + i, needle + i, (size_t)part * sizeof(CHAR)) != 0)
            return false;
    }
    return true;
}

/* Looks for places where first and last character agree, 16 bytes at a time; gives up in favour of two_way when
 * comparing costs too much. */
static int64_t NAME(search)(MvFinder *f, const CHAR *hay, int64_t n)
{
    const CHAR *needle = f->needle;
    int64_t m = f->needle_length, last = n - m, at = 0;
    if (last < 0)
        return -1;
    if (m > LONG_NEEDLE)
        return NAME(two_way)(f, hay, n, 0);
    CHAR head = AT(needle, m, 0), tail = AT(needle, m, m - 1);
    f->effort = 0;
    while (at <= last) {
        int64_t stop = last - at > POLL_MASK ? at + POLL_MASK : last + 1;
#ifdef __SSE2__
#if !BACKWARD
        const __m128i heads = SPLAT((LANE)head), tails = SPLAT((LANE)tail);
        for (; at + LANES <= stop; at += LANES) {
            __m128i h = _mm_loadu_si128((const __m128i *)(hay + at));
            __m128i t = _mm_loadu_si128((const __m128i *)(hay + at + m - 1));
            unsigned mask = (unsigned)_mm_movemask_epi8(_mm_and_si128(EQUAL(h, heads), EQUAL(t, tails)));
            while (mask) {
                int lane = __builtin_ctz(mask) >> LANE_SHIFT;
                if (NAME(matches)(f, hay, n, at + lane))
                    return at + lane;
                mask &= ~(((1u << sizeof(CHAR)) - 1) << (lane << LANE_SHIFT));
            }
            if (MV_UNLIKELY(f->effort > 4 * at + EFFORT_LIMIT))
                return NAME(two_way)(f, hay, n, at + LANES);
        }
#endif
#endif
        for (; at < stop; at++) {
            if (AT(hay, n, at) == head && AT(hay, n, at + m - 1) == tail && NAME(matches)(f, hay, n, at))
                return at;
            if (MV_UNLIKELY(f->effort > 4 * at + EFFORT_LIMIT))
                return NAME(two_way)(f, hay, n, at + 1);
        }
        if (at <= last && mv_poll(f->vm))
            return -2;
    }
    return -1;
}
#undef AT
