/* The terms of a text that speak most for a label: what explanation.py ranks, in one pass. */
#ifndef FRAMING_EVIDENCE_H
#define FRAMING_EVIDENCE_H

#include "scorer.h"

/* What is asked of one text: for each contrast, the terms that raise the score of column `first`
   over that of `second`, or by itself where that is -1. */
typedef struct {
    const int32_t *first, *second; /* (count,) */
    size_t count, limit;
    int32_t row, contrast; /* the text's row, and the number of its first contrast among all */
} Request;

typedef struct {
    int32_t row, contrast;
    uint32_t char_start, char_end, byte_start, byte_end;
    double weight;
} Finding;

/* A term is the stretches of a text that read alike in lower case; the first says where it is. */
typedef struct {
    uint32_t key, length; /* in the lower-case text */
    uint32_t char_start, char_end, byte_start, byte_end;
} Term;

typedef struct {
    uint32_t tag, term, stamp; /* of an older stamp: an empty slot */
} TermSlot;

/* What one thread works with. */
typedef struct {
    double *gains; /* (distinct features, contrasts): one occurrence's part in each score */
    size_t gains_room;
    double *sums; /* (contrasts,) of the occurrence at hand */
    size_t sums_room;
    Term *terms;
    size_t n_terms, terms_room;
    double *weights; /* (n_terms, contrasts) */
    size_t weights_room;
    TermSlot *slots;
    size_t n_slots;
    uint32_t stamp;
    uint32_t *best; /* (limit,) terms, the strongest first */
    size_t best_room;
    Finding *findings;
    size_t n_findings, findings_room;
} Ranking;

void ranking_close(Ranking *ranking);

/* Append the findings of the text whose features were just counted, by contrast, the strongest
   first; the counts are used up. */
Status rank_terms(const Scorer *scorer, Scratch *scratch, Ranking *ranking,
                  const Request *request);

#endif
