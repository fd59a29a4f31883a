/* Ints to text: repr, str, bin, oct, hex and what formatting starts from, with the limit on the digits of decimal
 * conversions.
 *
 * Called by the int type, the builtin functions, format_spec.c, sys. The limit is CPython's: a decimal text of more
 * digits than sys.get_int_max_str_digits() raises ValueError. It is kept in vm->int_str_digits. */
#include "numbers.h"

int64_t mv_int_max_str_digits(const MvVM *vm)
{
    return vm->int_str_digits ? vm->int_str_digits - 1 : MV_INT_DEFAULT_MAX_STR_DIGITS;
}

bool mv_int_set_max_str_digits(MvVM *vm, int64_t digits)
{
    if (digits < 0 || digits > INT32_MAX || (digits && digits < MV_INT_STR_DIGITS_THRESHOLD)) {
        mv_value_error(vm, "maxdigits must be 0 or larger than %d", (int64_t)MV_INT_STR_DIGITS_THRESHOLD);
        return false;
    }
    vm->int_str_digits = digits + 1;
    return true;
}

static MV_COLD MvValue too_many_digits(MvVM *vm, int64_t limit)
{
    return mv_value_error(vm, "Exceeds the limit (%d digits) for integer string conversion; "
                              "use sys.set_int_max_str_digits() to increase the limit", limit);
}

static const char two_digits[201] =
    "0001020304050607080910111213141516171819202122232425262728293031323334353637383940414243444546474849"
    "5051525354555657585960616263646566676869707172737475767778798081828384858687888990919293949596979899";

static MvValue fixnum_to_str(MvVM *vm, int64_t i, unsigned base, const char *prefix)
{
    char buffer[68], *end = buffer + sizeof buffer, *p = end;
    uint64_t magnitude = mv_magnitude(i);
    if (base == 10) {
        while (magnitude >= 100) {
            p -= 2;
            memcpy(p, two_digits + magnitude % 100 * 2, 2);
            magnitude /= 100;
        }
        if (magnitude >= 10) {
            p -= 2;
            memcpy(p, two_digits + magnitude * 2, 2);
        } else {
            *--p = (char)('0' + magnitude);
        }
    } else {
        do
            *--p = "0123456789abcdef"[magnitude % base];
        while (magnitude /= base);
    }
    for (size_t n = strlen(prefix); n; n--)
        *--p = prefix[n - 1];
    if (i < 0)
        *--p = '-';
    return mv_str_from_ascii(vm, p, end - p);
}

/* floor(log10(2) * bits): digits that a number of more than `bits` bits has at least. */
static int64_t least_digits(int64_t bits)
{
    return (int64_t)((unsigned __int128)bits * UINT64_C(5553023288523357132) >> 64);
}

MvValue mv_int_to_str(MvVM *vm, MvValue v, int base, bool prefixed)
{
    const char *prefix = !prefixed ? "" : base == 16 ? "0x" : base == 8 ? "0o" : base == 2 ? "0b" : "";
    v = mv_int_plain(v);
    if (MV_LIKELY(mv_is_int(v))) {
        int64_t i = mv_to_fixnum(v);
        if (!prefixed && (uint64_t)i < (unsigned)base)
            return vm->ascii_chars[(uint8_t)"0123456789abcdef"[i]];
        return fixnum_to_str(vm, i, (unsigned)base, prefix);
    }
    MvIntView view;
    mv_int_view(v, &view);
    size_t count = (size_t)view.count;
    int64_t limit = base == 10 ? mv_int_max_str_digits(vm) : 0;
    if (limit && least_digits((int64_t)mv_natural_bit_length(view.limbs, count) - 1) > limit)
        return too_many_digits(vm, limit);
    char local[256], *text = local;
    size_t size = 3 + mv_natural_radix_bound(view.limbs, count, (unsigned)base), length;
    if (size > sizeof local && !(text = mv_int_get_scratch(vm, size)))
        return MV_EXC;
    char *p = text;
    if (view.negative)
        *p++ = '-';
    while (*prefix)
        *p++ = *prefix++;
    MvScratch scratch = mv_int_scratch(vm);
    MvValue result = MV_EXC;
    if (mv_int_status(vm, mv_natural_to_radix(&scratch, p, &length, view.limbs, count, (unsigned)base))) {
        if (limit && (int64_t)length > limit)
            too_many_digits(vm, limit);
        else
            result = mv_str_from_ascii(vm, text, p - text + (int64_t)length);
    }
    if (text != local)
        mv_int_free_scratch(vm, text, size);
    MV_KEEP(v);
    return result;
}
