/* What tests/c/codespace_binding.py needs in C: callbacks that are no closures of libffi, which are writable and
 * executable. */
#include <stdbool.h>
#include <stddef.h>

/* Whether the address that context holds is in [start, end); with NULL no frame is anywhere. */
__attribute__((visibility("default"))) bool helper_inside(void *context, const char *start, const char *end)
{
    const char *frame = context ? *(const char **)context : NULL;
    return frame >= start && frame < end;
}
