/* From a text to the weighted features it holds, and to scores.

   Look-ups miss the cache, so each is made in two rounds over a window of pieces: the hashes, which
   ask for the memory, then the comparisons, which find it there. */
#include <math.h>

#include "scorer.h"

#define WINDOW 64
#define AHEAD 16 /* features whose coefficients are asked for before their turn */

static inline size_t least(size_t one, size_t other)
{
    return one < other ? one : other;
}

static Status reach(Walk *walk, uint32_t node, size_t first, size_t past)
{
    if (grow((void **)&walk->items, &walk->room, walk->count, sizeof(Reached)) != DONE)
        return NO_MEMORY;
    walk->items[walk->count++] = (Reached){node, (uint32_t)first, (uint32_t)past};
    return DONE;
}

/* Find each piece among the tokens of the vocabulary. */
static Status find_tokens(Walk *walk, const Ngrams *ngrams, const Document *document,
                          const Pieces *pieces)
{
    uint64_t hashes[WINDOW];
    for (size_t start = 0; start < pieces->count; start += WINDOW) {
        size_t n = least(WINDOW, pieces->count - start);
        for (size_t at = 0; at < n; at++) {
            const Piece *piece = &pieces->items[start + at];
            hashes[at] = hash_bytes(document->lowered + piece->key, piece->length);
            strings_prefetch(&ngrams->tokens, hashes[at]);
        }
        for (size_t at = 0; at < n; at++) {
            const Piece *piece = &pieces->items[start + at];
            const uint8_t *key = document->lowered + piece->key;
            uint32_t token = strings_find(&ngrams->tokens, key, piece->length, hashes[at]);
            walk->tokens[start + at] = walk->nodes[start + at] = token;
            if (token == NONE)
                continue;
            PREFETCH(&ngrams->features[(size_t)token * ngrams->n_blocks]);
            if (reach(walk, token, start + at, start + at + 1) != DONE)
                return NO_MEMORY;
        }
    }
    return DONE;
}

/* Lengthen each (n - 1)-gram that was reached by the token behind it. */
static Status lengthen(Walk *walk, const Ngrams *ngrams, size_t n_pieces, size_t n)
{
    uint64_t keys[WINDOW], hashes[WINDOW];
    size_t starts[WINDOW];
    size_t n_starts = n_pieces - n + 1;
    for (size_t start = 0; start < n_starts;) {
        size_t waiting = 0;
        for (; start < n_starts && waiting < WINDOW; start++) {
            uint32_t prefix = walk->nodes[start], token = walk->tokens[start + n - 1];
            walk->nodes[start] = NONE;
            if (prefix == NONE || token == NONE)
                continue;
            starts[waiting] = start;
            keys[waiting] = edge_key(prefix, token);
            hashes[waiting] = hash_number(keys[waiting]);
            ngrams_prefetch(ngrams, hashes[waiting++]);
        }
        for (size_t at = 0; at < waiting; at++) {
            uint32_t node = ngrams_probe(ngrams, keys[at], hashes[at])->node;
            walk->nodes[starts[at]] = node;
            if (node == NONE)
                continue;
            PREFETCH(&ngrams->features[(size_t)node * ngrams->n_blocks]);
            if (reach(walk, node, starts[at], starts[at] + n) != DONE)
                return NO_MEMORY;
        }
    }
    return DONE;
}

static Status walk_ngrams(Walk *walk, const Ngrams *ngrams, const Document *document, Cut cut)
{
    const Pieces *pieces = &document->pieces[cut];
    void **nodes = (void **)&walk->nodes, **tokens = (void **)&walk->tokens;
    walk->count = 0;
    if (grow(nodes, &walk->nodes_room, pieces->count, sizeof(uint32_t)) != DONE ||
        grow(tokens, &walk->tokens_room, pieces->count, sizeof(uint32_t)) != DONE)
        return NO_MEMORY;
    Status status = find_tokens(walk, ngrams, document, pieces);
    size_t before = 0, now = walk->count;
    for (size_t n = 2; n <= ngrams->deepest && n <= pieces->count && now > before; n++) {
        if (status == DONE)
            status = lengthen(walk, ngrams, pieces->count, n);
        before = now;
        now = walk->count;
    }
    return status;
}

static inline void count(Scratch *scratch, uint32_t feature, uint32_t first, uint32_t *n_touched)
{
    if (scratch->counts[feature]++ == 0)
        scratch->touched[first + (*n_touched)++] = feature;
}

static void count_ngrams(const Scorer *scorer, Scratch *scratch, uint32_t number)
{
    const Block *block = &scorer->blocks[number];
    const Ngrams *ngrams = &scorer->ngrams[block->cut];
    const Walk *walk = &scratch->walks[block->cut];
    uint32_t n_touched = 0;
    for (size_t at = 0; at < walk->count; at++) {
        size_t node = walk->items[at].node;
        uint32_t feature = ngrams->features[node * ngrams->n_blocks + block->place];
        if (feature != NONE)
            count(scratch, feature, block->first, &n_touched);
    }
    scratch->n_touched[number] = n_touched;
}

static Status count_words(const Scorer *scorer, Scratch *scratch, uint32_t number)
{
    const Block *block = &scorer->blocks[number];
    const Document *document = &scratch->document;
    const Pieces *pieces = &document->pieces[WORDS];
    Words *words = &scratch->words[number];
    uint64_t hashes[WINDOW];
    uint32_t n_touched = 0;
    Status status = DONE;
    for (size_t start = 0; start < pieces->count && status == DONE; start += WINDOW) {
        size_t n = least(WINDOW, pieces->count - start);
        for (size_t at = 0; at < n; at++) {
            const Piece *piece = &pieces->items[start + at];
            hashes[at] = hash_bytes(document->lowered + piece->key, piece->length);
            words_prefetch(words, hashes[at]);
        }
        for (size_t at = 0; at < n && status == DONE; at++) {
            const Piece *piece = &pieces->items[start + at];
            const uint32_t *features;
            size_t n_found;
            status = words_find(words, &block->chars, document->lowered + piece->key,
                                piece->length, hashes[at], &features, &n_found);
            for (size_t gram = 0; gram < n_found && status == DONE; gram++)
                count(scratch, features[gram], block->first, &n_touched);
        }
    }
    scratch->n_touched[number] = n_touched;
    return status;
}

/* Turn counts into TF-IDF, and find what makes the block's vector as long as the block weighs. */
static void weigh(const Scorer *scorer, Scratch *scratch, uint32_t number)
{
    const Block *block = &scorer->blocks[number];
    const uint32_t *touched = scratch->touched + block->first;
    double *values = scratch->values + block->first;
    double squares = 0.0;
    for (uint32_t at = 0; at < scratch->n_touched[number]; at++) {
        uint32_t n = scratch->counts[touched[at]];
        double tf = n;
        if (block->sublinear)
            tf = n < N_LOGARITHMS ? scorer->logarithms[n] : 1.0 + log(n);
        values[at] = tf * block->idf[touched[at] - block->first];
        squares += values[at] * values[at];
    }
    scratch->scales[number] = squares > 0.0 ? block->weight / sqrt(squares) : 1.0;
}

Status count_features(const Scorer *scorer, Scratch *scratch, const uint8_t *text, size_t size)
{
    Document *document = &scratch->document;
    Status status =
        document_read(document, &scratch->characters, scorer->wanted, text, size);
    if (status == DONE && scorer->wanted[TOKENS])
        status = walk_ngrams(&scratch->walks[TOKENS], &scorer->ngrams[TOKENS], document, TOKENS);
    if (status == DONE && scorer->wanted[MARKS])
        status = walk_ngrams(&scratch->walks[MARKS], &scorer->ngrams[MARKS], document, MARKS);
    if (status != DONE)
        return status;
    for (uint32_t number = 0; number < scorer->n_blocks && status == DONE; number++) {
        if (scorer->blocks[number].cut == WORDS)
            status = count_words(scorer, scratch, number);
        else
            count_ngrams(scorer, scratch, number);
        weigh(scorer, scratch, number);
    }
    if (status != DONE)
        scratch_clear(scorer, scratch);
    return status;
}

/* Add a multiple of a row to sums, kept in memory: compilers turn this loop into vectors. */
static inline void add_row(double *restrict sums, const float *restrict row, double value,
                           size_t n_columns)
{
    for (size_t column = 0; column < n_columns; column++)
        sums[column] += value * (double)row[column];
}

void add_up(const Scorer *scorer, Scratch *scratch, double *out)
{
    size_t n_columns = scorer->n_columns;
    double *sums = scratch->sums;
    for (size_t column = 0; column < n_columns; column++)
        out[column] = scorer->intercepts[column];
    for (uint32_t number = 0; number < scorer->n_blocks; number++) {
        const uint32_t *touched = scratch->touched + scorer->blocks[number].first;
        const double *values = scratch->values + scorer->blocks[number].first;
        size_t n = scratch->n_touched[number];
        memset(sums, 0, n_columns * sizeof(double));
        for (size_t at = 0; at < n; at++) {
            if (at + AHEAD < n) {
                const float *ahead = scorer->coefficients + touched[at + AHEAD] * n_columns;
                PREFETCH(ahead);
                PREFETCH(ahead + n_columns - 1);
            }
            const float *row = scorer->coefficients + touched[at] * n_columns;
            add_row(sums, row, values[at], n_columns);
        }
        for (size_t column = 0; column < n_columns; column++)
            out[column] += scratch->scales[number] * sums[column];
    }
}

void scratch_clear(const Scorer *scorer, Scratch *scratch)
{
    for (uint32_t number = 0; number < scorer->n_blocks; number++) {
        const uint32_t *touched = scratch->touched + scorer->blocks[number].first;
        for (uint32_t at = 0; at < scratch->n_touched[number]; at++)
            scratch->counts[touched[at]] = 0;
        scratch->n_touched[number] = 0;
    }
}
