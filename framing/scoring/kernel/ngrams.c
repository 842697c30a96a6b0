#include "ngrams.h"

/* Make empty tables of edges; those that stand are left alone where there is no memory. */
static Status make_edges(Ngrams *ngrams, size_t n_slots)
{
    if (n_slots > SIZE_MAX / sizeof(Edge))
        return NO_MEMORY;
    Edge *edges = malloc(n_slots * sizeof(Edge));
    uint8_t *filter = calloc(n_slots, 1);
    if (edges == NULL || filter == NULL) {
        free(edges);
        free(filter);
        return NO_MEMORY;
    }
    for (size_t at = 0; at < n_slots; at++)
        edges[at] = (Edge){0, NONE};
    ngrams->edges = edges;
    ngrams->filter = filter;
    ngrams->n_edge_slots = n_slots;
    return DONE;
}

Status ngrams_open(Ngrams *ngrams, uint32_t n_blocks, size_t expected)
{
    *ngrams = (Ngrams){.n_blocks = n_blocks};
    Status status = make_edges(ngrams, count_slots(expected));
    return status == DONE ? strings_open(&ngrams->tokens, 0) : status;
}

void ngrams_close(Ngrams *ngrams)
{
    strings_close(&ngrams->tokens);
    free(ngrams->edges);
    free(ngrams->filter);
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

static void put_edge(Ngrams *ngrams, Edge edge)
{
    uint64_t hash = hash_number(edge.key);
    *ngrams_probe(ngrams, edge.key, hash) = edge;
    ngrams->filter[filter_place(ngrams, hash)] |= filter_bit(hash);
}

static Status widen(Ngrams *ngrams)
{
    Ngrams old = *ngrams;
    Status status = make_edges(ngrams, 2 * old.n_edge_slots);
    if (status != DONE)
        return status;
    for (size_t at = 0; at < old.n_edge_slots; at++)
        if (old.edges[at].node != NONE)
            put_edge(ngrams, old.edges[at]);
    free(old.edges);
    free(old.filter);
    return DONE;
}

static Status follow_or_add(Ngrams *ngrams, uint32_t token, uint32_t *node)
{
    uint64_t key = edge_key(*node, token), hash = hash_number(key);
    const Edge *edge = ngrams_probe(ngrams, key, hash);
    if (edge->node == NONE) {
        if (2 * (ngrams->n_edges + 1) > ngrams->n_edge_slots && widen(ngrams) != DONE)
            return NO_MEMORY;
        put_edge(ngrams, (Edge){key, ngrams->n_nodes});
        ngrams->n_edges++;
        *node = ngrams->n_nodes;
        return add_node(ngrams);
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
        Key key = copy_key(term + start, end - start);
        uint32_t token = strings_find(&ngrams->tokens, &key, hash_key(&key));
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
