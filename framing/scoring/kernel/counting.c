/* From a text to the weighted features it holds, and to scores.

   Look-ups miss the cache, so each is made in two rounds over a window of pieces: the hashes, which
   ask for the memory, then the comparisons, which find it there. */
#include <math.h>

#include "scorer.h"

#define WINDOW 64
#define MOST_SUMS 8 /* columns that are added up in registers */
#define AHEAD 16 /* features whose coefficients are asked for before their turn */

/* An n-gram that may be a node of the trie, and the piece that it starts with. */
typedef struct {
    uint64_t key, hash;
    size_t start;
} Waiting;

static inline size_t least(size_t one, size_t other)
{
    return one < other ? one : other;
}

static Key take_key(const Document *document, Cut cut, Piece piece)
{
    return cut == MARKS ? document_mark(document, piece) : document_key(document, piece);
}

/* Find each piece among the tokens of the vocabulary. */
static void find_tokens(Walk *walk, const Ngrams *ngrams, const Document *document, Cut cut)
{
    const Pieces *pieces = &document->pieces[cut];
    Key keys[WINDOW];
    uint64_t hashes[WINDOW];
    for (size_t start = 0; start < pieces->count; start += WINDOW) {
        size_t n = least(WINDOW, pieces->count - start);
        for (size_t at = 0; at < n; at++) {
            keys[at] = take_key(document, cut, pieces->items[start + at]);
            hashes[at] = hash_key(&keys[at]);
            strings_prefetch(&ngrams->tokens, hashes[at]);
        }
        for (size_t at = 0; at < n; at++) {
            uint32_t token = strings_find(&ngrams->tokens, &keys[at], hashes[at]);
            walk->tokens[start + at] = walk->nodes[start + at] = token;
            walk->items[walk->count] = (Reached){token, (uint32_t)(start + at), 1};
            walk->count += token != NONE;
        }
    }
}

/* Note which (n - 1)-grams from `start` on may be lengthened by the token behind them, as many as
   a window holds; return how many those are. */
static size_t gather(Walk *walk, const Ngrams *ngrams, size_t *start, size_t n_starts, size_t n,
                     Waiting *waiting)
{
    size_t count = 0, at = *start;
    for (; at < n_starts && count < WINDOW; at++) {
        uint32_t prefix = walk->nodes[at], token = walk->tokens[at + n - 1];
        uint64_t key = edge_key(prefix, token), hash = hash_number(key);
        walk->nodes[at] = NONE;
        waiting[count] = (Waiting){key, hash, at};
        count += (prefix != NONE) & (token != NONE) & ngrams_may_hold(ngrams, hash);
    }
    *start = at;
    return count;
}

/* Lengthen each (n - 1)-gram that was reached by the token behind it. */
static void lengthen(Walk *walk, const Ngrams *ngrams, size_t n_pieces, size_t n)
{
    Waiting waiting[WINDOW];
    size_t n_starts = n_pieces - n + 1;
    for (size_t start = 0; start < n_starts;) {
        size_t count = gather(walk, ngrams, &start, n_starts, n, waiting);
        for (size_t at = 0; at < count; at++)
            ngrams_prefetch(ngrams, waiting[at].hash);
        for (size_t at = 0; at < count; at++) {
            uint32_t node = ngrams_probe(ngrams, waiting[at].key, waiting[at].hash)->node;
            walk->nodes[waiting[at].start] = node;
            walk->items[walk->count] =
                (Reached){node, (uint32_t)waiting[at].start, (uint32_t)n};
            walk->count += node != NONE;
        }
    }
}

static Status make_room(Walk *walk, size_t n_pieces)
{
    void **nodes = (void **)&walk->nodes, **tokens = (void **)&walk->tokens;
    if (grow(nodes, &walk->nodes_room, n_pieces, sizeof(uint32_t)) != DONE ||
        grow(tokens, &walk->tokens_room, n_pieces, sizeof(uint32_t)) != DONE)
        return NO_MEMORY;
    return grow((void **)&walk->items, &walk->room, walk->count + n_pieces, sizeof(Reached));
}

static Status walk_ngrams(Walk *walk, const Ngrams *ngrams, const Document *document, Cut cut)
{
    size_t n_pieces = document->pieces[cut].count, before = 0;
    walk->count = 0;
    Status status = make_room(walk, n_pieces);
    if (status == DONE)
        find_tokens(walk, ngrams, document, cut);
    for (size_t n = 2; n <= ngrams->deepest && n <= n_pieces && walk->count > before; n++) {
        before = walk->count;
        status = make_room(walk, n_pieces);
        if (status != DONE)
            return status;
        lengthen(walk, ngrams, n_pieces, n);
    }
    return status;
}

static inline void count(Scratch *scratch, uint32_t feature, uint32_t first, uint32_t *n_touched)
{
    scratch->touched[first + *n_touched] = feature;
    *n_touched += scratch->counts[feature]++ == 0;
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
    Key keys[WINDOW];
    uint64_t hashes[WINDOW];
    uint32_t n_touched = 0;
    Status status = DONE;
    for (size_t start = 0; start < pieces->count && status == DONE; start += WINDOW) {
        size_t n = least(WINDOW, pieces->count - start);
        for (size_t at = 0; at < n; at++) {
            keys[at] = document_key(document, pieces->items[start + at]);
            hashes[at] = hash_key(&keys[at]);
            words_prefetch(words, hashes[at]);
        }
        for (size_t at = 0; at < n && status == DONE; at++) {
            const uint32_t *features;
            size_t n_found;
            status =
                words_find(words, &block->chars, &keys[at], hashes[at], &features, &n_found);
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

/* Add up `n` columns from `coefficients` on over the features of a block: their sums stay in
   registers, since every call gives `n` as a constant. */
static inline void add_columns(double *restrict sums, const float *restrict coefficients,
                               size_t n_columns, const uint32_t *touched, const double *values,
                               size_t n_touched, size_t n)
{
    double held[MOST_SUMS] = {0.0};
    for (size_t at = 0; at < n_touched; at++) {
        if (at + AHEAD < n_touched) {
            const float *ahead = coefficients + touched[at + AHEAD] * n_columns;
            PREFETCH(ahead);
            PREFETCH(ahead + n - 1);
        }
        const float *row = coefficients + touched[at] * n_columns;
        for (size_t column = 0; column < n; column++)
            held[column] += values[at] * (double)row[column];
    }
    for (size_t column = 0; column < n; column++)
        sums[column] = held[column];
}

static void add_block(const Scorer *scorer, Scratch *scratch, uint32_t number)
{
    const uint32_t *touched = scratch->touched + scorer->blocks[number].first;
    const double *values = scratch->values + scorer->blocks[number].first;
    size_t n_columns = scorer->n_columns, n_touched = scratch->n_touched[number];
    for (size_t first = 0; first < n_columns; first += MOST_SUMS) {
        double *sums = scratch->sums + first;
        const float *from = scorer->coefficients + first;
#define ADD(n)                                                                                 \
    case n:                                                                                    \
        add_columns(sums, from, n_columns, touched, values, n_touched, n);                     \
        break
        switch (least(n_columns - first, MOST_SUMS)) {
            ADD(1);
            ADD(2);
            ADD(3);
            ADD(4);
            ADD(5);
            ADD(6);
            ADD(7);
            ADD(8);
        }
#undef ADD
    }
}

void add_up(const Scorer *scorer, Scratch *scratch, double *out)
{
    size_t n_columns = scorer->n_columns;
    for (size_t column = 0; column < n_columns; column++)
        out[column] = scorer->intercepts[column];
    for (uint32_t number = 0; number < scorer->n_blocks; number++) {
        add_block(scorer, scratch, number);
        for (size_t column = 0; column < n_columns; column++)
            out[column] += scratch->scales[number] * scratch->sums[column];
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
