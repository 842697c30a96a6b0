#include "terms.h"

#include "characters.h"
#include "strings.h"

size_t terms_count(const uint8_t *terms, size_t size)
{
    size_t count = size > 0;
    for (size_t at = 0; at < size; at++)
        count += terms[at] == '\n';
    return count;
}

static Status check_utf8(const uint8_t *terms, size_t size)
{
    for (size_t at = 0, width; at < size; at += width)
        if (decode(terms + at, size - at, &width) == BAD_CHARACTER)
            return BAD_UTF8;
    return DONE;
}

size_t terms_count_longer(const uint8_t *terms, size_t size)
{
    size_t count = 0;
    for (size_t at = 0; at < size; at++) {
        if (terms[at] != ' ')
            continue;
        count++;
        while (at + 1 < size && terms[at] != '\n')
            at++;
    }
    return count;
}

static size_t find_end(const uint8_t *terms, size_t size, size_t start)
{
    const uint8_t *end = start < size ? memchr(terms + start, '\n', size - start) : NULL;
    return end == NULL ? size : (size_t)(end - terms);
}

/* Tell whether each term stands after the one before it in the order of their bytes, as the terms
   of most blocks do: then none stands twice. */
static bool rise(const uint8_t *terms, size_t size)
{
    size_t before = 0, before_length = find_end(terms, size, 0);
    while (before + before_length < size) {
        size_t start = before + before_length + 1;
        size_t length = find_end(terms, size, start) - start;
        size_t shared = length < before_length ? length : before_length;
        int order = memcmp(terms + before, terms + start, shared);
        if (order > 0 || (order == 0 && before_length >= length))
            return false;
        before = start;
        before_length = length;
    }
    return true;
}

static Status find_repeats(const uint8_t *terms, size_t size, TermCheck *check)
{
    Strings seen;
    Status status = strings_open(&seen, check->count);
    size_t start = 0;
    for (uint32_t number = 0; number < check->count && status == DONE; number++) {
        size_t end = find_end(terms, size, start);
        uint32_t id = number;
        status = strings_add(&seen, terms + start, end - start, &id);
        check->unique = check->unique && id == number;
        start = end + 1;
    }
    strings_close(&seen);
    return status;
}

Status terms_check(const uint8_t *terms, size_t size, TermCheck *check)
{
    Status status = check_utf8(terms, size);
    *check = (TermCheck){terms_count(terms, size), true};
    if (status != DONE || rise(terms, size))
        return status;
    return find_repeats(terms, size, check);
}
