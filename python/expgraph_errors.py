"""What an exception says of itself, and whatever caused it: types, status, codes, headers, body, words.

Anybody's objects: each look at them is guarded and bounded, nothing is imported, nothing is read from a network.
"""
from __future__ import annotations

import errno
import json
import re
from collections.abc import Mapping
from typing import Any, Dict, Iterator, List, Optional

from expgraph_values import SOFT, clean, peek, plain

MAX_LINKS, MAX_TYPES, MAX_BODY, MAX_WORDS, MAX_HEADERS = 12, 24, 16_000, 2_000, 40
HEADER = re.compile(r"retry-after|ratelimit", re.IGNORECASE)
STATUSES = ("status_code", "status", "http_status", "code", "http_code")
CODES = ("code", "type", "reason", "status", "error_code")


def describe_error(error: BaseException) -> List[Dict[str, Any]]:
    """The exception and its causes, outermost first; a group's members count as causes."""
    return [link_of(one) for one in chain_of(error)]


def chain_of(error: BaseException) -> Iterator[BaseException]:
    """Bounded, each once: a chain may be a circle."""
    waiting, seen = [error], set()
    while waiting and len(seen) < MAX_LINKS:
        one = waiting.pop(0)
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        cause = one.__cause__
        if cause is None and not one.__suppress_context__:
            cause = one.__context__
        if cause is None:  # RetryError of google.api_core
            cause = peek(one, "cause")
        members = peek(one, "exceptions")
        if isinstance(members, (list, tuple)):
            waiting.extend(part for part in members[:4] if isinstance(part, BaseException))
        if isinstance(cause, BaseException):
            waiting.append(cause)


def link_of(error: BaseException) -> Dict[str, Any]:
    """One exception; what it does not say is left out."""
    response = peek(error, "response")
    told = {"types": types_of(error), "message": words_of(error), "status": status_of(error, response),
            "codes": codes_of(error, response), "headers": headers_of(error, response),
            "body": body_of(error, response), "retryable": peek(error, "retryable") is True}
    return {name: value for name, value in told.items() if value not in (None, False, "", [], {})}


def types_of(error: BaseException) -> List[str]:
    """The class and its bases, each with its module."""
    names = []
    for kind in type.mro(type(error))[:MAX_TYPES]:
        if kind not in (object, BaseException):
            module, name = peek(kind, "__module__"), peek(kind, "__qualname__")
            names.append(clean(f"{module if isinstance(module, str) else ''}.{name}"[:300]))
    return names


def words_of(error: BaseException) -> str:
    """Its text, from its beginning."""
    try:
        return clean(str(error)[:MAX_WORDS])
    except SOFT:
        return ""


def status_of(error: BaseException, response: Any) -> Optional[int]:
    """Of HTTP, from 400 on: of the error itself, else of the answer that it holds."""
    holders = [(error, name) for name in STATUSES] + [(response, name) for name in STATUSES[:2]]
    holders.append((peek(response, "ResponseMetadata"), "HTTPStatusCode"))
    for holder, name in holders:
        value = None if holder is None else peek(holder, name)
        if isinstance(value, int) and not isinstance(value, bool) and 400 <= value <= 599:
            return int(value)
    return None


def codes_of(error: BaseException, response: Any) -> List[str]:
    """Names that are no words: of the API, of AWS, of gRPC, of the operating system."""
    values = [peek(error, name) for name in CODES] + [peek(peek(response, "Error"), "Code")]
    grpc = peek(error, "grpc_status_code")
    values.append(peek(grpc, "name"))
    if any(name.startswith("grpc.") for name in types_of(error)) and callable(values[0]):
        try:
            values[0] = peek(values[0](), "name")
        except SOFT:
            pass
    number = peek(error, "errno") if isinstance(error, OSError) else None
    if isinstance(number, int):
        values.append(errno.errorcode.get(number))
    return [clean(value[:200]) for value in values if isinstance(value, str) and value]


def headers_of(error: BaseException, response: Any) -> Dict[str, str]:
    """Those that say how long to wait."""
    for holder in (peek(response, "headers"), peek(error, "headers"),
                   peek(peek(response, "ResponseMetadata"), "HTTPHeaders")):
        try:
            pairs = list(holder.items())[:200] if holder is not None else []
            found = {str(name).lower()[:100]: clean(str(value)[:300]) for name, value in pairs if HEADER.search(str(name))}
        except SOFT:
            continue
        if found:
            return dict(list(found.items())[:MAX_HEADERS])
    return {}


def body_of(error: BaseException, response: Any) -> str:
    """As JSON or text, as far as it was read already: reading on could wait for a network."""
    for value in (peek(error, "body"), peek(error, "details"), peek(response, "Error"), peek(response, "_content")):
        try:
            if isinstance(value, (Mapping, list)):
                return clean(json.dumps(plain(value, 8, [MAX_BODY * 4]))[:MAX_BODY])
            if isinstance(value, (bytes, bytearray)):
                value = bytes(value[:MAX_BODY]).decode("utf-8", "replace")
            if isinstance(value, str) and value.strip():
                return clean(value[:MAX_BODY])
        except SOFT:
            continue
    return ""
