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

Status terms_check(const uint8_t *terms, size_t size, TermCheck *check)
{
    Strings seen;
    Status status = check_utf8(terms, size);
    if (status != DONE)
        return status;
    *check = (TermCheck){terms_count(terms, size), true};
    status = strings_open(&seen);
    size_t start = 0;
    for (uint32_t number = 0; number < check->count && status == DONE; number++) {
        size_t end = start;
        while (end < size && terms[end] != '\n')
            end++;
        uint32_t id = number;
        status = strings_add(&seen, terms + start, end - start, &id);
        check->unique = check->unique && id == number;
        start = end + 1;
    }
    strings_close(&seen);
    return status;
}
