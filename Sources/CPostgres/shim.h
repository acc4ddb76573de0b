// libpq (Debian's libpq5), found with dlopen(3) once a database is configured. It is not linked: it
// brings Kerberos and LDAP into a process, and most have no database. The declarations are those of
// libpq-fe.h, so that a build needs nothing of PostgreSQL's; a test compares them with the header.
#pragma once
#include <dlfcn.h>
#include <stddef.h>

typedef struct pg_conn PGconn;
typedef struct pg_result PGresult;
typedef void (*PQnoticeReceiver)(void *argument, const PGresult *result);

// Of libpq's enums, what is asked for here: they only ever grow at their end.
enum {
    libpq_polling_reading = 1,  // PGRES_POLLING_READING
    libpq_polling_writing = 2,
    libpq_polling_ok = 3,
    libpq_command_ok = 1,  // PGRES_COMMAND_OK
    libpq_tuples_ok = 2,
    libpq_fatal_error = 7,
    libpq_pipeline_sync = 10,
    libpq_pipeline_aborted = 11,
    libpq_sqlstate = 'C',  // PG_DIAG_SQLSTATE
    libpq_message_primary = 'M',
};

// PQconninfoOption: a keyword of a connection and its value, NULL for none. The last of a list has
// no keyword.
struct libpq_option {
    char *_Nullable keyword;
    char *_Nullable variable;
    char *_Nullable fallback;
    char *_Nullable value;
    char *_Nullable label;
    char *_Nullable kind;
    int size;
};

// A test that includes the header compares functions by its type, and the two layouts.
#ifdef LIBPQ_FE_H
typedef PQconninfoOption libpq_option;
#else
typedef struct libpq_option libpq_option;
#endif

struct libpq {
    PGconn *_Nullable (*_Nonnull PQconnectStartParams)(
        const char *_Nullable const *_Nonnull keywords,
        const char *_Nullable const *_Nonnull values, int expand_dbname);
    unsigned int (*_Nonnull PQconnectPoll)(PGconn *_Nonnull connection);
    libpq_option *_Nullable (*_Nonnull PQconninfo)(PGconn *_Nonnull connection);
    void (*_Nonnull PQconninfoFree)(libpq_option *_Nonnull options);
    void (*_Nonnull PQfinish)(PGconn *_Nonnull connection);
    char *_Nonnull (*_Nonnull PQerrorMessage)(const PGconn *_Nonnull connection);
    int (*_Nonnull PQsocket)(const PGconn *_Nonnull connection);
    int (*_Nonnull PQsetnonblocking)(PGconn *_Nonnull connection, int is_nonblocking);
    PQnoticeReceiver _Nonnull (*_Nonnull PQsetNoticeReceiver)(
        PGconn *_Nonnull connection, PQnoticeReceiver _Nonnull receiver, void *_Nullable argument);

    int (*_Nonnull PQenterPipelineMode)(PGconn *_Nonnull connection);
    int (*_Nonnull PQpipelineSync)(PGconn *_Nonnull connection);
    int (*_Nonnull PQsendPrepare)(
        PGconn *_Nonnull connection, const char *_Nonnull name, const char *_Nonnull query,
        int count, const unsigned int *_Nullable types);
    int (*_Nonnull PQsendQueryPrepared)(
        PGconn *_Nonnull connection, const char *_Nonnull name, int count,
        const char *_Nullable const *_Nullable values, const int *_Nullable lengths,
        const int *_Nullable formats, int result_format);
    int (*_Nonnull PQflush)(PGconn *_Nonnull connection);
    int (*_Nonnull PQconsumeInput)(PGconn *_Nonnull connection);
    int (*_Nonnull PQisBusy)(PGconn *_Nonnull connection);
    PGresult *_Nullable (*_Nonnull PQgetResult)(PGconn *_Nonnull connection);

    void (*_Nonnull PQclear)(PGresult *_Nonnull result);
    unsigned int (*_Nonnull PQresultStatus)(const PGresult *_Nonnull result);
    char *_Nullable (*_Nonnull PQresultErrorField)(const PGresult *_Nonnull result, int field);
    char *_Nonnull (*_Nonnull PQcmdStatus)(PGresult *_Nonnull result);
    int (*_Nonnull PQntuples)(const PGresult *_Nonnull result);
    int (*_Nonnull PQnfields)(const PGresult *_Nonnull result);
    int (*_Nonnull PQgetisnull)(const PGresult *_Nonnull result, int row, int column);
    int (*_Nonnull PQgetlength)(const PGresult *_Nonnull result, int row, int column);
    char *_Nonnull (*_Nonnull PQgetvalue)(const PGresult *_Nonnull result, int row, int column);
};

#define LIBPQ_FUNCTIONS(each)                                                                      \
    each(PQconnectStartParams) each(PQconnectPoll) each(PQconninfo) each(PQconninfoFree)           \
    each(PQfinish)                                                                                 \
    each(PQerrorMessage) each(PQsocket) each(PQsetnonblocking) each(PQsetNoticeReceiver)           \
    each(PQenterPipelineMode) each(PQpipelineSync) each(PQsendPrepare) each(PQsendQueryPrepared)   \
    each(PQflush) each(PQconsumeInput) each(PQisBusy) each(PQgetResult) each(PQclear)              \
    each(PQresultStatus) each(PQresultErrorField) each(PQcmdStatus) each(PQntuples)                \
    each(PQnfields) each(PQgetisnull) each(PQgetlength) each(PQgetvalue)

// Fills `library` with the functions of a shared library. Returns NULL, or the name of what is not
// there: the library's own, or that of a function, which an older version may lack. What it found
// stays in the process until its end.
static inline const char *_Nullable libpq_find(
    struct libpq *_Nonnull library, const char *_Nonnull name) {
    void *handle = dlopen(name, RTLD_NOW | RTLD_LOCAL);
    if (!handle) return name;
#define LIBPQ_FIND(function)                                                                       \
    library->function = (__typeof__(library->function))dlsym(handle, #function);                   \
    if (!library->function) return #function;
    LIBPQ_FUNCTIONS(LIBPQ_FIND)
#undef LIBPQ_FIND
    return NULL;
}
