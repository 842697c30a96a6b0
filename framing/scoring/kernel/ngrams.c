#include "ngrams.h"

static Edge *make_edges(size_t n_slots)
{
    if (n_slots > SIZE_MAX / sizeof(Edge))
        return NULL;
    Edge *edges = malloc(n_slots * sizeof(Edge));
    for (size_t at = 0; edges != NULL && at < n_slots; at++)
        edges[at] = (Edge){0, NONE};
    return edges;
}

Status ngrams_open(Ngrams *ngrams, uint32_t n_blocks, size_t expected)
{
    size_t n_slots = count_slots(expected);
    *ngrams = (Ngrams){
        .edges = make_edges(n_slots), .n_edge_slots = n_slots, .n_blocks = n_blocks};
    if (ngrams->edges == NULL)
        return NO_MEMORY;
    return strings_open(&ngrams->tokens, 0);
}

void ngrams_close(Ngrams *ngrams)
{
    strings_close(&ngrams->tokens);
    free(ngrams->edges);
    free(ngrams->features);
    *ngrams = (Ngrams){0};
}

static Status add_node(Ngrams *ngrams)
{
    size_t end = ((size_t)ngrams->n_nodes + 1) * ngrams->n_blocks;
    if (ngrams->n_nodes + 1 == NONE)
        return TOO_LONG;
    if (grow((void **)&ngrams->features, &ngrams->features_room, end, sizeof(uint32_t)) != DONE)
        return NO_MEMORY;
    for (size_t at = end - ngrams->n_blocks; at < end; at++)
        ngrams->features[at] = NONE;
    ngrams->n_nodes++;
    return DONE;
}

Status ngrams_add_tokens(Ngrams *ngrams, const uint8_t *terms, size_t size)
{
    for (size_t start = 0, end; start < size; start = end + 1) {
        for (end = start; end < size && terms[end] != ' ' && terms[end] != '\n';)
            end++;
        uint32_t id = ngrams->n_nodes;
        Status status = strings_add(&ngrams->tokens, terms + start, end - start, &id);
        if (status == DONE && id == ngrams->n_nodes)
            status = add_node(ngrams);
        if (status != DONE)
            return status;
    }
    return DONE;
}

static Status widen(Ngrams *ngrams)
{
    size_t n_slots = 2 * ngrams->n_edge_slots, mask = n_slots - 1;
    Edge *edges = make_edges(n_slots);
    if (edges == NULL)
        return NO_MEMORY;
    for (size_t old = 0; old < ngrams->n_edge_slots; old++) {
        Edge edge = ngrams->edges[old];
        if (edge.node == NONE)
            continue;
        size_t at = hash_number(edge.key) & mask;
        while (edges[at].node != NONE)
            at = (at + 1) & mask;
        edges[at] = edge;
    }
    free(ngrams->edges);
    ngrams->edges = edges;
    ngrams->n_edge_slots = n_slots;
    return DONE;
}

static Status follow_or_add(Ngrams *ngrams, uint32_t token, uint32_t *node)
{
    uint64_t key = edge_key(*node, token), hash = hash_number(key);
    Edge *edge = ngrams_probe(ngrams, key, hash);
    if (edge->node == NONE) {
        if (2 * (ngrams->n_edges + 1) > ngrams->n_edge_slots) {
            if (widen(ngrams) != DONE)
                return NO_MEMORY;
            edge = ngrams_probe(ngrams, key, hash);
        }
        *edge = (Edge){key, ngrams->n_nodes};
        ngrams->n_edges++;
        Status status = add_node(ngrams);
        if (status != DONE)
            return status;
    }
    *node = edge->node;
    return DONE;
}

static uint32_t count_spaces(const uint8_t *bytes, size_t size)
{
    uint32_t count = 0;
    for (size_t at = 0; at < size; at++)
        count += bytes[at] == ' ';
    return count;
}

static Status add_term(Ngrams *ngrams, uint32_t block, const uint8_t *term, size_t size,
                       uint32_t feature)
{
    uint32_t node = NONE;
    for (size_t start = 0, end; start <= size; start = end + 1) {
        for (end = start; end < size && term[end] != ' ';)
            end++;
        const uint8_t *bytes = term + start;
        uint32_t token =
            strings_find(&ngrams->tokens, bytes, end - start, hash_bytes(bytes, end - start));
        if (token == NONE)
            return DONE; /* an empty token at the very end, which no text holds */
        Status status = node == NONE ? DONE : follow_or_add(ngrams, token, &node);
        if (status != DONE)
            return status;
        node = node == NONE ? token : node;
    }
    ngrams->features[(size_t)node * ngrams->n_blocks + block] = feature;
    return DONE;
}

Status ngrams_add(Ngrams *ngrams, uint32_t block, const uint8_t *terms, size_t size,
                  uint32_t first, uint32_t low, uint32_t high)
{
    uint32_t feature = first;
    for (size_t start = 0, end; start < size; start = end + 1, feature++) {
        for (end = start; end < size && terms[end] != '\n';)
            end++;
        uint32_t n = count_spaces(terms + start, end - start) + 1;
        if (n < low || n > high)
            continue;
        if (n > ngrams->deepest)
            ngrams->deepest = n;
        Status status = add_term(ngrams, block, terms + start, end - start, feature);
        if (status != DONE)
            return status;
    }
    return DONE;
}
