/* N-grams of tokens as a trie: a node is reached from its prefix by the next token, exactly.
   Blocks that read the same tokens share one trie; each has its own features on the nodes. */
#ifndef FRAMING_NGRAMS_H
#define FRAMING_NGRAMS_H

#include "strings.h"

typedef struct {
    uint64_t key; /* prefix node << 32 | token */
    uint32_t node; /* NONE in an empty slot */
} Edge;

typedef struct {
    Strings tokens; /* the id of a token is the node of its 1-gram */
    Edge *edges;
    size_t n_edge_slots, n_edges;
    uint8_t *filter; /* (n_edge_slots,) a bit is 0 where no edge has such a hash */
    uint32_t *features; /* (nodes, blocks): NONE where the n-gram is no feature of the block */
    size_t features_room;
    uint32_t n_nodes, n_blocks, deepest;
} Ngrams;

/* Make an empty trie for `n_blocks` blocks, with room for `expected` n-grams of n > 1. */
Status ngrams_open(Ngrams *ngrams, uint32_t n_blocks, size_t expected);
void ngrams_close(Ngrams *ngrams);

/* Add the tokens of newline-separated terms; for every block before any of ngrams_add. */
Status ngrams_add_tokens(Ngrams *ngrams, const uint8_t *terms, size_t size);

/* Make newline-separated terms the features `first`, `first` + 1, ... of a block; those whose
   length is not within low to high are never counted. */
Status ngrams_add(Ngrams *ngrams, uint32_t block, const uint8_t *terms, size_t size,
                  uint32_t first, uint32_t low, uint32_t high);

static inline uint64_t edge_key(uint32_t prefix, uint32_t token)
{
    return (uint64_t)prefix << 32 | token;
}

/* The byte of the filter, and its bit, that stand for a hash. */
static inline size_t filter_place(const Ngrams *ngrams, uint64_t hash)
{
    return hash >> 35 & (ngrams->n_edge_slots - 1);
}

static inline uint8_t filter_bit(uint64_t hash)
{
    return (uint8_t)(1u << (hash >> 32 & 7));
}

/* Tell whether there may be an edge of that hash: most pairs of tokens are none. */
static inline bool ngrams_may_hold(const Ngrams *ngrams, uint64_t hash)
{
    return ngrams->filter[filter_place(ngrams, hash)] & filter_bit(hash);
}

static inline void ngrams_prefetch(const Ngrams *ngrams, uint64_t hash)
{
    PREFETCH(&ngrams->edges[hash & (ngrams->n_edge_slots - 1)]);
}

static inline Edge *ngrams_probe(const Ngrams *ngrams, uint64_t key, uint64_t hash)
{
    size_t mask = ngrams->n_edge_slots - 1;
    for (size_t at = hash & mask;; at = (at + 1) & mask) {
        Edge *edge = &ngrams->edges[at];
        if (edge->node == NONE || edge->key == key)
            return edge;
    }
}

#endif
