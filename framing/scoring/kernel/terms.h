/* Packed vocabularies: terms as UTF-8, one behind another, with a line feed between. */
#ifndef FRAMING_TERMS_H
#define FRAMING_TERMS_H

#include "status.h"

typedef struct {
    size_t count;
    bool unique;
} TermCheck;

size_t terms_count(const uint8_t *terms, size_t size);

/* Count the terms that hold a blank. */
size_t terms_count_longer(const uint8_t *terms, size_t size);

/* Count terms, and tell whether each stands once; BAD_UTF8 where they are no text. */
Status terms_check(const uint8_t *terms, size_t size, TermCheck *check);

#endif
