#include "evidence.h"

void ranking_close(Ranking *ranking)
{
    free(ranking->gains);
    free(ranking->sums);
    free(ranking->terms);
    free(ranking->weights);
    free(ranking->slots);
    free(ranking->best);
    free(ranking->findings);
    *ranking = (Ranking){0};
}

/* Work out what one occurrence of each feature adds to each contrast, and put the row of `gains`
   where it stands in the place of the feature's count. */
static Status find_gains(const Scorer *scorer, Scratch *scratch, Ranking *ranking,
                         const Request *request)
{
    size_t row = 0;
    for (uint32_t number = 0; number < scorer->n_blocks; number++) {
        const Block *block = &scorer->blocks[number];
        size_t n = scratch->n_touched[number], end = (row + n) * request->count;
        if (grow((void **)&ranking->gains, &ranking->gains_room, end, sizeof(double)) != DONE)
            return NO_MEMORY;
        for (size_t at = 0; at < n; at++, row++) {
            uint32_t feature = scratch->touched[block->first + at];
            double share = scratch->values[block->first + at] * scratch->scales[number] /
                           scratch->counts[feature];
            const float *weights = scorer->coefficients + (size_t)feature * scorer->n_columns;
            double *gains = ranking->gains + row * request->count;
            for (size_t c = 0; c < request->count; c++) {
                gains[c] = share * (double)weights[request->first[c]];
                if (request->second[c] >= 0)
                    gains[c] -= share * (double)weights[request->second[c]];
            }
            scratch->counts[feature] = (uint32_t)row;
        }
    }
    return DONE;
}

static bool is_alphanumeric(const Characters *characters, const uint8_t *bytes, size_t room)
{
    size_t ignored;
    uint32_t code = decode(bytes, room, &ignored); /* the text was read, so it is sound */
    return characters->pages[code >> 8][code & 0xFF] & IS_ALPHANUMERIC;
}

static uint32_t step_back(const uint8_t *bytes, uint32_t at)
{
    for (at--; continues(bytes[at]);)
        at--;
    return at;
}

static uint32_t step_on(const uint8_t *bytes, uint32_t at)
{
    size_t ignored;
    (void)decode(bytes + at, 4, &ignored);
    return at + (uint32_t)ignored;
}

/* Leave out the punctuation that clings to the term, unless there is nothing else. Each character
   of the text has one of the lower-case text beside it. */
static Term trim(const Scratch *scratch, Term term)
{
    const uint8_t *text = scratch->document.text, *lowered = scratch->document.lowered.bytes;
    const Characters *characters = &scratch->characters;
    Term whole = term;
    uint32_t end = term.key + term.length;
    while (term.byte_start < term.byte_end &&
           !is_alphanumeric(characters, text + term.byte_start,
                            term.byte_end - term.byte_start)) {
        term.byte_start = step_on(text, term.byte_start);
        term.key = step_on(lowered, term.key);
        term.char_start++;
    }
    while (term.byte_start < term.byte_end) {
        uint32_t last = step_back(text, term.byte_end);
        if (is_alphanumeric(characters, text + last, term.byte_end - last))
            break;
        term.byte_end = last;
        end = step_back(lowered, end);
        term.char_end--;
    }
    term.length = end - term.key;
    return term.byte_start < term.byte_end ? term : whole;
}

static Status widen(Ranking *ranking)
{
    size_t n_slots = ranking->n_slots ? 2 * ranking->n_slots : LEAST_SLOTS;
    TermSlot *slots = calloc(n_slots, sizeof(TermSlot));
    if (slots == NULL)
        return NO_MEMORY;
    for (size_t old = 0; old < ranking->n_slots; old++) {
        TermSlot slot = ranking->slots[old];
        if (slot.stamp != ranking->stamp)
            continue;
        size_t at = slot.tag & (n_slots - 1);
        while (slots[at].stamp == ranking->stamp)
            at = (at + 1) & (n_slots - 1);
        slots[at] = slot;
    }
    free(ranking->slots);
    ranking->slots = slots;
    ranking->n_slots = n_slots;
    return DONE;
}

static Status add_term(Ranking *ranking, const Term *term, size_t n_contrasts)
{
    size_t end = (ranking->n_terms + 1) * n_contrasts;
    void **weights = (void **)&ranking->weights;
    if (grow((void **)&ranking->terms, &ranking->terms_room, ranking->n_terms,
             sizeof(Term)) != DONE ||
        grow(weights, &ranking->weights_room, end, sizeof(double)) != DONE)
        return NO_MEMORY;
    for (size_t at = end - n_contrasts; at < end; at++)
        ranking->weights[at] = 0.0;
    ranking->terms[ranking->n_terms++] = *term;
    return DONE;
}

/* Add the sums at hand to the weights of the term that stands here. */
static Status credit(const Scratch *scratch, Ranking *ranking, Term term, size_t n_contrasts)
{
    const uint8_t *lowered = scratch->document.lowered.bytes;
    term = trim(scratch, term);
    if (2 * (ranking->n_terms + 1) > ranking->n_slots && widen(ranking) != DONE)
        return NO_MEMORY;
    Key key = read_key(lowered + term.key, term.length);
    uint32_t tag = (uint32_t)hash_key(&key);
    size_t at = tag & (ranking->n_slots - 1);
    for (;; at = (at + 1) & (ranking->n_slots - 1)) {
        TermSlot *slot = &ranking->slots[at];
        if (slot->stamp != ranking->stamp) {
            *slot = (TermSlot){tag, (uint32_t)ranking->n_terms, ranking->stamp};
            if (add_term(ranking, &term, n_contrasts) != DONE)
                return NO_MEMORY;
            break;
        }
        const Term *known = &ranking->terms[slot->term];
        if (slot->tag == tag && known->length == term.length &&
            memcmp(lowered + known->key, lowered + term.key, term.length) == 0)
            break;
    }
    double *weights = ranking->weights + ranking->slots[at].term * n_contrasts;
    for (size_t c = 0; c < n_contrasts; c++)
        weights[c] += ranking->sums[c];
    return DONE;
}

static void add_gain(Ranking *ranking, size_t row, size_t n_contrasts)
{
    const double *gains = ranking->gains + row * n_contrasts;
    for (size_t c = 0; c < n_contrasts; c++)
        ranking->sums[c] += gains[c];
}

static void clear_sums(Ranking *ranking, size_t n_contrasts)
{
    for (size_t c = 0; c < n_contrasts; c++)
        ranking->sums[c] = 0.0;
}

static Term make_term(const Document *document, Piece first, Piece last)
{
    Place start = document_place(document, first.start), end = document_place(document, last.end);
    return (Term){first.start,   last.end - first.start, start.character,
                  end.character, start.byte,             end.byte};
}

static Status credit_ngrams(const Scorer *scorer, const Scratch *scratch, Ranking *ranking,
                            const Block *block, size_t n_contrasts)
{
    const Ngrams *ngrams = &scorer->ngrams[block->cut];
    const Walk *walk = &scratch->walks[block->cut];
    const Document *document = &scratch->document;
    const Piece *pieces = document->pieces[block->cut].items;
    Status status = DONE;
    for (size_t at = 0; at < walk->count && status == DONE; at++) {
        const Reached *gram = &walk->items[at];
        uint32_t feature =
            ngrams->features[(size_t)gram->node * ngrams->n_blocks + block->place];
        if (feature == NONE)
            continue;
        clear_sums(ranking, n_contrasts);
        add_gain(ranking, scratch->counts[feature], n_contrasts);
        Term term = make_term(document, pieces[gram->first], pieces[gram->first + gram->n - 1]);
        status = credit(scratch, ranking, term, n_contrasts);
    }
    return status;
}

static Status credit_words(Scratch *scratch, Ranking *ranking, const Block *block, Words *words,
                           size_t n_contrasts)
{
    const Document *document = &scratch->document;
    const Pieces *pieces = &document->pieces[WORDS];
    Status status = DONE;
    for (size_t at = 0; at < pieces->count && status == DONE; at++) {
        Piece piece = pieces->items[at];
        Key word = document_key(document, piece);
        const uint32_t *features;
        size_t n_found;
        status = words_find(words, &block->chars, &word, hash_key(&word), &features, &n_found);
        if (status != DONE || n_found == 0)
            continue;
        clear_sums(ranking, n_contrasts);
        for (size_t gram = 0; gram < n_found; gram++)
            add_gain(ranking, scratch->counts[features[gram]], n_contrasts);
        status = credit(scratch, ranking, make_term(document, piece, piece), n_contrasts);
    }
    return status;
}

static bool stands_before(const Ranking *ranking, uint32_t one, uint32_t other, size_t contrast,
                          size_t n_contrasts)
{
    double first = ranking->weights[one * n_contrasts + contrast];
    double second = ranking->weights[other * n_contrasts + contrast];
    return first > second ||
           (first == second &&
            ranking->terms[one].char_start < ranking->terms[other].char_start);
}

/* Append the strongest terms of one contrast; what weighs nothing or less is no evidence. */
static Status report(Ranking *ranking, const Request *request, size_t contrast)
{
    size_t n_best = 0, n_contrasts = request->count;
    for (uint32_t term = 0; term < ranking->n_terms; term++) {
        if (!(ranking->weights[term * n_contrasts + contrast] > 0.0))
            continue;
        size_t at = n_best < request->limit ? n_best++ : request->limit;
        for (; at > 0 && stands_before(ranking, term, ranking->best[at - 1], contrast,
                                       n_contrasts);
             at--)
            if (at < request->limit)
                ranking->best[at] = ranking->best[at - 1];
        if (at < request->limit)
            ranking->best[at] = term;
    }
    for (size_t at = 0; at < n_best; at++) {
        const Term *term = &ranking->terms[ranking->best[at]];
        void **findings = (void **)&ranking->findings;
        if (grow(findings, &ranking->findings_room, ranking->n_findings, sizeof(Finding)) != DONE)
            return NO_MEMORY;
        ranking->findings[ranking->n_findings++] = (Finding){
            request->row,     request->contrast + (int32_t)contrast,
            term->char_start, term->char_end,
            term->byte_start, term->byte_end,
            ranking->weights[ranking->best[at] * n_contrasts + contrast],
        };
    }
    return DONE;
}

static Status begin(Ranking *ranking, const Request *request)
{
    ranking->n_terms = 0;
    if (++ranking->stamp == 0) { /* it went round: no slot may look new */
        memset(ranking->slots, 0, ranking->n_slots * sizeof(TermSlot));
        ranking->stamp = 1;
    }
    void **sums = (void **)&ranking->sums, **best = (void **)&ranking->best;
    if (grow(best, &ranking->best_room, request->limit, sizeof(uint32_t)) != DONE)
        return NO_MEMORY;
    return grow(sums, &ranking->sums_room, request->count, sizeof(double));
}

Status rank_terms(const Scorer *scorer, Scratch *scratch, Ranking *ranking,
                  const Request *request)
{
    Status status = begin(ranking, request);
    if (status == DONE)
        status = document_find_places(&scratch->document);
    if (status == DONE)
        status = find_gains(scorer, scratch, ranking, request);
    for (uint32_t number = 0; number < scorer->n_blocks && status == DONE; number++) {
        const Block *block = &scorer->blocks[number];
        status = block->cut == WORDS
                     ? credit_words(scratch, ranking, block, &scratch->words[number],
                                    request->count)
                     : credit_ngrams(scorer, scratch, ranking, block, request->count);
    }
    for (size_t contrast = 0; contrast < request->count && status == DONE; contrast++)
        status = report(ranking, request, contrast);
    return status;
}
