/* Features of a word's character n-grams, as scikit-learn's char_wb counts them, remembered. */
#ifndef FRAMING_WORDS_H
#define FRAMING_WORDS_H

#include "strings.h"

/* How much a thread remembers; a test that wants it to forget says less. */
#ifndef N_WORD_SLOTS
#define N_WORD_SLOTS ((size_t)1 << 16)
#endif
#ifndef MOST_FEATURES_KEPT
#define MOST_FEATURES_KEPT 2000000 /* 8 MB */
#endif

/* The n-grams of one block. */
typedef struct {
    Strings terms; /* the id of a term is its feature */
    uint32_t low, high;
} CharNgrams;

typedef struct {
    uint64_t head[2]; /* of the word */
    uint32_t length;  /* of the word; 0 in an empty slot */
    uint32_t word;    /* where it starts in `bytes` */
    uint32_t first, count; /* its features, repeats included, in `features` */
} WordSlot;

/* What one thread remembers; emptied when it is full, so that beyond its bounds only the longest
   word decides its size. */
typedef struct {
    WordSlot *slots;
    uint8_t *bytes;
    size_t n_bytes, bytes_room;
    uint32_t *features;
    size_t n_features, features_room;
    uint8_t *padded; /* the word at hand between blanks, and where its characters start */
    size_t padded_room;
    uint32_t *starts;
    size_t starts_room;
} Words;

Status char_ngrams_open(CharNgrams *ngrams, const uint8_t *terms, size_t size, uint32_t first,
                        uint32_t low, uint32_t high);
void char_ngrams_close(CharNgrams *ngrams);

Status words_open(Words *words);
void words_close(Words *words);

/* Find the features of a word in lower case; what `features` points at holds until the next. */
Status words_find(Words *words, const CharNgrams *ngrams, const Key *word, uint64_t hash,
                  const uint32_t **features, size_t *count);

static inline void words_prefetch(const Words *words, uint64_t hash)
{
    PREFETCH(&words->slots[hash & (N_WORD_SLOTS - 1)]);
}

#endif
