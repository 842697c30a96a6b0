/* The extension module framing.scoring._kernel. */
#include "object.h"
#include "terms.h"

PyObject *TextError;

static uint32_t classify(Py_UCS4 character)
{
    if (character == 0x130 || character == 0x3A3)
        return IS_CONTEXTUAL; /* a capital I with a dot, a capital sigma */
    Py_UCS4 lower = Py_UNICODE_TOLOWER(character);
    uint32_t entry = lower;
    if (Py_UNICODE_ISALNUM(lower) || lower == '_')
        entry |= LOWER_IS_WORD;
    else if (Py_UNICODE_ISSPACE(lower))
        entry |= LOWER_IS_SPACE;
    return Py_UNICODE_ISALNUM(character) ? entry | IS_ALPHANUMERIC : entry;
}

int fill_page(Characters *characters, uint32_t page)
{
    if (characters->pages[page] != NULL)
        return 0;
    uint32_t *entries = malloc(256 * sizeof(uint32_t));
    if (entries == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    for (uint32_t at = 0; at < 256; at++)
        entries[at] = classify(page << 8 | at);
    characters->pages[page] = entries;
    return 0;
}

static PyObject *check_terms(PyObject *module, PyObject *argument)
{
    (void)module;
    Py_buffer terms;
    TermCheck check = {0};
    if (PyObject_GetBuffer(argument, &terms, PyBUF_SIMPLE) < 0)
        return NULL;
    Status status;
    Py_BEGIN_ALLOW_THREADS
    status = terms_check(terms.buf, (size_t)terms.len, &check);
    Py_END_ALLOW_THREADS
    PyBuffer_Release(&terms);
    if (status == NO_MEMORY)
        return PyErr_NoMemory();
    if (status == TOO_LONG) {
        PyErr_SetString(PyExc_OverflowError, "a vocabulary of over 4 GB");
        return NULL;
    }
    PyObject *sound = status == DONE ? Py_True : Py_False;
    PyObject *unique = check.unique ? Py_True : Py_False;
    return Py_BuildValue("nOO", (Py_ssize_t)check.count, sound, unique);
}

static PyObject *describe_character(PyObject *module, PyObject *argument)
{
    (void)module;
    unsigned long code = PyLong_AsUnsignedLong(argument);
    if (PyErr_Occurred())
        return NULL;
    if (code > 0x10FFFF) {
        PyErr_SetString(PyExc_ValueError, "not a code point");
        return NULL;
    }
    uint32_t entry = classify((Py_UCS4)code);
    return Py_BuildValue("kOOOO", (unsigned long)(entry & LOWER_MASK),
                         entry & LOWER_IS_WORD ? Py_True : Py_False,
                         entry & LOWER_IS_SPACE ? Py_True : Py_False,
                         entry & IS_ALPHANUMERIC ? Py_True : Py_False,
                         entry & IS_CONTEXTUAL ? Py_True : Py_False);
}

static PyMethodDef functions[] = {
    {"check_terms", check_terms, METH_O,
     "check_terms(packed) -> (number of terms, whether they are UTF-8, whether each is once)"},
    {"describe_character", describe_character, METH_O,
     "describe_character(code) -> (lower, lower is word, lower is space, alphanumeric, contextual)"},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "framing.scoring._kernel",
    .m_doc = "Scores of texts by TF-IDF and linear weights.", .m_size = -1,
    .m_methods = functions,
};

PyMODINIT_FUNC PyInit__kernel(void)
{
    PyObject *module = PyModule_Create(&definition);
    if (module == NULL)
        return NULL;
    PyObject *scorer = PyType_FromSpec(&scorer_spec);
    TextError = PyErr_NewExceptionWithDoc("framing.scoring._kernel.TextError",
                                          "A text that cannot be read: (row, reason).",
                                          PyExc_ValueError, NULL);
    if (scorer == NULL || TextError == NULL ||
        PyModule_AddObjectRef(module, "Scorer", scorer) < 0 ||
        PyModule_AddObjectRef(module, "TextError", TextError) < 0)
        Py_CLEAR(module);
    Py_XDECREF(scorer);
    return module;
}
