/* The Python object around a Scorer, and what its methods share. */
#ifndef FRAMING_OBJECT_H
#define FRAMING_OBJECT_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "batch.h"

#define MOST_IDLE 16
#define MOST_ROOM ((size_t)16 << 20) /* bytes for a text; what read a longer one is not kept */

/* What one thread works with, kept for the next call. */
typedef struct {
    Scratch scratch;
    Ranking ranking;
} Bench;

typedef struct {
    PyObject_HEAD
    Scorer scorer;
    Characters characters;
    Py_buffer *held; /* memory of the idf of each block, of coefficients and of intercepts */
    size_t n_held;
    Bench *idle[MOST_IDLE]; /* touched by whoever holds the GIL */
    size_t n_idle;
} ScorerObject;

extern PyObject *TextError;
extern PyType_Spec scorer_spec;

/* Fill a page of a character table from Python's own data; 0, or -1 with an error set. */
int fill_page(Characters *characters, uint32_t page);

Bench *take_bench(ScorerObject *self);
void return_bench(ScorerObject *self, Bench *bench);

PyObject *scorer_score(ScorerObject *self, PyObject *args);
PyObject *scorer_find_terms(ScorerObject *self, PyObject *args);

#endif
