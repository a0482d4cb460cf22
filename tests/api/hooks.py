"""What a schema cannot say about a request: which ids there are, that a moment lies in the future, what a cursor is.

Only requests that are meant to be right are completed. Of those that are meant to be wrong, texts are trimmed as the server does it:
one that is too long by its blanks alone is not wrong.
"""

import base64
import os
import uuid

import schemathesis

MEMBER = os.environ["HEARBACK_MEMBER"]
BLANK = "\t\n\v\f\r \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"


def cursor(path):
    """A cursor as the list at that path gives it."""
    if path.endswith(("/messages", "/announcements")):
        text = "after 1"
    elif path.endswith("/queue"):
        text = f"due 1767225600000 {uuid.UUID(int=1)}"
    else:
        text = f"id {uuid.UUID(int=1)}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def complete_query(path, query):
    if query.get("cursor") is not None:
        query["cursor"] = cursor(path)
    # One of the three at most.
    given = [name for name in ("cursor", "before_seq", "after_seq") if query.get(name) is not None]
    for name in given[1:]:
        del query[name]


def complete_body(body):
    if body.get("assignee") is not None:
        body["assignee"] = MEMBER
    if body.get("team") is not None:
        body["team"] = [MEMBER] if body["team"] else []
    # Of a restricted project only its team can be assigned a conversation.
    if body.get("restricted"):
        body["restricted"] = False
    if body.get("time_zone") is not None:
        body["time_zone"] = "Europe/Vienna"
    # The moment and the state of being set aside go together.
    if body.get("snooze_until") is not None or body.get("status") == "snoozed":
        body["status"], body["snooze_until"] = "snoozed", "2099-01-01T09:00:00Z"


def trimmed(value):
    if isinstance(value, list):
        return [trimmed(item) for item in value]
    return value.strip(BLANK) if isinstance(value, str) else value


@schemathesis.hook
def before_call(context, case, kwargs):
    if case.meta is None or case.meta.generation.mode.is_negative:
        if isinstance(case.body, dict):
            case.body = {name: trimmed(value) for name, value in case.body.items()}
        return
    path = case.operation.path
    if case.query:
        complete_query(path, case.query)
    if path.endswith("/import"):
        case.body = "name,email\nAda,ada@mail.example\n"
    elif isinstance(case.body, dict):
        complete_body(case.body)
