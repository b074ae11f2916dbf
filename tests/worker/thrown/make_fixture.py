"""Writes errors.json: what the plugin tells of real exceptions of real clients, raised by the clients themselves.

    python3 -m venv env && env/bin/pip install anthropic openai httpx aiohttp requests urllib3 google-genai \\
        google-api-core boto3 pytest
    env/bin/python tests/worker/thrown/make_fixture.py > tests/worker/thrown/errors.json

A server on loopback answers what the path's first part says; nothing else is asked.
"""
from __future__ import annotations

import asyncio
import http.client
import http.server
import json
import os
import socket
import sys
import threading
import time
import urllib.request
from typing import Any, Callable, Dict

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "..", "..", "python"))
from expgraph_errors import describe_error  # noqa: E402

for name in ("http_proxy", "https_proxy", "all_proxy"):
    os.environ.pop(name, None), os.environ.pop(name.upper(), None)

OPENAI = {
    "limited": (429, {"error": {"message": "Rate limit reached for requests", "type": "requests", "code": "rate_limit_exceeded"}}, {"retry-after": "7"}),
    "quota": (429, {"error": {"message": "You exceeded your current quota", "type": "insufficient_quota", "code": "insufficient_quota"}}, {}),
    "key": (401, {"error": {"message": "Incorrect API key provided", "type": "invalid_request_error", "code": "invalid_api_key"}}, {}),
    "bad": (400, {"error": {"message": "Unknown parameter: x", "type": "invalid_request_error", "code": "unknown_parameter"}}, {}),
    "context": (400, {"error": {"message": "This model's maximum context length is 8192 tokens", "type": "invalid_request_error", "code": "context_length_exceeded"}}, {}),
    "down": (500, {"error": {"message": "The server had an error", "type": "server_error"}}, {}),
    "busy": (503, {"error": {"message": "Service unavailable"}}, {"retry-after-ms": "1500"}),
    "page": (502, "<html><title>Bad gateway</title></html>", {}),
}
ANTHROPIC = {
    "limited": (429, {"type": "error", "error": {"type": "rate_limit_error", "message": "Number of requests has exceeded your rate limit"}}, {"retry-after": "12"}),
    "overloaded": (529, {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}, {}),
    "key": (401, {"type": "error", "error": {"type": "authentication_error", "message": "invalid x-api-key"}}, {}),
    "credit": (400, {"type": "error", "error": {"type": "invalid_request_error", "message": "Your credit balance is too low to access the Anthropic API"}}, {}),
    "long": (400, {"type": "error", "error": {"type": "invalid_request_error", "message": "prompt is too long: 210000 tokens > 200000 maximum"}}, {}),
    "bad": (400, {"type": "error", "error": {"type": "invalid_request_error", "message": "messages: at least one message is required"}}, {}),
}
GOOGLE = {
    "limited": (429, {"error": {"code": 429, "message": "Resource has been exhausted", "status": "RESOURCE_EXHAUSTED",
                                "details": [{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "9s"}]}}, {}),
    "key": (400, {"error": {"code": 400, "message": "API key not valid. Please pass a valid API key.", "status": "INVALID_ARGUMENT",
                            "details": [{"reason": "API_KEY_INVALID"}]}}, {}),
    "busy": (503, {"error": {"code": 503, "message": "The model is overloaded.", "status": "UNAVAILABLE"}}, {}),
}
AWS = {
    "throttled": (400, {"__type": "ThrottlingException", "message": "Too many requests"}, {"x-amzn-errortype": "ThrottlingException"}),
    "bedrock": (429, {"message": "Too many tokens, please wait before trying again."}, {"x-amzn-errortype": "ThrottlingException"}),
    "busy": (503, {"message": "Bedrock is unable to process your request."}, {"x-amzn-errortype": "ServiceUnavailableException"}),
    "denied": (403, {"message": "You don't have access to the model with the specified model ID."}, {"x-amzn-errortype": "AccessDeniedException"}),
    "token": (403, {"message": "The security token included in the request is invalid."}, {"x-amzn-errortype": "UnrecognizedClientException"}),
    "long": (400, {"message": "Input is too long for requested model."}, {"x-amzn-errortype": "ValidationException"}),
    "quota": (400, {"message": "You have exceeded your service quota."}, {"x-amzn-errortype": "ServiceQuotaExceededException"}),
}
ANSWERS = {f"{vendor}-{name}": answer for vendor, answers in
           (("openai", OPENAI), ("anthropic", ANTHROPIC), ("google", GOOGLE), ("aws", AWS)) for name, answer in answers.items()}


class Server(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("content-length") or 0))
        kind = self.path.split("/")[1]
        if kind == "hang":
            time.sleep(2)
        if kind in ("hang", "drop"):
            self.close_connection = True
            return
        if kind == "half":
            self.send_response(200)
            self.send_header("content-length", "100")
            self.end_headers()
            self.wfile.write(b"{")
            self.close_connection = True
            return
        status, body, headers = ANSWERS[kind]
        data = (body if isinstance(body, str) else json.dumps(body)).encode()
        self.send_response(status)
        for name, value in {"content-type": "application/json", **headers, "content-length": str(len(data))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST

    def log_message(self, *_: Any) -> None:
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
server.daemon_threads = True
threading.Thread(target=server.serve_forever, daemon=True).start()
BASE = f"http://127.0.0.1:{server.server_port}"
with socket.socket() as free:
    free.bind(("127.0.0.1", 0))
    CLOSED = f"http://127.0.0.1:{free.getsockname()[1]}"
FOUND: Dict[str, Any] = {}


def raised(name: str, work: Callable[[], Any]) -> None:
    try:
        result = work()
        if asyncio.iscoroutine(result):
            asyncio.run(result)
    except Exception as error:
        text = json.dumps(describe_error(error)).replace(BASE, "http://server").replace(CLOSED, "http://closed")
        FOUND[name] = json.loads(text.replace(str(server.server_port), "1").replace(CLOSED.split(":")[-1], "2"))
    else:
        raise SystemExit(f"{name} raised nothing")


import aiohttp  # noqa: E402
import anthropic  # noqa: E402
import boto3  # noqa: E402
import botocore.config  # noqa: E402
import google.api_core.exceptions as google_core  # noqa: E402
import google.genai  # noqa: E402
import httpx  # noqa: E402
import openai  # noqa: E402
import requests  # noqa: E402
import urllib3  # noqa: E402

ASK = {"model": "m", "messages": [{"role": "user", "content": "hi"}]}
for kind in list(OPENAI) + ["drop", "hang", "closed"]:
    base = CLOSED if kind == "closed" else f"{BASE}/{kind if kind in ('drop', 'hang') else 'openai-' + kind}"
    raised(f"openai {kind}", lambda: openai.OpenAI(api_key="k", base_url=base, max_retries=0, timeout=0.5)
           .chat.completions.create(**ASK))
raised("openai async limited", lambda: openai.AsyncOpenAI(api_key="k", base_url=f"{BASE}/openai-limited", max_retries=0)
       .chat.completions.create(**ASK))
os.environ.pop("OPENAI_API_KEY", None)
raised("openai without a key", lambda: openai.OpenAI())
for kind in list(ANTHROPIC) + ["drop", "hang", "closed"]:
    base = CLOSED if kind == "closed" else f"{BASE}/{kind if kind in ('drop', 'hang') else 'anthropic-' + kind}"
    raised(f"anthropic {kind}", lambda: anthropic.Anthropic(api_key="k", base_url=base, max_retries=0, timeout=0.5)
           .messages.create(max_tokens=1, **ASK))
os.environ.pop("ANTHROPIC_API_KEY", None)
raised("anthropic without a key", lambda: anthropic.Anthropic(api_key=None).messages.create(max_tokens=1, **ASK))

raised("httpx limited", lambda: httpx.post(f"{BASE}/openai-limited").raise_for_status())
raised("httpx down", lambda: httpx.post(f"{BASE}/openai-down").raise_for_status())
raised("httpx closed", lambda: httpx.post(CLOSED))
raised("httpx hang", lambda: httpx.post(f"{BASE}/hang", timeout=0.3))
raised("httpx drop", lambda: httpx.post(f"{BASE}/drop"))
raised("httpx half", lambda: httpx.post(f"{BASE}/half"))
raised("httpx protocol", lambda: httpx.post("ftp://127.0.0.1/"))
raised("requests limited", lambda: requests.post(f"{BASE}/openai-limited").raise_for_status())
raised("requests key", lambda: requests.post(f"{BASE}/openai-key").raise_for_status())
raised("requests closed", lambda: requests.post(CLOSED))
raised("requests hang", lambda: requests.post(f"{BASE}/hang", timeout=0.3))
raised("requests half", lambda: requests.post(f"{BASE}/half"))
raised("requests schema", lambda: requests.post("nothing"))
raised("urllib3 closed", lambda: urllib3.PoolManager(retries=0).request("POST", CLOSED))
raised("urllib3 hang", lambda: urllib3.PoolManager(retries=False).request("POST", f"{BASE}/hang", timeout=0.3))
raised("urllib busy", lambda: urllib.request.urlopen(f"{BASE}/openai-busy"))
raised("urllib closed", lambda: urllib.request.urlopen(CLOSED))
raised("urllib hang", lambda: urllib.request.urlopen(f"{BASE}/hang", timeout=0.3))


async def with_aiohttp(url: str, seconds: float = 5) -> None:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=seconds)) as session:
        async with session.post(url) as answer:
            answer.raise_for_status()
            await answer.read()


raised("aiohttp limited", lambda: with_aiohttp(f"{BASE}/openai-limited"))
raised("aiohttp closed", lambda: with_aiohttp(CLOSED))
raised("aiohttp hang", lambda: with_aiohttp(f"{BASE}/hang", 0.3))
raised("aiohttp drop", lambda: with_aiohttp(f"{BASE}/drop"))
raised("aiohttp half", lambda: with_aiohttp(f"{BASE}/half"))

for kind in list(GOOGLE) + ["closed"]:
    base = CLOSED if kind == "closed" else f"{BASE}/google-{kind}"
    genai = google.genai.Client(api_key="k", http_options={"base_url": base, "retry_options": {"attempts": 1}})
    raised(f"google genai {kind}", lambda: genai.models.generate_content(model="m", contents="hi"))
raised("google core exhausted", lambda: (_ for _ in ()).throw(google_core.ResourceExhausted("Quota exceeded")))
raised("google core deadline", lambda: (_ for _ in ()).throw(google_core.DeadlineExceeded("too late")))
raised("google core key", lambda: (_ for _ in ()).throw(google_core.PermissionDenied("no")))
raised("google core down", lambda: (_ for _ in ()).throw(google_core.ServiceUnavailable("down")))
raised("google core retries", lambda: (_ for _ in ()).throw(google_core.RetryError("gave up", google_core.ServiceUnavailable("down"))))


def bedrock(base: str, key: str = "k") -> Any:
    config = botocore.config.Config(retries={"max_attempts": 0}, read_timeout=0.5, connect_timeout=0.5)
    client = boto3.client("bedrock-runtime", region_name="us-east-1", endpoint_url=base, config=config,
                          aws_access_key_id=key or None, aws_secret_access_key=key or None)
    return client.converse(modelId="m", messages=[{"role": "user", "content": [{"text": "hi"}]}])


for kind in AWS:
    raised(f"boto {kind}", lambda: bedrock(f"{BASE}/aws-{kind}"))
raised("boto closed", lambda: bedrock(CLOSED))
raised("boto hang", lambda: bedrock(f"{BASE}/hang"))
os.environ.update({"AWS_SHARED_CREDENTIALS_FILE": "/none", "AWS_CONFIG_FILE": "/none", "AWS_EC2_METADATA_DISABLED": "true"})
raised("boto without a key", lambda: bedrock(BASE, ""))

raised("socket name", lambda: socket.create_connection(("no-such-host.invalid", 80)))
raised("socket closed", lambda: socket.create_connection(("127.0.0.1", int(CLOSED.split(":")[-1]))))
raised("tls", lambda: urllib.request.urlopen(BASE.replace("http", "https"), timeout=1))
raised("http.client half", lambda: urllib.request.urlopen(f"{BASE}/half").read())
raised("asyncio timeout", lambda: asyncio.wait_for(asyncio.sleep(5), 0.01))


def wrapped(how: str) -> None:
    try:
        openai.OpenAI(api_key="k", base_url=f"{BASE}/openai-limited", max_retries=0).chat.completions.create(**ASK)
    except openai.OpenAIError as error:
        if how == "from":
            raise ValueError("the agent failed") from error
        if how == "none":
            raise ValueError("the agent failed") from None
        raise ValueError("the agent failed")


raised("wrapped from", lambda: wrapped("from"))
raised("wrapped within", lambda: wrapped("within"))
raised("wrapped and hidden", lambda: wrapped("none"))
if sys.version_info >= (3, 11):
    async def grouped() -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(openai.AsyncOpenAI(api_key="k", base_url=f"{BASE}/openai-busy", max_retries=0)
                              .chat.completions.create(**ASK))
    raised("in a group", grouped)
raised("a mistake", lambda: {}["x"])
raised("a file that is not there", lambda: open("/no/such/file"))
raised("no JSON", lambda: json.loads("no"))
json.dump(FOUND, sys.stdout, indent=1, sort_keys=True)
sys.stdout.write("\n")
