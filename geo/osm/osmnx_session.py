"""Asking OpenStreetMap's servers through OSMnx: its settings, and what counts as no answer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import requests

from geo.faults import BadInputError, Fault

USER_AGENT = "scicity (study of planned transport links; through OSMnx)"
"""The servers ask every program to name itself and refuse those that do not."""
WITHOUT_INTERNET = (
    "without internet, bring the area as an .osm.pbf file (a regional extract, on a stick) "
    "and run: scicity fetch --osm FILE"
)


@contextmanager
def osmnx_with(**values: Any) -> Iterator[Any]:
    """OSMnx, named as us, with some of its settings changed inside the block only.

    Without a name server OSMnx would ask a third party (DoH); that is off, for it says where we
    go, and where the third party is blocked it takes minutes.
    """
    import osmnx as ox  # noqa: PLC0415 - it takes seconds, and most commands do without it

    changed = {"doh_url_template": None, "http_user_agent": USER_AGENT, **values}
    before = {name: getattr(ox.settings, name) for name in changed}
    try:
        for name, value in changed.items():
            setattr(ox.settings, name, value)
        yield ox
    finally:
        for name, value in before.items():
            setattr(ox.settings, name, value)


def refuse_bad_answer(response: requests.Response, *_: Any, **__: Any) -> None:
    """Stop at whatever is no answer; a response hook of requests.

    OSMnx would wait for ever for a server that says "later" (429, 504), and would only note in its
    log that an answer is a part: a remark is how Overpass says that time or memory ran out.

    Raises
    ------
    requests.RequestException
        For a bad status, for what is not JSON, for a remark and for an answer without elements.
    """
    response.raise_for_status()
    if response.is_redirect or response.url.endswith("/status"):
        return
    try:
        content = response.json()
    except json.JSONDecodeError as error:
        raise requests.RequestException("its answer is not JSON") from error
    if isinstance(content, dict) and "remark" in content:
        raise requests.RequestException(f"it remarks: {content['remark']}")
    searched = "/search" in response.url
    if not isinstance(content if searched else dict(content).get("elements"), list):
        raise requests.RequestException("its answer is not a list")


def is_final(error: requests.RequestException) -> bool:
    """Whether it is of no use to ask again: the server understood and will not.

    Examples
    --------
    >>> refused = requests.Response()
    >>> refused.status_code = 400
    >>> is_final(requests.HTTPError(response=refused)), is_final(requests.ConnectionError())
    (True, False)
    """
    status = 0 if error.response is None else error.response.status_code
    return status in range(400, 500) and status != requests.codes.too_many_requests


def unanswered(
    url: str, error: requests.RequestException, *, where: str, hint: str
) -> BadInputError:
    """What to tell the planner when a server gives no answer.

    Parameters
    ----------
    url
        The server.
    error
        What happened last.
    where
        What was being asked for.
    hint
        How to go on.
    """
    if isinstance(error, requests.Timeout):
        reason = "it did not answer in time"
    elif isinstance(error, requests.ConnectionError):
        reason = "there is no connection to it"
    else:
        reason = str(error)
    return BadInputError([Fault(url, where, "server-no-answer", reason, hint)])
