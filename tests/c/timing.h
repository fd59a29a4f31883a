/* Does a comparison of digests take a time that tells where they differ? `timing` measures it; attack_codespace.c asks. */
#pragma once
#include "native_sign.h"
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <x86intrin.h>

static int by_value(const void *a, const void *b) { return *(const double *)a < *(const double *)b ? -1 : 1; }

/* Welch's t of the times of two classes of wrong digests: those that differ in the first byte, and in the last one. Both
 * are compared at the same address, as where a digest lies takes its time, too. The upper tenth of the samples
 * (interrupts) is cut off. */
static double timing(bool (*equal)(const uint8_t *, const uint8_t *))
{
    enum { SAMPLES = 40000, EACH = 32 };
    static double times[2][SAMPLES];
    static uint8_t right[MV_SIGN_DIGEST], wrong[2][MV_SIGN_DIGEST], asked[MV_SIGN_DIGEST];
    for (int i = 0; i < MV_SIGN_DIGEST; i++)
        right[i] = wrong[0][i] = wrong[1][i] = (uint8_t)(i * 37);
    wrong[0][0] ^= 1;
    wrong[1][MV_SIGN_DIGEST - 1] ^= 1;
    uint32_t chance = 12345;
    int count[2] = {0, 0};
    while (count[0] < SAMPLES || count[1] < SAMPLES) {
        chance = chance * 1664525 + 1013904223;
        int which = chance >> 31;
        if (count[which] == SAMPLES)
            which = !which;
        memcpy(asked, wrong[which], sizeof asked);
        _mm_mfence();
        unsigned ignored;
        bool any = false;
        uint64_t begin = __rdtscp(&ignored);
        for (int i = 0; i < EACH; i++) {
            any |= equal(right, asked);
            __asm__ volatile("" ::: "memory");
        }
        times[which][count[which]++] = (double)(__rdtscp(&ignored) - begin) + any;
    }
    double mean[2], variance[2];
    int kept = SAMPLES * 9 / 10;
    for (int k = 0; k < 2; k++) {
        qsort(times[k], SAMPLES, sizeof(double), by_value);
        mean[k] = variance[k] = 0;
        for (int i = 0; i < kept; i++)
            mean[k] += times[k][i] / kept;
        for (int i = 0; i < kept; i++)
            variance[k] += (times[k][i] - mean[k]) * (times[k][i] - mean[k]) / (kept - 1);
    }
    double spread = (variance[0] + variance[1]) / kept, difference = mean[0] - mean[1];
    double root = spread > 1e-12 ? spread : 1e-12;
    for (int i = 0; i < 60; i++)
        root = (root + spread / root) / 2;
    return spread ? difference / root : difference ? 1e9 : 0;
}
