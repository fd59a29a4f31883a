/* Mutates images, loads them and runs those that the verifier accepts. Driven by bench/fuzz_verifier.py, which
 * builds it with ASan and UBSan.
 *
 *   fuzz_verifier SEEDS STATUS SEED FIRST COUNT   mutants FIRST .. FIRST+COUNT-1; counts in the shared file STATUS
 *   fuzz_verifier SEEDS - SEED INDEX emit FILE    writes one mutant
 *   fuzz_verifier - - - - run FILE                loads and runs an image as the others are; FUZZ_INDEX: its index
 *
 * SEEDS holds images, each after its u32 length. A mutant depends on (SEED, index) alone. Mutations know the structure:
 * they change fields of instructions, sites, ranges, counts and constants in place, so that nearly all mutants pass the
 * container, whose digest is made anew. FUZZ_NO_STRESS: never collects at every allocation. */
#include "blake2b.h"
#include "gen/opcodes.h"
#include "msgpack_reader.h"
#include "mv_api.h"
#include "no_host.h"
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

typedef struct Status { /* ORDER status: read by the harness */
    uint64_t index, phase; /* phase 0 loading, 1 running */
    uint64_t done, container, verifier, accepted, ended, raised, limited, opcodes_run;
} Status;

/* ---- random numbers ---- */

static uint64_t state;

static uint64_t next_random(void)
{
    uint64_t z = state += 0x9E3779B97F4A7C15;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
    z = (z ^ z >> 27) * 0x94D049BB133111EB;
    return z ^ z >> 31;
}

static uint32_t below(uint32_t n) { return n ? (uint32_t)(next_random() % n) : 0; }

/* ---- where what stands in a body ---- */

typedef enum { SPOT_WORDS, SPOT_SITES, SPOT_RANGES, SPOT_POSITIONS, SPOT_INT, SPOT_STR, SPOT_CONSTANT } SpotKind;
typedef struct Spot {
    SpotKind kind;
    uint32_t at, size; /* bytes of the body */
    uint32_t registers, constants;
} Spot;

typedef struct Seed {
    uint8_t *body;
    uint32_t size;
    uint8_t version; /* of the container */
    Spot *spots;
    uint32_t count, capacity;
} Seed;

static const struct Row { uint8_t words, bc, site, de; } rows[MV_OPCODE_COUNT] = {
#define ROW(NAME, words, a, b, c, bc, site, d, e, de, flags) {words, bc, site, de},
    MV_OPCODE_ROWS(ROW)
#undef ROW
};

static void die(const char *why)
{
    fprintf(stderr, "fuzz_verifier: %s\n", why);
    exit(2);
}

static Spot *add_spot(Seed *seed, SpotKind kind, const uint8_t *at, uint32_t size)
{
    if (seed->count == seed->capacity) {
        seed->capacity = seed->capacity ? seed->capacity * 2 : 256;
        seed->spots = realloc(seed->spots, seed->capacity * sizeof *seed->spots);
    }
    seed->spots[seed->count] = (Spot){.kind = kind, .at = (uint32_t)(at - seed->body), .size = size};
    return &seed->spots[seed->count++];
}

static void map_code(Seed *seed, MvReader *reader);

/* A value of any form; `constant`: it is a constant, or part of one. */
static void map_value(Seed *seed, MvReader *reader, bool constant)
{
    MvToken token, tag;
    const uint8_t *start = reader->at;
    if (!mv_reader_next(reader, &token))
        die("a seed is damaged");
    switch (token.type) {
    case MV_TOKEN_INT:
        if (reader->at - start == 1)
            add_spot(seed, SPOT_INT, start, 1);
        break;
    case MV_TOKEN_NIL: case MV_TOKEN_BOOL:
        if (constant)
            add_spot(seed, SPOT_CONSTANT, start, 1);
        break;
    case MV_TOKEN_STR:
        if (token.count)
            add_spot(seed, SPOT_STR, token.data, token.count);
        break;
    case MV_TOKEN_ARRAY: {
        const uint8_t *inside = reader->at;
        uint32_t i = 0;
        if (constant && token.count == 2 && mv_reader_next(reader, &tag) && tag.type == MV_TOKEN_STR &&
            tag.count == 1 && tag.data[0] == 'c') {
            map_code(seed, reader);
            break;
        }
        reader->at = inside;
        if (constant && mv_reader_next(reader, &tag)) /* the tag stays */
            i = 1;
        for (; i < token.count; i++)
            map_value(seed, reader, constant);
        break;
    }
    case MV_TOKEN_MAP:
        for (uint32_t i = 0; i < token.count; i++) {
            if (!mv_reader_expect(reader, MV_TOKEN_STR, &tag))
                die("a seed is damaged");
            if (tag.count == 4 && !memcmp(tag.data, "code", 4))
                map_code(seed, reader);
            else if (tag.count == 7 && !memcmp(tag.data, "modules", 7))
                map_value(seed, reader, false);
            else {
                uint32_t kept = seed->count; /* names, files and sources are left as they are */
                map_value(seed, reader, false);
                seed->count = kept;
            }
        }
        break;
    default:
        break;
    }
}

static void map_packed(Seed *seed, MvReader *reader, SpotKind kind)
{
    MvToken token;
    if (!mv_reader_expect(reader, MV_TOKEN_BIN, &token))
        die("a seed is damaged");
    if (token.count)
        add_spot(seed, kind, token.data, token.count);
}

/* ORDER CODE_FIELDS of spec/codeformat.py. */
static void map_code(Seed *seed, MvReader *reader)
{
    MvToken token;
    uint32_t first = seed->count, registers = 0;
    if (!mv_reader_expect(reader, MV_TOKEN_ARRAY, &token) || token.count != 19)
        die("a seed is damaged");
    for (int field = 0; field < 8; field++) {
        const uint8_t *start = reader->at;
        map_value(seed, reader, false);
        MvReader again = {start, reader->end, false};
        if (field == 7 && mv_reader_next(&again, &token))
            registers = (uint32_t)token.number;
    }
    for (int field = 8; field < 11; field++)
        map_value(seed, reader, false);
    map_packed(seed, reader, SPOT_WORDS);
    uint32_t words = seed->count;
    if (!mv_reader_expect(reader, MV_TOKEN_ARRAY, &token))
        die("a seed is damaged");
    uint32_t constants = token.count;
    for (uint32_t i = first; i < words; i++) {
        seed->spots[i].registers = registers;
        seed->spots[i].constants = constants;
    }
    for (uint32_t i = 0; i < constants; i++)
        map_value(seed, reader, true);
    for (int field = 0; field < 3; field++) {
        uint32_t at = seed->count;
        map_packed(seed, reader, field == 0 ? SPOT_SITES : field == 1 ? SPOT_RANGES : SPOT_POSITIONS);
        for (; at < seed->count; at++) {
            seed->spots[at].registers = registers;
            seed->spots[at].constants = constants;
        }
    }
    for (int field = 0; field < 3; field++)
        map_value(seed, reader, false);
}

/* ---- mutations ---- */

static uint32_t small_change(uint32_t value, uint32_t bound)
{
    switch (below(4)) {
    case 0: return value + 1;
    case 1: return value - 1;
    case 2: return below(bound + 2);
    default: return below(16) ? below(bound) : (uint32_t)next_random();
    }
}

/* The starts of instructions; their number. */
static uint32_t find_starts(const uint64_t *words, uint32_t count, uint32_t *starts)
{
    uint32_t n = 0;
    for (uint32_t w = 0; w < count; w += (words[w] & 0xFFFF) < MV_OPCODE_COUNT ? rows[words[w] & 0xFFFF].words : 1)
        starts[n++] = w;
    return n;
}

static uint64_t set_field(uint64_t word, int shift, int bits, uint64_t value)
{
    uint64_t mask = (((uint64_t)1 << bits) - 1) << shift;
    return (word & ~mask) | ((value << shift) & mask);
}

static void mutate_words(uint8_t *at, const Spot *spot)
{
    static uint64_t words[1 << 16];
    static uint32_t starts[1 << 16];
    uint32_t count = spot->size / 8;
    if (count > 1 << 16)
        return;
    memcpy(words, at, count * 8);
    uint32_t n = find_starts(words, count, starts), w = starts[below(n)], other = starts[below(n)];
    uint32_t op = words[w] & 0xFFFF, to = words[other] & 0xFFFF;
    if (op >= MV_OPCODE_COUNT || to >= MV_OPCODE_COUNT)
        return;
    bool two = rows[op].words == 2 && w + 1 < count;
    switch (below(12)) {
    case 0: case 1: /* another operation with the same operands */
        for (int tries = 0; tries < 64; tries++) {
            uint32_t choice = below(3) ? op + below(9) - 4 : below(MV_OPCODE_COUNT);
            if (choice < MV_OPCODE_COUNT && rows[choice].words == rows[op].words &&
                (tries > 32 || rows[choice].site == rows[op].site)) {
                words[w] = set_field(words[w], 0, 16, choice);
                break;
            }
        }
        break;
    case 2: case 3: case 4: { /* another register, count or flag */
        int shift = 16 * (1 + (int)below(3));
        words[w] = set_field(words[w], shift, 16,
                             small_change((words[w] >> shift) & 0xFFFF, below(3) ? spot->registers : 8));
        break;
    }
    case 5: /* another constant, or an earlier or later target */
        if (rows[op].bc)
            words[w] = set_field(words[w], 32, 32,
                                 rows[op].bc == MV_OPERAND_JUMP ? (words[w] >> 32) + below(9) - 4
                                                                : below(spot->constants + 1));
        else if (two && rows[op].de)
            words[w + 1] = set_field(words[w + 1], 32, 32, (words[w + 1] >> 32) + below(9) - 4);
        break;
    case 6: /* a field of the second word */
        if (two) {
            int shift = below(2) ? 0 : 32 + 16 * (int)below(2);
            words[w + 1] = set_field(words[w + 1], shift, shift ? 16 : 32,
                                     small_change((uint32_t)(words[w + 1] >> shift), 4));
        }
        break;
    case 7: case 8: /* one instruction instead of another */
        if (rows[op].words == rows[to].words) {
            words[w] = words[other];
            if (two)
                words[w + 1] = below(2) ? set_field(words[other + 1], 0, 32, words[w + 1]) : words[other + 1];
        }
        break;
    case 9: /* two instructions exchanged */
        if (rows[op].words == rows[to].words)
            for (uint32_t i = 0; i < rows[op].words && w + i < count && other + i < count; i++) {
                uint64_t kept = words[w + i];
                words[w + i] = words[other + i];
                words[other + i] = kept;
            }
        break;
    case 10: /* left out */
        for (uint32_t i = 0; i < rows[op].words && w + i < count; i++)
            words[w + i] = MV_OP_JUMP; /* by 0 */
        break;
    default:
        words[below(count)] ^= (uint64_t)1 << below(64);
    }
    memcpy(at, words, count * 8);
}

static void mutate_numbers(uint8_t *at, const Spot *spot, uint32_t columns)
{
    uint32_t count = spot->size / 4, i = below(count), value;
    memcpy(&value, at + i * 4, 4);
    value = columns == 2 ? small_change(value, i % 2 ? spot->constants : MV_SITE_KIND_COUNT) : value + below(9) - 4;
    memcpy(at + i * 4, &value, 4);
}

static void mutate(Seed *seed, uint8_t *body)
{
    static const uint8_t weights[] = {
        [SPOT_WORDS] = 40, [SPOT_SITES] = 6, [SPOT_RANGES] = 12, [SPOT_POSITIONS] = 1,
        [SPOT_INT] = 2, [SPOT_STR] = 1, [SPOT_CONSTANT] = 2,
    };
    if (!below(50)) { /* anything: mostly for the container */
        body[below(seed->size)] ^= (uint8_t)(1 << below(8));
        return;
    }
    const Spot *spot;
    do
        spot = &seed->spots[below(seed->count)];
    while (below(40) >= weights[spot->kind]);
    uint8_t *at = body + spot->at;
    switch (spot->kind) {
    case SPOT_WORDS: mutate_words(at, spot); break;
    case SPOT_SITES: mutate_numbers(at, spot, 2); break;
    case SPOT_RANGES: mutate_numbers(at, spot, 4); break;
    case SPOT_POSITIONS: at[below(spot->size)] = (uint8_t)next_random(); break;
    case SPOT_INT: *at = below(3) ? (uint8_t)((*at + below(5) - 2) & 0x7F) : (uint8_t)below(128); break;
    case SPOT_STR: at[below(spot->size)] = "_abxyz019"[below(9)]; break;
    case SPOT_CONSTANT: *at = "\xC0\xC2\xC3\x00\x01\xFF\xA0"[below(7)]; break;
    }
}

/* The mutant as an image; its size. */
static size_t make_mutant(Seed *seeds, uint32_t seed_count, uint64_t seed, uint64_t index, uint8_t **out)
{
    static uint8_t *image;
    static size_t capacity;
    state = seed * 0x2545F4914F6CDD1D + index;
    next_random();
    Seed *chosen = &seeds[below(seed_count)];
    const size_t head = 1 + 6 + 1 + 2 + 32 + 5;
    if (capacity < head + chosen->size) {
        capacity = head + chosen->size;
        image = realloc(image, capacity);
    }
    uint8_t *body = image + head;
    memcpy(body, chosen->body, chosen->size);
    for (uint32_t changes = 1 + (below(3) ? below(2) : below(6)); changes; changes--)
        mutate(chosen, body);
    memcpy(image, "\x94\xA5minic\0\xC4\x20", 10);
    image[7] = chosen->version;
    mv_blake2b(image + 10, 32, body, chosen->size);
    image[42] = 0xC6;
    for (int i = 0; i < 4; i++)
        image[43 + i] = (uint8_t)(chosen->size >> (24 - 8 * i));
    *out = image;
    return head + chosen->size;
}

/* ---- running ---- */

static MvVM *new_vm(uint64_t index)
{
    static const char *const argv[] = {"fuzz"};
    MvConfig config = {
        .memory_limit = (uint64_t)64 << 20, .output_limit = 1 << 20, .time_limit_ns = 2000000000, .fuel = 20000,
        .recursion_limit = 150, .stdin_fd = MV_FD_NONE, .stdout_fd = MV_FD_NONE, .stderr_fd = MV_FD_NONE,
        .argc = 1, .argv = argv, .executable = "", .path_entry = "",
        .gc_stress = index % 16 == 5 && !getenv("FUZZ_NO_STRESS"),
        .ic_mode = (uint8_t)(index % 16 < 2 ? index % 16 + 1 : 0),
    };
    if (config.gc_stress)
        config.fuel = 500;
    MvVM *vm = mv_vm_new(&config);
    if (!vm)
        die("no VM");
    return vm;
}

static void run_one(MvVM **vm, uint64_t index, const uint8_t *image, size_t size, Status *status, bool verbose)
{
    MvReply reply = {0};
    status->index = index;
    status->phase = 0;
    int result = mv_vm_load(*vm, image, size, &reply);
    if (result == MV_BAD_IMAGE && reply.size > 5) {
        bool verifier = reply.size > 10 && !memcmp(reply.data + 5, "code ", 5);
        *(verifier ? &status->verifier : &status->container) += 1;
        if (verbose)
            printf("refused: %.*s\n", (int)reply.size - 5, (const char *)reply.data + 5);
    } else if (result == MV_OK) {
        status->accepted++;
        mv_vm_free(*vm); /* what runs must not depend on the mutants before */
        *vm = new_vm(index);
        status->phase = 1;
        if (mv_vm_load(*vm, image, size, &reply) != MV_OK)
            die("an image was accepted once and then refused");
        result = mv_vm_run_main(*vm, &reply);
        bool ended = result == MV_OK || result == MV_EXIT;
        *(ended ? &status->ended : result == MV_LIMIT ? &status->limited : &status->raised) += 1;
        if (verbose)
            printf("accepted, ended with status %d\n", result);
        mv_vm_free(*vm);
        *vm = new_vm(0);
    } else if (verbose)
        printf("load returned %d\n", result);
    status->done++;
}

static uint8_t *read_whole(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END))
        die("cannot read a file");
    *size = (size_t)ftell(file);
    rewind(file);
    uint8_t *data = malloc(*size + 1);
    if (fread(data, 1, *size, file) != *size)
        die("cannot read a file");
    fclose(file);
    return data;
}

static Seed *read_seeds(const char *path, uint32_t *count)
{
    size_t size, at = 0;
    uint8_t *data = read_whole(path, &size);
    Seed *seeds = NULL;
    *count = 0;
    while (at + 4 <= size) {
        uint32_t n;
        memcpy(&n, data + at, 4);
        MvReader reader = {data + at + 4, data + at + 4 + n, false};
        MvToken token;
        at += 4 + n;
        uint8_t version = 0;
        for (int i = 0; i < 5; i++) { /* [magic, version, digest, body] */
            if (!mv_reader_next(&reader, &token))
                die("a seed is damaged");
            if (i == 2)
                version = (uint8_t)token.number;
        }
        seeds = realloc(seeds, (*count + 1) * sizeof *seeds);
        Seed *seed = &seeds[(*count)++];
        *seed = (Seed){.body = (uint8_t *)token.data, .size = token.count, .version = version};
        reader = (MvReader){seed->body, seed->body + seed->size, false};
        map_value(seed, &reader, false);
    }
    return seeds;
}

int main(int argc, char **argv)
{
    static Status local;
    Status *status = &local;
    if (argc == 7 && !strcmp(argv[5], "run")) {
        size_t size;
        uint8_t *image = read_whole(argv[6], &size);
        uint64_t index = getenv("FUZZ_INDEX") ? strtoull(getenv("FUZZ_INDEX"), NULL, 10) : 0;
        MvVM *vm = new_vm(index);
        run_one(&vm, index, image, size, status, true);
        mv_vm_free(vm);
        free(image);
        return 0;
    }
    if (argc < 6)
        die("wrong arguments");
    uint32_t seed_count;
    Seed *seeds = read_seeds(argv[1], &seed_count);
    uint64_t seed = strtoull(argv[3], NULL, 10), first = strtoull(argv[4], NULL, 10);
    uint8_t *image;
    if (argc == 7) {
        size_t size = make_mutant(seeds, seed_count, seed, first, &image);
        FILE *file = fopen(argv[6], "wb");
        if (!file || fwrite(image, 1, size, file) != size || fclose(file))
            die("cannot write the mutant");
        return 0;
    }
    uint64_t end = first + strtoull(argv[5], NULL, 10);
    int fd = open(argv[2], O_RDWR);
    status = mmap(NULL, sizeof *status, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (fd < 0 || status == MAP_FAILED)
        die("cannot map the status file");
    MvVM *vm = new_vm(0);
    for (uint64_t index = first; index < end; index++) {
        size_t size = make_mutant(seeds, seed_count, seed, index, &image);
        run_one(&vm, index, image, size, status, false);
    }
    mv_vm_free(vm);
    return 0;
}
