"""The headers of every answer that tell a browser what it may do with a page, and the one that tells tasks apart."""

import hmac
import socket

from flask import Flask, Response, g, request

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data:",  # Tabler draws the arrow of a select as a data: image
        "style-src 'self'",
        "script-src 'self'",
        "object-src 'none'",
        "frame-ancestors 'none'",
        "form-action 'self'",
        "base-uri 'none'",
    )
)
# WebAssembly reads barcodes where the browser cannot (camera.js). Only pages with a scan field may run it.
POLICY_OF_SCANNING = CONTENT_SECURITY_POLICY.replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'")
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
TASK = "X-Chemtrack-Task"
A_YEAR = "max-age=31556926; includeSubDomains"


def init_app(app: Flask, https: bool) -> None:
    """Send the headers. With `https`, tell browsers to use only HTTPS for a year (RFC 6797)."""

    def scans() -> str:
        """Called by the template of a scan field, so that this page may run WebAssembly; gives no text."""
        g.scans = True
        return ""

    app.jinja_env.globals["scans"] = scans
    # Tells one task of the page from another, to tests/deployed and in a report of a fault. It is signed with a key, because
    # the name of a task's host says its address in the private subnets.
    task = hmac.digest(str(app.secret_key).encode(), f"task {socket.gethostname()}".encode(), "sha256").hex()[:8]

    @app.after_request
    def add(response: Response) -> Response:
        if g.get("scans"):
            response.headers["Content-Security-Policy"] = POLICY_OF_SCANNING
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        response.headers[TASK] = task
        if https and request.is_secure:  # a browser heeds the header over HTTPS only
            response.headers["Strict-Transport-Security"] = A_YEAR
        return response
