/* NBody: `SolarSystem.advance` of programs/nbody.py as the optimizing compiler would emit it.
 *
 * Called by main.c. Floats are doubles in registers and words in fields; each field load tests its tag, each store
 * has the branch to a heap float. Shape guards are outside a loop where the loop cannot run Mini code; x, y, z and
 * mass of the outer body are loaded outside the inner loop, which stores no field of these names. Its velocity is
 * stored each time, and taken over from the round before under the guard that the bodies are two; tags of one
 * object's fields are tested together. MVP_SEPARATE does neither: each access by itself. Set-up and energy are plain
 * C.
 *
 * `** 0.5` must give what the interpreter gives, which calls the C library's pow. MVP_POW calls it too. The default
 * takes the processor's root where it is proven to be pow's answer, and calls pow for the rest (mvp_root). MVP_SQRT
 * takes the root always, to show what the proof costs. */
#include "emit.h"
#include <math.h>

enum { X, Y, Z, VX, VY, VZ, MASS, BODY_SLOTS };
#define BODIES 5

/* Opaque, so that gcc makes no root of pow. */
const volatile double mvp_half = 0.5;

MV_INLINE double root_of(double x) /* the instruction alone, without C's errno */
{
    double s;
    __asm__("sqrtsd %1, %0" : "=x"(s) : "x"(x));
    return s;
}

/* pow(x, 0.5) in cold code that saves all registers, so that the hot path need not count on a call. */
__attribute__((no_caller_saved_registers)) double mvp_root_slow(double x);
#define EACH_XMM(X) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) X(10) X(11) X(12) X(13) X(14) X(15)
#define SAVE_XMM(n) "movups %xmm" #n ", 16*" #n "(%rsp)\n"
#define LOAD_XMM(n) "movups 16*" #n "(%rsp), %xmm" #n "\n"
__asm__(".text\n.globl mvp_root_slow\nmvp_root_slow:\n"
        "push %rbp\nmov %rsp, %rbp\n"
        "push %rax\npush %rcx\npush %rdx\npush %rsi\npush %rdi\npush %r8\npush %r9\npush %r10\npush %r11\n"
        "sub $264, %rsp\nand $-16, %rsp\n" EACH_XMM(SAVE_XMM)
        "movsd mvp_half(%rip), %xmm1\ncall pow\n" EACH_XMM(LOAD_XMM)
        "lea -72(%rbp), %rsp\n"
        "pop %r11\npop %r10\npop %r9\npop %r8\npop %rdi\npop %rsi\npop %rdx\npop %rcx\npop %rax\npop %rbp\nret\n");

/* x ** 0.5 for finite x >= 0. s is the root, correctly rounded; with integer mantissas, r = x - s*s is exact, and the
 * true root lies r / (2 root) units in the last place from s. glibc's pow errs by less than 0.511 + 1.5 * 2^-15 *
 * |log(x) / 2| units (comment of its e_pow.c, without fma), which is below 33/64 for x in 2^-255 .. 2^256; so where
 * the true root is nearer to s than 31/64, no other double can be pow's result. `prototype roots` compares. */
MV_INLINE double mvp_root(double x)
{
#if defined MVP_POW
    return pow(x, mvp_half);
#elif defined MVP_SQRT
    return root_of(x);
#else
    const uint64_t implicit = (uint64_t)1 << 52;
    double s = root_of(x);
    uint64_t bits = mv_double_bits(x), power = bits << 52; /* the mantissa, modulo 2^64 */
    uint64_t root = (mv_double_bits(s) & (implicit - 1)) | implicit;
    uint64_t r = (bits & implicit ? power : power + power) - root * root; /* an odd biased exponent is an even power */
    uint64_t near = root - (root >> 5); /* 2 * 31/64 * root */
    if (MV_LIKELY(r + near < 2 * near && bits - ((uint64_t)(0x3FF - 255) << 52) < (uint64_t)511 << 52))
        return s;
    return mvp_root_slow(x);
#endif
}
#define ROOT(x) mvp_root(x)

int mvp_check_roots(int count)
{
    uint64_t state = 0x9E3779B97F4A7C15u;
    int wrong = 0, differ = 0;
    for (int i = 0; i < count; i++) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        double x = mv_bits_double((state >> 12) | (uint64_t)(0x3FF - 8 + (state >> 2 & 15)) << 52);
        double p = pow(x, mvp_half);
        wrong += mvp_root(x) != p;
        differ += __builtin_sqrt(x) != p;
    }
    printf("roots: %d of %d differ from pow, those of sqrt in %d\n", wrong, count, differ);
    return wrong != 0;
}

/* registers: 0 self (here the list), 1 dt */
MVP_COMPILED MvValue mvp_advance(MvVM *vm, MvValue *base)
{
    const MvValue *k = CONSTANTS();
    FLOAT_BIAS();
    MvValue bodies = FIELD(base[0], 0); /* self.bodies */
    double dt = mvp_double(base[1]);
    GUARD_LIST(bodies);
    MvValue count = INT(MV_CAST(MvList, bodies)->length);
    for (MvValue i = 0; (int64_t)i < (int64_t)count; i += INT(1)) {
        MvValue a = *mvp_item(bodies, i);
        GUARD_SHAPE(a, SHAPE_BODY);
        double ax = mvp_double(FIELD(a, X)), ay = mvp_double(FIELD(a, Y)), az = mvp_double(FIELD(a, Z));
        double amass = mvp_double(FIELD(a, MASS));
#ifndef MVP_SEPARATE
        double avx = mvp_double(FIELD(a, VX)), avy = mvp_double(FIELD(a, VY)), avz = mvp_double(FIELD(a, VZ));
#endif
        for (MvValue j = i + INT(1); (int64_t)j < (int64_t)count; j += INT(1)) {
            MvValue b = *mvp_item(bodies, j);
            GUARD_SHAPE(b, SHAPE_BODY);
#ifdef MVP_SEPARATE
            double bx = mvp_double(FIELD(b, X)), by = mvp_double(FIELD(b, Y)), bz = mvp_double(FIELD(b, Z));
            double bmass = mvp_double(FIELD(b, MASS));
#else
            GUARD(a != b);
            MvValue w[] = {FIELD(b, X),  FIELD(b, Y),  FIELD(b, Z), FIELD(b, MASS),
                           FIELD(b, VX), FIELD(b, VY), FIELD(b, VZ)};
            GUARD_FLOATS(w[0] & w[1] & w[2] & w[3] & w[4] & w[5] & w[6]);
            double bx = mvp_bare(w[0]), by = mvp_bare(w[1]), bz = mvp_bare(w[2]), bmass = mvp_bare(w[3]);
            double bvx = mvp_bare(w[4]), bvy = mvp_bare(w[5]), bvz = mvp_bare(w[6]);
#endif
            double dx = ax - bx, dy = ay - by, dz = az - bz;
            double squared = dx * dx + dy * dy + dz * dz;
            GUARD(squared >= 0); /* a negative base gives a complex number, which is not in Mini */
            double divisor = squared * ROOT(squared);
            GUARD(divisor != 0); /* ZeroDivisionError */
            double magnitude = dt / divisor;
#ifdef MVP_SEPARATE
            mvp_store_double(vm, a, VX, mvp_double(FIELD(a, VX)) - dx * bmass * magnitude);
            mvp_store_double(vm, a, VY, mvp_double(FIELD(a, VY)) - dy * bmass * magnitude);
            mvp_store_double(vm, a, VZ, mvp_double(FIELD(a, VZ)) - dz * bmass * magnitude);
            mvp_store_double(vm, b, VX, mvp_double(FIELD(b, VX)) + dx * amass * magnitude);
            mvp_store_double(vm, b, VY, mvp_double(FIELD(b, VY)) + dy * amass * magnitude);
            mvp_store_double(vm, b, VZ, mvp_double(FIELD(b, VZ)) + dz * amass * magnitude);
#else
            avx -= dx * bmass * magnitude;
            avy -= dy * bmass * magnitude;
            avz -= dz * bmass * magnitude;
            mvp_store_3_doubles(vm, a, VX, avx, avy, avz);
            bvx += dx * amass * magnitude;
            bvy += dy * amass * magnitude;
            bvz += dz * amass * magnitude;
            mvp_store_3_doubles(vm, b, VX, bvx, bvy, bvz);
#endif
            POLL(vm);
        }
        POLL(vm);
    }
    for (int64_t i = 0; i < MV_CAST(MvList, bodies)->length; i++) {
        MvValue body = MV_CAST(MvList, bodies)->items[i];
        GUARD_SHAPE(body, SHAPE_BODY);
#ifdef MVP_SEPARATE
        mvp_store_double(vm, body, X, mvp_double(FIELD(body, X)) + dt * mvp_double(FIELD(body, VX)));
        mvp_store_double(vm, body, Y, mvp_double(FIELD(body, Y)) + dt * mvp_double(FIELD(body, VY)));
        mvp_store_double(vm, body, Z, mvp_double(FIELD(body, Z)) + dt * mvp_double(FIELD(body, VZ)));
#else
        MvValue w[] = {FIELD(body, X),  FIELD(body, Y),  FIELD(body, Z),
                       FIELD(body, VX), FIELD(body, VY), FIELD(body, VZ)};
        GUARD_FLOATS(w[0] & w[1] & w[2] & w[3] & w[4] & w[5]);
        mvp_store_3_doubles(vm, body, X, mvp_bare(w[0]) + dt * mvp_bare(w[3]), mvp_bare(w[1]) + dt * mvp_bare(w[4]),
                            mvp_bare(w[2]) + dt * mvp_bare(w[5]));
#endif
        POLL(vm);
    }
    return NONE;
}

/* ---- set-up and energy ---- */
#define PI 3.141592653589793
#define SOLAR_MASS (4.0 * PI * PI)
#define DAYS 365.24
#ifdef MVP_SQRT
#define TOLERANCE 1e-12
#else
#define TOLERANCE 0.0 /* CPython's energy to the last bit */
#endif
static const double planets[BODIES][BODY_SLOTS] = {
    {0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0},
    {4.84143144246472090e+00, -1.16032004402742839e+00, -1.03622044471123109e-01, 1.66007664274403694e-03,
     7.69901118419740425e-03, -6.90460016972063023e-05, 9.54791938424326609e-04},
    {8.34336671824457987e+00, 4.12479856412430479e+00, -4.03523417114321381e-01, -2.76742510726862411e-03,
     4.99852801234917238e-03, 2.30417297573763929e-05, 2.85885980666130812e-04},
    {1.28943695621391310e+01, -1.51111514016986312e+01, -2.23307578892655734e-01, 2.96460137564761618e-03,
     2.37847173959480950e-03, -2.96589568540237556e-05, 4.36624404335156298e-05},
    {1.53796971148509165e+01, -2.59193146099879641e+01, 1.79258772950371181e-01, 2.68067772490389322e-03,
     1.62824170038242295e-03, -9.51592254519715870e-05, 5.15138902046611451e-05},
};

static double get(MvValue body, int slot)
{
    FLOAT_BIAS();
    return mvp_double(FIELD(body, slot));
}

static void set(MvVM *vm, MvValue body, int slot, double d)
{
    (void)vm;
    FLOAT_BIAS();
    mvp_store_double(vm, body, slot, d);
}

static double energy(const MvValue *bodies)
{
    double total = 0.0;
    for (int i = 0; i < BODIES; i++) {
        MvValue a = bodies[i];
        double vx = get(a, VX), vy = get(a, VY), vz = get(a, VZ);
        total += 0.5 * get(a, MASS) * (vx * vx + vy * vy + vz * vz);
        for (int j = i + 1; j < BODIES; j++) {
            MvValue b = bodies[j];
            double dx = get(a, X) - get(b, X), dy = get(a, Y) - get(b, Y), dz = get(a, Z) - get(b, Z);
            total -= get(a, MASS) * get(b, MASS) / ROOT(dx * dx + dy * dy + dz * dz);
        }
    }
    return total;
}

void mvp_nbody(MvVM *vm, MvValue *base, int inner)
{
    MvObject *self = mv_allocate(vm, OFFSET(1), SHAPE_STATE, MV_KIND_INSTANCE, MV_GC_HAS_POINTERS, 0);
    MvList *list = mv_allocate(vm, sizeof *list, MV_CLASS_LIST, MV_KIND_LIST, MV_GC_HAS_POINTERS, 0);
    MvStore *store =
        mv_allocate(vm, sizeof *store + 8 * BODIES, MV_CLASS_INTERNAL, MV_KIND_STORE, MV_GC_HAS_POINTERS, 0);
    double px = 0, py = 0, pz = 0;
    list->length = list->capacity = store->length = BODIES;
    list->items = store->items;
    FIELD(mv_value(self), 0) = mv_value(list);
    for (int i = 0; i < BODIES; i++) {
        MvValue body =
            mv_value(mv_allocate(vm, OFFSET(BODY_SLOTS), SHAPE_BODY, MV_KIND_INSTANCE, MV_GC_HAS_POINTERS, 0));
        for (int slot = X; slot <= MASS; slot++)
            set(vm, body, slot, planets[i][slot] * (slot == MASS ? SOLAR_MASS : slot >= VX ? DAYS : 1.0));
        list->items[i] = body;
        px += get(body, VX) * get(body, MASS);
        py += get(body, VY) * get(body, MASS);
        pz += get(body, VZ) * get(body, MASS);
    }
    set(vm, list->items[0], VX, 0.0 - px / SOLAR_MASS);
    set(vm, list->items[0], VY, 0.0 - py / SOLAR_MASS);
    set(vm, list->items[0], VZ, 0.0 - pz / SOLAR_MASS);
    for (int i = 0; i < inner; i++) {
        base[0] = mv_value(self);
        base[1] = WORD(0.01);
        mvp_enter(vm, base, UNIT_ADVANCE);
        POLL(vm);
    }
    double total = energy(list->items);
    static const struct { int inner; double energy; } expected[] = {
        {1, -0.16907495402506745}, {200000, -0.16908371256961882}, {250000, -0.1690859889909308}};
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
        if (expected[i].inner == inner) {
            if (fabs(total - expected[i].energy) <= TOLERANCE)
                return;
            fprintf(stderr, "NBody: expected %.17g, got %.17g\n", expected[i].energy, total);
            exit(1);
        }
    fprintf(stderr, "NBody: no energy is known for this size\n");
    exit(2);
}
