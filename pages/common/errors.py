"""The error pages: for each status a sentence for the user, and a reference number to quote."""

from flask import Flask, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from pages.common import confirming, kept_forms
from pages.common.login import signed_in, signed_out_note, to_sign_in
from pages.common.paths import is_fragment, on_this_site, this_address
from pages.common.problems import Problem

NOTHING_HERE = "The address is wrong, or it belongs to something this lab does not have."
SENTENCES = {
    400: ("This was not understood", "The address or the form is not complete. Nothing has changed."),
    403: ("This is not yours to do", "Your role in this lab does not include it. Nothing has changed."),
    404: ("There is nothing here", NOTHING_HERE),
    405: ("There is nothing here", "This address takes a form that was filled in. Nothing has changed."),
    409: ("That does not go", "Something changed meanwhile. Nothing was done; open the page again."),
    413: ("That is too large", "A file may be up to 25 MB. Nothing was read, and nothing has changed."),
    422: ("This was not accepted", "Nothing has changed."),
    429: ("Too many tries", "Wait a minute, then try again."),
    500: ("Something is wrong on our side", "It has been written down. What you sent may not have been kept."),
}
TOO_OLD = Problem(400, "This form is too old", "Nothing has changed. Open the page again and send it once more.")
SOMEBODY_ELSES = Problem(
    400, "This form is somebody else's", "It was filled in by another user of this browser. Nothing was sent."
)


def _sentence(problem: Problem) -> tuple[str, str]:
    """Title and sentence for the user. The sentence is the API's, except for 404 and 5xx, where the page's own says as much."""
    if problem in (TOO_OLD, SOMEBODY_ELSES) or problem.status == 503:
        return problem.title, problem.detail
    general = SENTENCES.get(problem.status, SENTENCES[500 if problem.status >= 500 else 400])
    return general if problem.status == 404 or problem.status >= 500 else (general[0], problem.detail)


def _retry() -> list[list[str]] | None:
    """The form's fields, to send again with the same key. None for forms that cannot be sent again: files and passwords."""
    return None if request.method != "POST" or request.files else kept_forms.fields_of_request()


def show(problem: Problem) -> ResponseReturnValue:
    """Answer with the problem: as a page, or for htmx as a note at the top of the page."""
    if problem.status == 401:
        return to_sign_in()
    if confirming.is_asked_for(problem):
        return confirming.ask()
    if request.headers.get("X-Quiet"):  # the page can do without this part, such as the counts in the side bar
        return AnyResponse(status=204)
    title, sentence = _sentence(problem)
    words: dict[str, object] = {"title": title, "sentence": sentence, "status": problem.status, "problem": problem}
    words["reference"] = g.get("request_id", "")
    headers = {"Retry-After": str(problem.retry_after)} if problem.retry_after else {}
    if is_fragment(request):
        headers |= {"HX-Retarget": "#ct-problem", "HX-Reswap": "innerHTML show:window:top", "HX-Reselect": "unset"}
        return render_template("problem_note.html", **words), problem.status, headers
    retry = _retry() if problem.status == 503 else None
    back = on_this_site(this_address(request)) if request.method != "GET" else None
    return render_template("problem.html", retry=retry, back=back, **words), problem.status, headers


def init_app(app: Flask) -> None:
    """Register the handlers of all errors that a view may raise."""

    @app.errorhandler(Problem)
    def problem(error: Problem) -> ResponseReturnValue:
        if error.status >= 500:
            app.logger.error("refused with %d: %s", error.status, error.title)
        return show(error)

    @app.errorhandler(CSRFError)
    def forged_or_old(error: CSRFError) -> ResponseReturnValue:
        user, maker = signed_in(), kept_forms.maker()
        if user is None or maker is None:
            return show(TOO_OLD)
        if maker != user.id_number:
            return show(SOMEBODY_ELSES)
        # A form without a valid CSRF token: the user's session ended, and they signed in again in another tab.
        if is_fragment(request):
            return signed_out_note(again=True)
        form = kept_forms.form_of_request()
        return (render_template("send_again.html", form=form), 409) if form else show(TOO_OLD)

    @app.errorhandler(HTTPException)
    def refused(error: HTTPException) -> ResponseReturnValue:
        if error.code is None or error.code < 400:
            return error.get_response()
        if error.code == 500:
            app.logger.error("failed")
        return show(Problem(error.code, *SENTENCES.get(error.code, SENTENCES[500 if error.code >= 500 else 400])))
