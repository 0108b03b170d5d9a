#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static enum MHD_Result lamp(void *cls, struct MHD_Connection *connection, const char *url,
                            const char *method, const char *version, const char *data,
                            size_t *size, void **state)
{
    static char page[] = "the lamp is lit\n";
    struct MHD_Response *response =
        MHD_create_response_from_buffer(strlen(page), page, MHD_RESPMEM_PERSISTENT);
    enum MHD_Result result = MHD_queue_response(connection, MHD_HTTP_OK, response);
    MHD_destroy_response(response);
    return result;
}

int main(void)
{
    const char *port = getenv("PORT");
    if (!MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD, port ? atoi(port) : 8080,
                          NULL, NULL, &lamp, NULL, MHD_OPTION_END))
        return 1;
    for (;;)
        pause();
}
