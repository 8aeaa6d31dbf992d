"""OSMnx as a client of OpenStreetMap servers: its settings and the handling of bad responses."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import requests

from geo.faults import BadInputError, Fault

USER_AGENT = "scicity (study of planned transport links; through OSMnx)"
"""The servers require a user agent and refuse requests without one."""
WITHOUT_INTERNET = (
    "without internet, bring the area as an .osm.pbf file (a regional extract, on a stick) "
    "and run: scicity fetch --osm FILE"
)


@contextmanager
def osmnx_with(**values: Any) -> Iterator[Any]:
    """OSMnx with our user agent and some settings, which are restored after the block.

    OSMnx resolves host names through a third party (DNS over HTTPS). That is disabled here: it
    discloses which servers are used, and takes minutes where the third party is blocked.
    """
    import osmnx as ox  # noqa: PLC0415 - slow, and most commands do not need it

    settings = {"doh_url_template": None, "http_user_agent": USER_AGENT, **values}
    old = {name: getattr(ox.settings, name) for name in settings}
    try:
        for name, value in settings.items():
            setattr(ox.settings, name, value)
        yield ox
    finally:
        for name, value in old.items():
            setattr(ox.settings, name, value)


def refuse_bad_answer(response: requests.Response, *_: Any, **__: Any) -> None:
    """Raise for every incomplete or failed response; a response hook of requests.

    OSMnx would wait for ever for a server that defers requests (429, 504), and would only log
    that a response is incomplete: Overpass reports exhausted time or memory in a remark.

    Raises
    ------
    requests.RequestException
        For a bad status, a response that is not JSON, a remark, or a response without elements.
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
    is_search = "/search" in response.url
    if not isinstance(content if is_search else dict(content).get("elements"), list):
        raise requests.RequestException("its answer is not a list")


def is_final(error: requests.RequestException) -> bool:
    """Whether a retry is useless, because the server has rejected the request.

    Examples
    --------
    >>> refused = requests.Response()
    >>> refused.status_code = 400
    >>> is_final(requests.HTTPError(response=refused)), is_final(requests.ConnectionError())
    (True, False)
    """
    status = 0 if error.response is None else error.response.status_code
    return status in range(400, 500) and status != requests.codes.too_many_requests


def no_answer_error(
    url: str, error: requests.RequestException, *, where: str, hint: str
) -> BadInputError:
    """The error to raise if a server gives no usable answer.

    Parameters
    ----------
    url
        The server.
    error
        The last exception.
    where
        The item that was requested, for the message.
    hint
        What the user can do.
    """
    if isinstance(error, requests.Timeout):
        reason = "it did not answer in time"
    elif isinstance(error, requests.ConnectionError):
        reason = "there is no connection to it"
    else:
        reason = str(error)
    return BadInputError([Fault(url, where, "server-no-answer", reason, hint)])
