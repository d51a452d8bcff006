"""A web site on this machine that answers as a test tells it to."""

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

CONTENT = b"%PDF-1.7\n" + bytes(range(256)) * 1200  # comes in several pieces


class Site:
    """What is served at which path, and which paths were asked for."""

    def __init__(self, port):
        self.base = f"http://127.0.0.1:{port}"
        self.answers = {}
        self.asked = []

    def serve(self, path, body=CONTENT, status=200, **headers):
        self.answers[path] = status, body, {name.replace("_", "-"): value for name, value in headers.items()}


@contextmanager
def serving():
    """A site that runs while the test does."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.0"

        def do_GET(self):
            site.asked.append(self.path)
            status, body, headers = site.answers.get(self.path, (404, b"<html>no such file</html>", {}))
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                if value is not None:
                    self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site = Site(server.server_port)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
