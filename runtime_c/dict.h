/* The index of a dict's table, in line: for dict.c and dict_table.c alone. */
#pragma once
#include "sequence.h"

#define MV_DICT_MIN_LOG2 3

MV_INLINE uint32_t mv_dict_mask(const MvDictTable *t) { return (uint32_t)(((uint64_t)1 << t->log2_slots) - 1); }
MV_INLINE const void *mv_dict_index(const MvDictTable *t) { return &t->entries[t->capacity]; }
MV_INLINE void *mv_dict_index_mutable(MvDictTable *t) { return &t->entries[t->capacity]; }
/* Entries that the index may stand for: two thirds of the slots. */
MV_INLINE int64_t mv_dict_usable(int log2_slots) { return ((int64_t)2 << log2_slots) / 3; }

/* Small ints keep their order, so that dense ones neither collide nor scatter; the shifted sums bring higher bits
   down. */
MV_INLINE uint64_t mv_dict_first_slot(uint64_t hash) { return hash + (hash >> 8) + (hash >> 16) + (hash >> 32); }
/* The step from slot to slot, odd, and bits that tell keys apart without looking at their entries. */
MV_INLINE uint32_t mv_dict_scatter(uint64_t hash) { return (uint32_t)(hash * 0x9E3779B97F4A7C15u >> 32); }
MV_INLINE uint64_t mv_dict_step(uint32_t scattered) { return scattered | 1; }

/* An index word is 8 << width bits: the entry's number in the low log2_slots bits, bits of the hash above. All ones is
 * an empty slot, one less a deleted one: no entry has a number as high as theirs. */
MV_INLINE uint32_t mv_dict_empty_word(int width) { return UINT32_MAX >> (32 - (8 << width)); }
MV_INLINE uint32_t mv_dict_deleted_word(int width) { return mv_dict_empty_word(width) - 1; }
MV_INLINE uint32_t mv_dict_tag(uint32_t scattered, uint32_t mask, int width)
{
    return scattered & mv_dict_empty_word(width) & ~mask;
}

MV_INLINE uint32_t mv_dict_index_get(const void *index, int width, uint64_t slot)
{
    switch (width) {
    case 0: return ((const uint8_t *)index)[slot];
    case 1: return ((const uint16_t *)index)[slot];
    default: return ((const uint32_t *)index)[slot];
    }
}

MV_INLINE void mv_dict_index_set(void *index, int width, uint64_t slot, uint32_t word)
{
    switch (width) {
    case 0: ((uint8_t *)index)[slot] = (uint8_t)word; break;
    case 1: ((uint16_t *)index)[slot] = (uint16_t)word; break;
    default: ((uint32_t *)index)[slot] = word; break;
    }
}

/* Entries that popitem took off the end since the table was built; kept in the table's padding. */
MV_INLINE int64_t mv_dict_popped(const MvDictTable *t)
{
    uint32_t n;
    memcpy(&n, &t->pad[2], sizeof n);
    return n;
}

MV_INLINE void mv_dict_set_popped(MvDictTable *t, int64_t popped)
{
    uint32_t n = (uint32_t)popped;
    memcpy(&t->pad[2], &n, sizeof n);
}

/* Was the table begun with exact strs as keys, and has held nothing else? CPython gives such a table another layout,
 * and rebuilds it for the first other key. */
MV_INLINE bool mv_dict_has_str_keys(const MvDictTable *t) { return t->pad[0]; }

/* For one more entry. 0: raised; 1: the index is as it was; 2: the table was rebuilt, without gaps. */
int mv_dict_make_room(MvVM *vm, MvDict *dict, bool is_str);
/* Where a key that is absent goes. */
uint64_t mv_dict_vacant_slot(const MvDictTable *table, uint64_t hash);
