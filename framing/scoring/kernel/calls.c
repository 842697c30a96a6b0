/* The methods of a Scorer object: from Python's buffers to a batch and back. */
#include "object.h"

#define ROWS_AT_ONCE 1024 /* before a pending interrupt is looked at */

static void set_error(Status status, size_t row)
{
    static const char *const reasons[] = {
        [BAD_UTF8] = "the text is not valid UTF-8",
        [BAD_OFFSETS] = "the offsets are out of order or beyond the data",
        [TOO_LONG] = "the text is longer than 1 GB",
    };
    if (status == NO_MEMORY) {
        PyErr_NoMemory();
        return;
    }
    PyObject *arguments = Py_BuildValue("ns", (Py_ssize_t)row, reasons[status]);
    if (arguments != NULL)
        PyErr_SetObject(TextError, arguments);
    Py_XDECREF(arguments);
}

/* Run a batch to its end with the GIL released; 0, or -1 with an error set. */
static int run(ScorerObject *self, Batch *batch)
{
    while (batch->row < batch->texts.count) {
        size_t left = batch->texts.count - batch->row;
        size_t stop = batch->row + (left < ROWS_AT_ONCE ? left : ROWS_AT_ONCE);
        Status status;
        Py_BEGIN_ALLOW_THREADS
        status = batch_run(batch, stop);
        Py_END_ALLOW_THREADS
        if (status == NEEDS_PAGE) {
            uint32_t page = batch->scratch->document.lowered.page;
            if (fill_page(&self->characters, page) < 0)
                return -1;
            batch->scratch->characters.pages[page] = self->characters.pages[page];
        } else if (status != DONE) {
            set_error(status, batch->row);
            return -1;
        }
        if (PyErr_CheckSignals() < 0)
            return -1;
    }
    return 0;
}

/* Check the column and run the batch on a bench; what it found is left on that. */
static int run_on_bench(ScorerObject *self, Batch *batch, Bench *bench, size_t offsets_size)
{
    size_t row;
    if (column_check(&batch->texts, offsets_size, &row) != DONE) {
        set_error(BAD_OFFSETS, row);
        return -1;
    }
    batch->undone = malloc((batch->texts.count + 1) * sizeof(int64_t));
    if (batch->undone == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    batch->scorer = &self->scorer;
    batch->scratch = &bench->scratch;
    return run(self, batch);
}

static Column make_column(const Py_buffer *offsets, const Py_buffer *bytes, Py_ssize_t first,
                          Py_ssize_t count, int wide)
{
    static const uint8_t nothing[1] = {0};
    const uint8_t *start = bytes->buf == NULL ? nothing : bytes->buf;
    return (Column){offsets->buf, wide != 0, start, (size_t)bytes->len, (size_t)first,
                    (size_t)count};
}

static PyObject *to_bytes(const void *items, size_t size)
{
    return PyBytes_FromStringAndSize(items, (Py_ssize_t)size);
}

PyObject *scorer_score(ScorerObject *self, PyObject *args)
{
    Py_buffer offsets, bytes, out;
    Py_ssize_t first, count;
    int wide;
    if (!PyArg_ParseTuple(args, "y*y*nnpw*", &offsets, &bytes, &first, &count, &wide, &out))
        return NULL;
    Batch batch = {.texts = make_column(&offsets, &bytes, first, count, wide),
                   .scores = out.buf};
    PyObject *undone = NULL;
    Bench *bench = NULL;
    size_t row_size = self->scorer.n_columns * sizeof(double);
    if (first < 0 || count < 0 || (uintptr_t)out.buf % sizeof(double) ||
        (row_size && (size_t)out.len / row_size < (size_t)count))
        PyErr_SetString(PyExc_ValueError, "rows and room for scores do not fit");
    else if ((bench = take_bench(self)) != NULL) {
        if (run_on_bench(self, &batch, bench, (size_t)offsets.len) == 0)
            undone = to_bytes(batch.undone, batch.n_undone * sizeof(int64_t));
        return_bench(self, bench);
    }
    free(batch.undone);
    PyBuffer_Release(&offsets);
    PyBuffer_Release(&bytes);
    PyBuffer_Release(&out);
    return undone;
}

/* Return (bytes of the findings one after another, bytes of the rows undone). */
static PyObject *pack_findings(const Batch *batch)
{
    const Ranking *ranking = batch->ranking;
    PyObject *found = to_bytes(ranking->findings, ranking->n_findings * sizeof(Finding));
    PyObject *undone = to_bytes(batch->undone, batch->n_undone * sizeof(int64_t));
    if (found != NULL && undone != NULL)
        return Py_BuildValue("NN", found, undone);
    Py_XDECREF(found);
    Py_XDECREF(undone);
    return NULL;
}

static bool fit(const Batch *batch, const Py_buffer *indptr, const Py_buffer *first,
                const Py_buffer *second)
{
    size_t n_contrasts = (size_t)first->len / sizeof(int32_t);
    uintptr_t places = (uintptr_t)first->buf | (uintptr_t)second->buf;
    return (size_t)indptr->len == (batch->texts.count + 1) * sizeof(int64_t) &&
           (uintptr_t)indptr->buf % sizeof(int64_t) == 0 && places % sizeof(int32_t) == 0 &&
           first->len == second->len && batch->texts.count < INT32_MAX &&
           batch_requests_are_sound(batch, n_contrasts);
}

PyObject *scorer_find_terms(ScorerObject *self, PyObject *args)
{
    Py_buffer offsets, bytes, indptr, first, second;
    Py_ssize_t start, count, limit;
    int wide;
    if (!PyArg_ParseTuple(args, "y*y*nnpy*y*y*n", &offsets, &bytes, &start, &count, &wide,
                          &indptr, &first, &second, &limit))
        return NULL;
    Batch batch = {.texts = make_column(&offsets, &bytes, start, count, wide),
                   .scorer = &self->scorer, .indptr = indptr.buf, .first = first.buf,
                   .second = second.buf, .limit = (size_t)limit};
    PyObject *found = NULL;
    Bench *bench = NULL;
    if (start < 0 || count < 0 || limit < 0 || limit >= INT32_MAX ||
        !fit(&batch, &indptr, &first, &second))
        PyErr_SetString(PyExc_ValueError, "rows and requests do not fit");
    else if ((bench = take_bench(self)) != NULL) {
        batch.ranking = &bench->ranking;
        bench->ranking.n_findings = 0;
        if (run_on_bench(self, &batch, bench, (size_t)offsets.len) == 0)
            found = pack_findings(&batch);
        return_bench(self, bench);
    }
    free(batch.undone);
    PyBuffer_Release(&offsets);
    PyBuffer_Release(&bytes);
    PyBuffer_Release(&indptr);
    PyBuffer_Release(&first);
    PyBuffer_Release(&second);
    return found;
}
