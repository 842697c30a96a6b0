#include "words.h"

#include "characters.h"
#include "terms.h"

#define LONGEST_WORD_KEPT 256      /* bytes */
#define MOST_BYTES_KEPT 2000000
#define FURTHEST 8 /* slots that a word may stand from its own; then it takes another's place */

Status char_ngrams_open(CharNgrams *ngrams, const uint8_t *terms, size_t size, uint32_t first,
                        uint32_t low, uint32_t high)
{
    ngrams->low = low;
    ngrams->high = high;
    Status status = strings_open(&ngrams->terms, terms_count(terms, size));
    uint32_t feature = first;
    for (size_t start = 0, end; start < size && status == DONE; start = end + 1, feature++) {
        for (end = start; end < size && terms[end] != '\n';)
            end++;
        uint32_t id = feature;
        status = strings_add(&ngrams->terms, terms + start, end - start, &id);
    }
    return status;
}

void char_ngrams_close(CharNgrams *ngrams)
{
    strings_close(&ngrams->terms);
}

static void forget(Words *words)
{
    memset(words->slots, 0, N_WORD_SLOTS * sizeof(WordSlot));
    words->n_bytes = words->n_features = 0;
}

Status words_open(Words *words)
{
    *words = (Words){.slots = calloc(N_WORD_SLOTS, sizeof(WordSlot))};
    if (words->slots == NULL)
        return NO_MEMORY;
    if (grow((void **)&words->features, &words->features_room, 0, sizeof(uint32_t)) != DONE)
        return NO_MEMORY;
    return grow((void **)&words->bytes, &words->bytes_room, 0, 1);
}

void words_close(Words *words)
{
    free(words->slots);
    free(words->bytes);
    free(words->features);
    free(words->padded);
    free(words->starts);
    *words = (Words){0};
}

/* Put the word between blanks and list where its characters start, and how many they are. */
static Status pad(Words *words, const uint8_t *word, size_t length, size_t *n_characters)
{
    size_t size = length + 2;
    if (grow((void **)&words->padded, &words->padded_room, size + PADDING, 1) != DONE ||
        grow((void **)&words->starts, &words->starts_room, size, sizeof(uint32_t)) != DONE)
        return NO_MEMORY;
    words->padded[0] = words->padded[size - 1] = ' ';
    memcpy(words->padded + 1, word, length);
    memset(words->padded + size, 0, PADDING);
    size_t count = 0;
    for (size_t at = 0; at < size; at++)
        if (!continues(words->padded[at]))
            words->starts[count++] = (uint32_t)at;
    words->starts[count] = (uint32_t)size;
    *n_characters = count;
    return DONE;
}

static Status look_up(Words *words, const CharNgrams *ngrams, size_t start, size_t end)
{
    uint32_t from = words->starts[start];
    Key gram = read_key(words->padded + from, words->starts[end] - from);
    uint32_t feature = strings_find(&ngrams->terms, &gram, hash_key(&gram));
    if (feature == NONE)
        return DONE;
    void **items = (void **)&words->features;
    if (grow(items, &words->features_room, words->n_features, sizeof(uint32_t)) != DONE)
        return NO_MEMORY;
    words->features[words->n_features++] = feature;
    return DONE;
}

/* Append the features of a word: shorter n-grams first, each from left to right. */
static Status append_features(Words *words, const CharNgrams *ngrams, const Key *word)
{
    size_t n_characters = 0;
    Status status = pad(words, word->bytes, word->length, &n_characters);
    if (n_characters < ngrams->low && status == DONE)
        return look_up(words, ngrams, 0, n_characters); /* too short: it counts once, whole */
    for (size_t n = ngrams->low; n <= ngrams->high && n <= n_characters; n++)
        for (size_t start = 0; start + n <= n_characters && status == DONE; start++)
            status = look_up(words, ngrams, start, start + n);
    return status;
}

static Status remember(Words *words, WordSlot *slot, const Key *word, size_t first)
{
    size_t end = words->n_bytes + word->length;
    if (grow((void **)&words->bytes, &words->bytes_room, end, 1) != DONE)
        return NO_MEMORY;
    memcpy(words->bytes + words->n_bytes, word->bytes, word->length);
    *slot = (WordSlot){
        {word->head[0], word->head[1]}, (uint32_t)word->length,
        (uint32_t)words->n_bytes,       (uint32_t)first,
        (uint32_t)(words->n_features - first),
    };
    words->n_bytes = end;
    return DONE;
}

Status words_find(Words *words, const CharNgrams *ngrams, const Key *word, uint64_t hash,
                  const uint32_t **features, size_t *count)
{
    WordSlot *slot = NULL;
    for (size_t step = 0; step < FURTHEST; step++) {
        slot = &words->slots[(hash + step) & (N_WORD_SLOTS - 1)];
        if (slot->length == 0)
            break;
        if (key_equals(word, slot->head, words->bytes + slot->word, slot->length)) {
            *features = words->features + slot->first;
            *count = slot->count;
            return DONE;
        }
        slot = &words->slots[hash & (N_WORD_SLOTS - 1)];
    }
    if (words->n_features > MOST_FEATURES_KEPT || words->n_bytes > MOST_BYTES_KEPT)
        forget(words);
    size_t first = words->n_features;
    Status status = append_features(words, ngrams, word);
    *features = words->features + first;
    *count = words->n_features - first;
    if (status != DONE)
        return status;
    if (word->length <= LONGEST_WORD_KEPT)
        return remember(words, slot, word, first);
    words->n_features = first; /* still there until the next word */
    return DONE;
}
