/* traceback_anchors.c: which part of a source segment a traceback marks with ^ inside ~.
 *
 * CPython 3.11 parses the segment that an instruction comes from and, if it is one binary operation or one subscript,
 * marks the operator or the brackets. Here a scanner splits the segment into tokens and finds the outermost operation
 * by precedence; anything that is not plainly such an expression has no anchors. As in CPython's node positions,
 * parentheses around the right operand do not belong to it. Called by traceback.c only; knows nothing of the VM. */
#include "errors.h"

enum { MAX_TOKENS = 2048 };

enum { OPERAND, STRING, KEYWORD, OPEN, CLOSE, OPERATOR, OTHER }; /* TokenKind */

typedef struct Token {
    uint8_t kind;
    uint8_t precedence; /* OPERATOR: that of the binary operator, 0: none */
    int16_t match;      /* OPEN, CLOSE: index of the partner */
    int32_t start, end;
} Token;

typedef struct Scan {
    const MvStr *line;
    int64_t at, end;
    Token *tokens;
    int count;
} Scan;

enum { PREC_NONE, PREC_OR, PREC_XOR, PREC_AND, PREC_SHIFT, PREC_SUM, PREC_TERM, PREC_POWER };

static uint32_t peek(const Scan *s, int64_t ahead)
{
    return s->at + ahead < s->end ? mv_str_char(s->line, s->at + ahead) : 0;
}

static bool is_space(uint32_t c)
{
    return c == ' ' || c == '\t' || c == '\f';
}

static bool is_digit(uint32_t c)
{
    return c >= '0' && c <= '9';
}

static bool is_name_char(uint32_t c)
{
    return is_digit(c) || (c | 32) - 'a' < 26 || c == '_' || c >= 0x80;
}

static bool word_is(const Scan *s, int64_t start, int64_t end, const char *text)
{
    int64_t n = (int64_t)strlen(text);
    if (end - start != n)
        return false;
    for (int64_t i = 0; i < n; i++) {
        if (mv_str_char(s->line, start + i) != (uint8_t)text[i])
            return false;
    }
    return true;
}

static const char *const keywords[] = {
    "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del", "elif", "else",
    "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal", "not", "or",
    "pass", "raise", "return", "try", "while", "with", "yield", NULL};

static bool is_keyword(const Scan *s, int64_t start, int64_t end)
{
    for (int i = 0; keywords[i]; i++) {
        if (word_is(s, start, end, keywords[i]))
            return true;
    }
    return false;
}

/* s->at is on the quote; false: not closed on this line. */
static bool skip_string(Scan *s)
{
    uint32_t quote = peek(s, 0);
    int width = peek(s, 1) == quote && peek(s, 2) == quote ? 3 : 1;
    s->at += width;
    while (s->at < s->end) {
        uint32_t c = peek(s, 0);
        if (c == '\\') {
            s->at += 2;
        } else if (c == quote && (width == 1 || (peek(s, 1) == quote && peek(s, 2) == quote))) {
            s->at += width;
            return true;
        } else {
            s->at++;
        }
    }
    return false;
}

static void skip_number(Scan *s)
{
    bool hex = peek(s, 0) == '0' && (peek(s, 1) | 32) == 'x';
    bool point = false;
    while (s->at < s->end) {
        uint32_t c = peek(s, 0);
        if (!hex && (c | 32) == 'e' && (peek(s, 1) == '+' || peek(s, 1) == '-') && is_digit(peek(s, 2)))
            s->at += 2;
        else if (c == '.' && !point && !hex)
            point = true;
        else if (!is_name_char(c))
            return;
        else if (!hex && !is_digit(c) && c != '_' && (c | 32) != 'e' && (c | 32) != 'j' && (c | 32) != 'o' &&
                 (c | 32) != 'b' &&
                 (c | 32) != 'x')
            return; /* `1if x else y` */
        s->at++;
    }
}

static int operator_precedence(uint32_t c, int width)
{
    if (width == 2)
        return c == '*' ? PREC_POWER : c == '/' ? PREC_TERM : PREC_SHIFT;
    switch (c) {
    case '+': case '-': return PREC_SUM;
    case '*': case '/': case '%': case '@': return PREC_TERM;
    case '&': return PREC_AND;
    case '^': return PREC_XOR;
    case '|': return PREC_OR;
    default: return PREC_NONE;
    }
}

static bool scan_token(Scan *s)
{
    Token *t = &s->tokens[s->count];
    uint32_t c = peek(s, 0);
    *t = (Token){.start = (int32_t)s->at, .match = -1};
    if (is_digit(c) || (c == '.' && is_digit(peek(s, 1)))) {
        t->kind = OPERAND;
        skip_number(s);
    } else if (is_name_char(c)) {
        while (s->at < s->end && is_name_char(peek(s, 0)))
            s->at++;
        bool prefix = (peek(s, 0) == '"' || peek(s, 0) == '\'') && s->at - t->start <= 2;
        t->kind = prefix ? STRING : is_keyword(s, t->start, s->at) ? KEYWORD : OPERAND;
        if (prefix && !skip_string(s))
            return false;
    } else if (c == '"' || c == '\'') {
        t->kind = STRING;
        if (!skip_string(s))
            return false;
    } else if (c == '(' || c == '[' || c == '{') {
        t->kind = OPEN;
        s->at++;
    } else if (c == ')' || c == ']' || c == '}') {
        t->kind = CLOSE;
        s->at++;
    } else {
        int width = (c == '*' || c == '/' || c == '<' || c == '>') && peek(s, 1) == c ? 2 : 1;
        t->precedence = (uint8_t)operator_precedence(c, width);
        bool assigns = peek(s, width) == '=' && (t->precedence || c == '<' || c == '>' || c == '=' || c == '!' ||
                                                 c == ':');
        s->at += width + assigns;
        t->kind = c == '~' || (t->precedence && !assigns) ? OPERATOR : OTHER;
        if (c == '.' && peek(s, 0) == '.' && peek(s, 1) == '.') { /* the ellipsis is an operand */
            s->at += 2;
            t->kind = OPERAND;
        }
    }
    t->end = (int32_t)s->at;
    s->count++;
    return true;
}

static bool match_brackets(Token *tokens, int count)
{
    int open = -1; /* a chain of open brackets through .match */
    for (int i = 0; i < count; i++) {
        if (tokens[i].kind == OPEN) {
            tokens[i].match = (int16_t)open;
            open = i;
        } else if (tokens[i].kind == CLOSE) {
            if (open < 0)
                return false;
            int outer = tokens[open].match;
            tokens[open].match = (int16_t)i;
            tokens[i].match = (int16_t)open;
            open = outer;
        }
    }
    return open < 0;
}

static bool is_char(const Scan *s, const Token *t, char c)
{
    return t->end - t->start == 1 && mv_str_char(s->line, t->start) == (uint8_t)c;
}

/* Is tokens[first..last] one parenthesised expression: not a tuple, not a generator? */
static bool is_group(const Scan *s, int first, int last)
{
    const Token *tokens = s->tokens;
    if (tokens[first].kind != OPEN || !is_char(s, &tokens[first], '(') || tokens[first].match != last ||
        first + 1 == last)
        return false;
    bool in_lambda = false;
    for (int i = first + 1; i < last; i++) {
        const Token *t = &tokens[i];
        if (t->kind == OPEN)
            i = t->match;
        else if (t->kind == KEYWORD && word_is(s, t->start, t->end, "lambda"))
            in_lambda = true;
        else if (t->kind == KEYWORD && (word_is(s, t->start, t->end, "for") || word_is(s, t->start, t->end, "async")))
            return false;
        else if (t->kind == OTHER && is_char(s, t, ':'))
            in_lambda = false;
        else if (t->kind == OTHER && is_char(s, t, ',') && !in_lambda)
            return false;
    }
    return true;
}

static int64_t node_start(const Scan *s, int first, int last)
{
    while (is_group(s, first, last)) {
        first++;
        last--;
    }
    return s->tokens[first].start;
}

static bool ends_operand(const Token *t)
{
    return t->kind == OPERAND || t->kind == STRING || t->kind == CLOSE;
}

/* The token index of the outermost binary operator, -1: none, -2: not an expression of operators alone. */
static int find_operator(const Scan *s)
{
    int best = -1, best_precedence = PREC_POWER + 1;
    const Token *tokens = s->tokens;
    if (tokens[0].kind == OPERATOR && (tokens[0].precedence && tokens[0].precedence != PREC_SUM))
        return -2; /* *args */
    for (int i = 0; i < s->count; i++) {
        const Token *t = &tokens[i];
        bool after_operand = i > 0 && ends_operand(&tokens[i - 1]);
        bool after_dot = i > 0 && tokens[i - 1].kind == OTHER && is_char(s, &tokens[i - 1], '.');
        switch (t->kind) {
        case OPEN:
            i = t->match;
            break;
        case OPERATOR:
            if (after_operand && t->precedence && (t->precedence < best_precedence ||
                                                   (t->precedence == best_precedence && t->precedence != PREC_POWER))) {
                best = i;
                best_precedence = t->precedence;
            }
            break;
        case OPERAND: case STRING:
            if (after_operand && !(t->kind == STRING && tokens[i - 1].kind == STRING))
                return -2;
            break;
        case OTHER:
            if (!is_char(s, t, '.') || !after_operand)
                return -2;
            break;
        case KEYWORD: case CLOSE:
            return -2;
        }
        if (after_dot && t->kind != OPERAND)
            return -2;
    }
    /* `-a ** b` is a negation; `-a * b` is a product */
    if (best >= 0 && best_precedence == PREC_POWER && tokens[0].kind == OPERATOR)
        return -2;
    return best;
}

static bool scan_segment(Scan *s)
{
    while (s->at < s->end) {
        if (is_space(peek(s, 0)))
            s->at++;
        else if (s->count == MAX_TOKENS || !scan_token(s))
            return false;
    }
    return s->count > 1 && match_brackets(s->tokens, s->count);
}

static void binary_anchors(const Scan *s, int op, int64_t *left, int64_t *right)
{
    int64_t operand = node_start(s, op + 1, s->count - 1), next = s->tokens[op].start + 1;
    *left = next - 1;
    *right = next;
    if (next < operand && !is_space(mv_str_char(s->line, next)))
        ++*right; /* a two-character operator; CPython takes a parenthesis at this place for one too */
}

static bool subscript_anchors(const Scan *s, int64_t *left, int64_t *right)
{
    const Token *last = &s->tokens[s->count - 1];
    if (last->kind != CLOSE || !is_char(s, last, ']') || last->match <= 0 || last->match + 1 == s->count - 1 ||
        !ends_operand(&s->tokens[last->match - 1]) || s->tokens[0].kind == OPERATOR)
        return false;
    *left = s->tokens[last->match].start;
    *right = last->end;
    return true;
}

bool mv_traceback_anchors(const MvStr *line, int64_t start, int64_t end, int64_t *left, int64_t *right)
{
    Token tokens[MAX_TOKENS];
    Scan s = {.line = line, .at = start, .end = end < line->length ? end : line->length, .tokens = tokens};
    if (start < 0 || start >= s.end || s.end > INT32_MAX || !scan_segment(&s))
        return false;
    int op = find_operator(&s);
    if (op > 0 && op + 1 < s.count) {
        binary_anchors(&s, op, left, right);
        return true;
    }
    return op == -1 && subscript_anchors(&s, left, right);
}
