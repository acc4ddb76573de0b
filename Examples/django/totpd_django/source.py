"""Where a request comes from: the address that the server saw, for code that has no request."""

import contextvars

SOURCE = contextvars.ContextVar("totpd_source", default=None)


def current_source():
    return SOURCE.get()


class SourceMiddleware:
    """Put it first. Behind a proxy, what replaces REMOTE_ADDR goes before it: a header that the
    client can set is no address."""

    sync_capable = True
    async_capable = False

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        token = SOURCE.set(request.META.get("REMOTE_ADDR") or None)
        try:
            return self.get_response(request)
        finally:
            SOURCE.reset(token)
