/* traceback.c: the report of an uncaught exception, as CPython 3.11's own printer writes it, and traceback objects.
 *
 * mv_traceback_text() is called by the API when a run ends with an exception. It may run Mini code (str() of exceptions
 * and notes); what that raises is swallowed and shown as CPython shows it, unless the run is ending. Source lines come
 * from the module's stored source; carets follow the instruction's position, anchors come from traceback_anchors.c,
 * "Did you mean" from suggestions.c. A comprehension that the compiler inlined is shown as a frame of its own. */
#include "gen/wide.h"
#include "errors.h"

enum {
    REPEAT_CUTOFF = 3,  /* equal frames shown before "Previous line repeated" */
    FRAME_LIMIT = 1000, /* the innermost ones are shown */
};

/* ---- frames ---- */

/* The level-th inlined range around the word, counted from the outermost, which starts first. */
static const MvInlined *inlined_at(const MvCode *code, int64_t word, int level)
{
    const MvInlined *found = NULL;
    for (int i = 0; i <= level; i++) {
        const MvInlined *outer = found;
        found = NULL;
        for (uint32_t k = 0; k < code->inlined_count; k++) {
            const MvInlined *range = &code->inlined[k];
            if (word < range->start || word >= range->end || (outer && range->start <= outer->start))
                continue;
            if (!found || range->start < found->start)
                found = range;
        }
        if (!found)
            return NULL;
    }
    return found;
}

bool mv_traceback_frame(const MvTraceback *entry, int level, MvShownFrame *frame)
{
    const MvCode *code = entry->code;
    frame->code = entry->code;
    frame->name = code->name;
    if (level > 0) {
        const MvInlined *self = inlined_at(code, entry->word, level - 1);
        if (!self)
            return false;
        frame->name = self->name;
    }
    const MvInlined *inner = inlined_at(code, entry->word, level);
    /* The first word of an inlined range has the position of the whole comprehension. */
    mv_code_position(code, inner ? inner->start : entry->word, &frame->line, &frame->end_line, &frame->col,
                     &frame->end_col);
    return true;
}

/* ---- one frame ---- */

static bool is_indent(uint32_t c)
{
    return c == ' ' || c == '\t' || c == '\f';
}

/* Character index of a UTF-8 byte column, which may lie past the end. */
static int64_t byte_to_char(const char *text, size_t n, int64_t column)
{
    int64_t chars = 0;
    for (int64_t i = 0; i < column && i < (int64_t)n; i++)
        chars += ((uint8_t)text[i] & 0xC0) != 0x80;
    return column > (int64_t)n ? chars + 1 : chars;
}

static bool is_wide(uint32_t c)
{
    size_t low = 0, high = sizeof mv_wide_ranges / sizeof *mv_wide_ranges;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (c > mv_wide_ranges[middle].last)
            low = middle + 1;
        else if (c < mv_wide_ranges[middle].first)
            high = middle;
        else
            return true;
    }
    return false;
}

static void show_carets(MvBuilder *b, const MvStr *line, const char *utf8, size_t n, int64_t indent,
                        const MvShownFrame *frame)
{
    if (frame->col < 0 || frame->end_col < 0)
        return;
    int64_t start = byte_to_char(utf8, n, frame->col), end = byte_to_char(utf8, n, frame->end_col);
    int64_t left = -1, right = -1;
    bool anchors = false;
    if (frame->line == frame->end_line) {
        anchors = mv_traceback_anchors(line, start, end, &left, &right);
    } else {
        /* CPython looks for the last character that is not white space in the bytes of the line, but counts in
         * characters */
        end = line->length;
        while (end > 0 && is_indent((uint8_t)utf8[end - 1]))
            end--;
    }
    if (!anchors && end - start == line->length - indent)
        return;
    mv_builder_repeat(b, ' ', 4);
    for (int64_t offset = indent; offset < end && !b->failed; offset++) {
        bool secondary = anchors && offset >= left && offset < right;
        mv_builder_repeat(b, offset < start ? ' ' : anchors && !secondary ? '~' : '^', is_wide(mv_str_char(line, offset)) ? 2 : 1);
    }
    mv_builder_char(b, '\n');
}

static void show_frame(MvVM *vm, MvBuilder *b, const MvShownFrame *frame)
{
    MvModule *module = frame->code->module;
    mv_builder_ascii(b, "  File \"", -1);
    if (module && mv_has_kind(module->file, MV_KIND_STR))
        mv_builder_str(b, MV_CAST(MvStr, module->file));
    else
        mv_builder_ascii(b, "<unknown>", -1);
    mv_builder_ascii(b, "\", line ", -1);
    mv_builder_value(b, mv_from_fixnum(frame->line), false);
    mv_builder_ascii(b, ", in ", -1);
    mv_builder_str(b, MV_CAST(MvStr, frame->name));
    mv_builder_char(b, '\n');
    size_t n = 0;
    /* As CPython, which finds no file of such a name: `<string>`, `<stdin>`. */
    const MvStr *file = module && mv_has_kind(module->file, MV_KIND_STR) ? MV_CAST(MvStr, module->file) : NULL;
    bool shown = file && !(file->length > 1 && mv_str_char(file, 0) == '<' &&
                           mv_str_char(file, file->length - 1) == '>');
    const char *text = shown ? mv_module_source_line(vm, module, frame->line, &n) : NULL;
    if (!text || b->failed)
        return;
    if (n && text[n - 1] == '\r')
        n--;
    MvValue source = mv_str_from_utf8(vm, text, (int64_t)n);
    if (source == MV_EXC) {
        b->failed = true;
        return;
    }
    const MvStr *line = MV_CAST(MvStr, source);
    int64_t indent = 0;
    while (indent < line->length && is_indent(mv_str_char(line, indent)))
        indent++;
    mv_builder_repeat(b, ' ', 4);
    mv_builder_slice(b, line, indent, line->length);
    mv_builder_char(b, '\n');
    show_carets(b, line, text, n, indent, frame);
}

static void show_repeated(MvBuilder *b, int64_t count)
{
    if (count <= REPEAT_CUTOFF)
        return;
    mv_builder_ascii(b, "  [Previous line repeated ", -1);
    mv_builder_value(b, mv_from_fixnum(count - REPEAT_CUTOFF), false);
    mv_builder_ascii(b, count == REPEAT_CUTOFF + 1 ? " more time]\n" : " more times]\n", -1);
}

static void show_frames(MvVM *vm, MvBuilder *b, MvValue traceback)
{
    int64_t count = 0, repeated = 0;
    MvShownFrame frame, last = {0};
    for (MvValue v = traceback; mv_has_kind(v, MV_KIND_TRACEBACK); v = MV_CAST(MvTraceback, v)->next) {
        for (int level = 0; mv_traceback_frame(MV_CAST(MvTraceback, v), level, &frame); level++)
            count++;
    }
    for (MvValue v = traceback; mv_has_kind(v, MV_KIND_TRACEBACK) && !b->failed; v = MV_CAST(MvTraceback, v)->next) {
        for (int level = 0; mv_traceback_frame(MV_CAST(MvTraceback, v), level, &frame); level++) {
            if (count-- > FRAME_LIMIT)
                continue;
            if (!last.code || frame.code->module != last.code->module || frame.line != last.line ||
                frame.name != last.name) {
                show_repeated(b, repeated);
                last = frame;
                repeated = 0;
            }
            if (++repeated <= REPEAT_CUTOFF)
                show_frame(vm, b, &frame);
        }
        if (mv_poll(vm))
            b->failed = true;
    }
    show_repeated(b, repeated);
}

/* ---- one exception ---- */

/* An error while describing an exception is swallowed; false: the run is ending. */
static bool swallow(MvVM *vm, MvBuilder *b)
{
    if (vm->ending != MV_END_NONE) {
        b->failed = true;
        return false;
    }
    mv_exception_take(vm);
    return true;
}

/* str(v), or the text that stands for a failure; what was shown, UNASSIGNED after a failure */
static MvValue show_str(MvVM *vm, MvBuilder *b, MvValue v, const char *before, const char *failure)
{
    MvValue text = mv_str(vm, v);
    if (text == MV_EXC) {
        if (swallow(vm, b))
            mv_builder_ascii(b, failure, -1);
        return MV_UNASSIGNED;
    }
    const MvStr *s = MV_CAST(MvStr, text);
    if (s->length)
        mv_builder_ascii(b, before, -1);
    mv_builder_str(b, s);
    return text;
}

static void show_type(MvVM *vm, MvBuilder *b, MvValue exception)
{
    MvClass *cls = mv_class_of(vm, exception);
    MvValue module = mv_get_attr(vm, mv_value(cls), vm->names->n___module__);
    if (module == MV_EXC && !swallow(vm, b))
        return;
    if (!mv_has_kind(module, MV_KIND_STR)) {
        mv_builder_ascii(b, "<unknown>.", -1);
    } else if (!mv_str_is_c(module, "builtins") && !mv_str_is_c(module, "__main__")) {
        mv_builder_str(b, MV_CAST(MvStr, module));
        mv_builder_char(b, '.');
    }
    mv_builder_str(b, MV_CAST(MvStr, cls->qualname));
}

/* A field of a SyntaxError as an index; false: it has no such form, and the exception is shown like any other. */
static bool syntax_index(MvValue v, int64_t otherwise, int64_t *out)
{
    *out = otherwise;
    return v == MV_NONE ? otherwise != INT64_MIN : mv_is_int_like(v) && mv_int_to_i64(v, out);
}

static int64_t utf8_length(const MvStr *s)
{
    int64_t n = 0;
    for (int64_t i = 0; i < s->length; i++) {
        uint32_t c = mv_str_char(s, i);
        n += c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    }
    return n;
}

/* The source text of a SyntaxError with carets; offsets count from 1. */
static void show_error_text(MvBuilder *b, const MvStr *text, int64_t offset, int64_t end_offset)
{
    int64_t carets = end_offset > 0 && end_offset > offset ? end_offset - offset : 1;
    int64_t start = 0, length = text->length;
    offset--;
    while (start < length && is_indent(mv_str_char(text, start))) {
        start++;
        offset--;
    }
    int64_t bytes = utf8_length(text) - start;
    if (length > start && mv_str_char(text, length - 1) == '\n') {
        length--;
        bytes--;
    }
    if (offset > bytes)
        offset = bytes;
    for (int64_t i = start; i < text->length && i - start < offset; i++) { /* skip embedded lines before the offset */
        if (mv_str_char(text, i) == '\n') {
            offset -= i + 1 - start;
            start = i + 1;
        }
    }
    mv_builder_repeat(b, ' ', 4);
    mv_builder_slice(b, text, start, length > start ? length : start);
    mv_builder_char(b, '\n');
    if (offset < 0)
        return;
    mv_builder_repeat(b, ' ', 4 + offset);
    mv_builder_repeat(b, '^', carets);
    mv_builder_char(b, '\n');
}

/* The place that a SyntaxError speaks of; true: it was shown, and *message is what stands after the type name. */
static bool show_syntax_error(MvVM *vm, MvBuilder *b, MvValue exception, MvValue *message)
{
    MvClass *cls = mv_class_of(vm, exception);
    const MvException *e = MV_CAST(MvException, exception);
    if (mv_exception_family(cls) != MV_FAMILY_SYNTAX || !mv_has_kind(e->extra[MV_SYNTAX_INFO], MV_KIND_LIST))
        return false;
    const MvValue *info = MV_CAST(MvList, e->extra[MV_SYNTAX_INFO])->items;
    MvValue text = info[MV_SYNTAX_TEXT];
    int64_t line, offset, end_line, end_offset;
    if (!syntax_index(info[MV_SYNTAX_LINENO], INT64_MIN, &line) || !syntax_index(info[MV_SYNTAX_OFFSET], -1, &offset))
        return false;
    end_line = line;
    end_offset = offset;
    if (cls->id == MV_EXC_SyntaxError && (!syntax_index(info[MV_SYNTAX_END_LINENO], line, &end_line) ||
                                          !syntax_index(info[MV_SYNTAX_END_OFFSET], -1, &end_offset)))
        return false;
    MvValue msg = e->extra[MV_SYNTAX_MSG], filename = info[MV_SYNTAX_FILENAME];
    mv_builder_ascii(b, "  File \"", -1);
    if (filename == MV_NONE)
        mv_builder_ascii(b, "<string>", -1);
    else
        show_str(vm, b, filename, "", "");
    mv_builder_ascii(b, "\", line ", -1);
    mv_builder_value(b, mv_int_from_i64(vm, line), false);
    mv_builder_char(b, '\n');
    if (mv_has_kind(text, MV_KIND_STR)) {
        const MvStr *s = MV_CAST(MvStr, text);
        show_error_text(b, s, offset, end_line > line ? utf8_length(s) : end_offset);
    }
    *message = msg == MV_UNASSIGNED ? MV_NONE : msg;
    return true;
}

/* The lines of a note, each ended by a newline. */
static void show_note(MvVM *vm, MvBuilder *b, MvValue note)
{
    MvValue text = mv_str(vm, note);
    if (text == MV_EXC) {
        if (swallow(vm, b))
            mv_builder_ascii(b, "<note str() failed>\n", -1);
        return;
    }
    const MvStr *s = MV_CAST(MvStr, text);
    for (int64_t start = 0; start <= s->length && !b->failed;) {
        int64_t end = start;
        while (end < s->length && mv_str_char(s, end) != '\n')
            end++;
        mv_builder_slice(b, s, start, end);
        mv_builder_char(b, '\n');
        start = end + 1;
    }
}

static void show_notes(MvVM *vm, MvBuilder *b, MvValue notes)
{
    if (notes == MV_UNASSIGNED)
        return;
    bool sequence = mv_has_kind(notes, MV_KIND_LIST) || mv_has_kind(notes, MV_KIND_TUPLE) ||
        mv_has_kind(notes, MV_KIND_STR) ||
                    (!mv_has_kind(notes, MV_KIND_DICT) &&
                     mv_special(vm, mv_class_of(vm, notes), MV_SP_GETITEM) != MV_UNASSIGNED);
    if (!sequence) {
        MvValue text = mv_repr(vm, notes);
        if (text != MV_EXC)
            mv_builder_str(b, MV_CAST(MvStr, text));
        else if (swallow(vm, b))
            mv_builder_ascii(b, "<__notes__ repr() failed>", -1);
        return;
    }
    MvEach each;
    MvValue note;
    if (!mv_each_begin(vm, &each, notes)) {
        swallow(vm, b);
        return;
    }
    while ((note = mv_each_next(vm, &each)) != MV_UNASSIGNED) {
        if (note == MV_EXC) {
            swallow(vm, b);
            return;
        }
        show_note(vm, b, note);
        if (b->failed)
            return;
    }
}

/* text: NULL, or as in mv_traceback_report. */
static void show_exception(MvVM *vm, MvBuilder *b, MvValue exception, MvValue *text)
{
    const MvException *e = MV_CAST(MvException, exception);
    if (mv_has_kind(e->traceback, MV_KIND_TRACEBACK)) {
        mv_builder_ascii(b, "Traceback (most recent call last):\n", -1);
        show_frames(vm, b, e->traceback);
    }
    MvValue notes = mv_get_attr_or(vm, exception, vm->names->n___notes__);
    if (notes == MV_EXC) {
        if (!swallow(vm, b))
            return;
        notes = MV_UNASSIGNED;
    }
    MvValue message = exception;
    bool syntax = show_syntax_error(vm, b, exception, &message);
    show_type(vm, b, exception);
    if (b->failed)
        return;
    if (text && *text != MV_UNASSIGNED)
        message = *text;
    if (message != MV_NONE) {
        MvValue shown = show_str(vm, b, message, ": ", ": <exception str() failed>");
        if (text && !syntax)
            *text = shown;
    }
    MvValue suggestion = mv_suggestion(vm, exception);
    if (suggestion == MV_EXC) {
        swallow(vm, b);
    } else if (suggestion != MV_UNASSIGNED) {
        mv_builder_ascii(b, ". Did you mean: '", -1);
        mv_builder_str(b, MV_CAST(MvStr, suggestion));
        mv_builder_ascii(b, "'?", -1);
    }
    mv_builder_char(b, '\n');
    show_notes(vm, b, notes);
}

/* ---- the whole report ---- */

static const char cause_text[] = "\nThe above exception was the direct cause of the following exception:\n\n";
static const char context_text[] = "\nDuring handling of the above exception, another exception occurred:\n\n";

static MvValue object_id(MvValue v)
{
    return mv_from_fixnum((int64_t)(v >> 4));
}

/* chain: the exceptions from the uncaught one back to the first, each but the last followed by True where the next is
 * its cause, False where it is its context. */
static bool collect_chain(MvVM *vm, MvList *chain, MvValue exception)
{
    MvValue seen = mv_set_new(vm, MV_CLASS_SET);
    if (seen == MV_EXC)
        return false;
    for (;;) {
        if (!mv_list_append(vm, chain, exception) || !mv_set_add(vm, MV_CAST(MvSet, seen), object_id(exception)) ||
            mv_poll(vm))
            return false;
        const MvException *e = MV_CAST(MvException, exception);
        bool caused = mv_is_exception(e->cause);
        MvValue next = caused ? e->cause : e->suppress == MV_TRUE ? MV_NONE : e->context;
        if (!mv_is_exception(next))
            return true;
        int known = mv_set_contains(vm, MV_CAST(MvSet, seen), object_id(next));
        if (known)
            return known > 0;
        if (!mv_list_append(vm, chain, mv_bool(caused)))
            return false;
        exception = next;
    }
}

MvValue mv_traceback_text(MvVM *vm, MvValue exception)
{
    return mv_traceback_report(vm, exception, NULL);
}

MvValue mv_traceback_report(MvVM *vm, MvValue exception, MvValue *text)
{
    MvValue list = mv_list_new(vm, 4);
    bool alone = text && *text != MV_UNASSIGNED;
    if (list == MV_EXC || !(alone ? mv_list_append(vm, MV_CAST(MvList, list), exception)
                                  : collect_chain(vm, MV_CAST(MvList, list), exception)))
        return MV_EXC;
    MvList *chain = MV_CAST(MvList, list);
    MvBuilder b;
    mv_builder_begin(vm, &b);
    for (int64_t i = chain->length - 1; i >= 0 && !b.failed; i -= 2) {
        show_exception(vm, &b, chain->items[i], i > 0 ? NULL : text);
        if (i > 0)
            mv_builder_ascii(&b, chain->items[i - 1] == MV_TRUE ? cause_text : context_text, -1);
        if (mv_poll(vm))
            return MV_EXC;
    }
    return b.failed ? MV_EXC : mv_builder_end(&b);
}
