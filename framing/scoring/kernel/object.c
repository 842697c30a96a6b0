/* Making and freeing a Scorer object. */
#include "object.h"

static void free_bench(ScorerObject *self, Bench *bench)
{
    scratch_close(&bench->scratch, &self->scorer);
    ranking_close(&bench->ranking);
    free(bench);
}

Bench *take_bench(ScorerObject *self)
{
    if (self->n_idle > 0)
        return self->idle[--self->n_idle];
    Bench *bench = calloc(1, sizeof(Bench));
    if (bench != NULL && scratch_open(&bench->scratch, &self->scorer) == DONE) {
        bench->scratch.characters = self->characters;
        return bench;
    }
    if (bench != NULL)
        free_bench(self, bench);
    PyErr_NoMemory();
    return NULL;
}

void return_bench(ScorerObject *self, Bench *bench)
{
    if (self->n_idle < MOST_IDLE && bench->scratch.document.lowered.room < MOST_ROOM)
        self->idle[self->n_idle++] = bench;
    else
        free_bench(self, bench);
}

static void scorer_dealloc(PyObject *object)
{
    ScorerObject *self = (ScorerObject *)object;
    PyTypeObject *type = Py_TYPE(object);
    while (self->n_idle > 0)
        free_bench(self, self->idle[--self->n_idle]);
    scorer_close(&self->scorer);
    for (uint32_t page = 0; page < N_PAGES; page++)
        free((void *)(uintptr_t)self->characters.pages[page]);
    for (size_t at = 0; at < self->n_held; at++)
        PyBuffer_Release(&self->held[at]);
    free(self->held);
    type->tp_free(object);
    Py_DECREF(type);
}

/* Hold the memory of `count` numbers of `size` bytes for as long as the object lives. */
static const void *hold(ScorerObject *self, PyObject *source, size_t count, size_t size)
{
    Py_buffer *view = &self->held[self->n_held];
    if (PyObject_GetBuffer(source, view, PyBUF_C_CONTIGUOUS) < 0)
        return NULL;
    self->n_held++;
    if ((size_t)view->len == count * size && (uintptr_t)view->buf % size == 0)
        return view->buf;
    PyErr_SetString(PyExc_ValueError, "an array is misshapen or not aligned");
    return NULL;
}

/* Read (cut, low, high, sublinear, weight, first feature, terms, idf) into a block; its terms go
   to `terms`. */
static int read_block(ScorerObject *self, PyObject *item, Block *block, Py_buffer *terms)
{
    int cut, sublinear;
    unsigned int low, high;
    Py_ssize_t first;
    PyObject *idf;
    if (!PyArg_ParseTuple(item, "iIIpdny*O;a block is a tuple of 8", &cut, &low, &high,
                          &sublinear, &block->weight, &first, terms, &idf))
        return -1;
    size_t size = 0;
    for (Py_ssize_t at = 0; at < terms->len; at++)
        size += ((const char *)terms->buf)[at] == '\n';
    size += terms->len > 0;
    uint32_t past = self->scorer.n_features;
    if (cut < 0 || cut >= N_CUTS || low < 1 || high < low || first < 0 || (size_t)first < past ||
        (size_t)first + size >= INT32_MAX || (size_t)terms->len >= NONE) {
        PyErr_SetString(PyExc_ValueError, "a block makes no sense");
        return -1;
    }
    block->cut = (Cut)cut;
    block->low = low;
    block->high = high;
    block->sublinear = sublinear != 0;
    block->first = (uint32_t)first;
    block->size = (uint32_t)size;
    block->idf = hold(self, idf, size, sizeof(double));
    self->scorer.n_features = (uint32_t)((size_t)first + size);
    return block->idf == NULL ? -1 : 0;
}

/* Read the weights, whose rows may be more than the features of the blocks given here. */
static int read_weights(ScorerObject *self, PyObject *coefficients, PyObject *intercepts,
                        Py_ssize_t n_rows)
{
    Scorer *scorer = &self->scorer;
    if (n_rows < (Py_ssize_t)scorer->n_features || n_rows >= INT32_MAX) {
        PyErr_SetString(PyExc_ValueError, "there are fewer coefficients than terms");
        return -1;
    }
    scorer->coefficients =
        hold(self, coefficients, (size_t)n_rows * scorer->n_columns, sizeof(float));
    if (scorer->coefficients == NULL)
        return -1;
    scorer->intercepts = hold(self, intercepts, scorer->n_columns, sizeof(double));
    return scorer->intercepts == NULL ? -1 : 0;
}

/* Read the blocks and add their terms. */
static int build(ScorerObject *self, PyObject *blocks, PyObject *coefficients,
                 PyObject *intercepts, Py_ssize_t n_rows)
{
    Py_ssize_t n_blocks = PyTuple_GET_SIZE(blocks), n_read = 0;
    size_t room = (size_t)n_blocks + 1;
    Py_buffer *views = calloc(room, sizeof(Py_buffer));
    const uint8_t **terms = calloc(room, sizeof(uint8_t *));
    size_t *sizes = calloc(room, sizeof(size_t));
    Status status = views && terms && sizes ? DONE : NO_MEMORY;
    int failed = status != DONE;
    for (; n_read < n_blocks && !failed; n_read++) {
        Py_buffer *view = &views[n_read];
        failed = read_block(self, PyTuple_GET_ITEM(blocks, n_read),
                            &self->scorer.blocks[n_read], view) < 0;
        terms[n_read] = view->buf;
        sizes[n_read] = (size_t)view->len;
    }
    failed = failed || read_weights(self, coefficients, intercepts, n_rows) < 0;
    if (!failed) {
        Py_BEGIN_ALLOW_THREADS
        status = scorer_build(&self->scorer, terms, sizes);
        Py_END_ALLOW_THREADS
    }
    for (Py_ssize_t at = 0; at < n_read; at++)
        PyBuffer_Release(&views[at]);
    free(views);
    free(terms);
    free(sizes);
    if (status != DONE)
        PyErr_SetString(PyExc_MemoryError, "the vocabulary does not fit into memory");
    return failed || status != DONE ? -1 : 0;
}

static PyObject *scorer_new(PyTypeObject *type, PyObject *args, PyObject *keywords)
{
    PyObject *blocks, *coefficients, *intercepts;
    Py_ssize_t n_rows, n_columns;
    if (keywords != NULL && PyDict_GET_SIZE(keywords) > 0) {
        PyErr_SetString(PyExc_TypeError, "arguments are given by place");
        return NULL;
    }
    if (!PyArg_ParseTuple(args, "O!OOnn", &PyTuple_Type, &blocks, &coefficients, &intercepts,
                          &n_rows, &n_columns))
        return NULL;
    Py_ssize_t n_blocks = PyTuple_GET_SIZE(blocks);
    if (n_blocks > 1000 || n_rows < 0 || n_columns < 0 || n_columns >= INT32_MAX) {
        PyErr_SetString(PyExc_ValueError, "the model makes no sense");
        return NULL;
    }
    ScorerObject *self = (ScorerObject *)type->tp_alloc(type, 0);
    if (self == NULL)
        return NULL;
    self->held = calloc((size_t)n_blocks + 2, sizeof(Py_buffer));
    if (self->held == NULL ||
        scorer_open(&self->scorer, (uint32_t)n_blocks, (uint32_t)n_columns) != DONE) {
        PyErr_NoMemory();
        Py_CLEAR(self);
    } else if (fill_page(&self->characters, 0) < 0 ||
               build(self, blocks, coefficients, intercepts, n_rows) < 0) {
        Py_CLEAR(self);
    }
    return (PyObject *)self;
}

static PyMethodDef methods[] = {
    {"score", (PyCFunction)scorer_score, METH_VARARGS,
     "score(offsets, bytes, first, count, wide, out) -> rows that were not scored"},
    {"find_terms", (PyCFunction)scorer_find_terms, METH_VARARGS,
     "find_terms(offsets, bytes, first, count, wide, indptr, first, second, limit)"
     " -> (the columns of the terms, as bytes; rows that were not looked at)"},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot slots[] = {
    {Py_tp_new, scorer_new},
    {Py_tp_dealloc, scorer_dealloc},
    {Py_tp_methods, methods},
    {Py_tp_doc, "Scorer(blocks, coefficients, intercepts, n_rows, n_columns)"},
    {0, NULL},
};

PyType_Spec scorer_spec = {
    .name = "framing.scoring._kernel.Scorer",
    .basicsize = sizeof(ScorerObject),
    .flags = Py_TPFLAGS_DEFAULT,
    .slots = slots,
};
