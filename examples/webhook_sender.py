"""Send carrier events as webhooks, signed as Standard Webhooks asks for; repeat until answered.

    HOOK_URL=https://shop.example.com/oms/hook/… HOOK_SECRET=whsec_… \\
        python webhook_sender.py events.json

The address is the one that *Configuration / Tracking Sources* shows, the secret the one that was
entered there (`python webhook_sender.py --new-secret` makes one). The file holds a JSON list of
events as in docs/api.md.
"""

import base64
import hashlib
import hmac
import json
import os
import secrets
import sys
import time
import urllib.error
import urllib.request

SENT_TOGETHER = 100
TRIES = 5


def signed(body, identity):
    """The headers that prove who sent ``body``: over its very bytes, id and time."""
    key = base64.b64decode(os.environ["HOOK_SECRET"].removeprefix("whsec_"))
    stamp = str(int(time.time()))
    digest = hmac.digest(key, f"{identity}.{stamp}.".encode() + body, hashlib.sha256)
    return {
        "Content-Type": "application/json",
        "webhook-id": identity,
        "webhook-timestamp": stamp,
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }


def post(body, identity):
    """Whether it was taken. The same id for each try, a fresh time: an old one is refused."""
    request = urllib.request.Request(
        os.environ["HOOK_URL"], body, signed(body, identity), method="POST"
    )
    try:
        with urllib.request.urlopen(request, timeout=20):
            return True
    except urllib.error.HTTPError as error:
        if error.code < 500:
            sys.exit(f"refused, {error.code}: {error.read().decode(errors='replace')}")
        return False
    except OSError:
        return False


def main(path):
    with open(path, encoding="utf-8") as file:
        events = json.load(file)
    for start in range(0, len(events), SENT_TOGETHER):
        body = json.dumps({"events": events[start : start + SENT_TOGETHER]}).encode()
        identity = f"msg_{secrets.token_urlsafe(12)}"
        for attempt in range(1, TRIES + 1):
            if post(body, identity):
                break
            time.sleep(2**attempt)
        else:
            sys.exit(f"no answer after {TRIES} tries; {start} events were taken")
    print(f"{len(events)} events taken")


if __name__ == "__main__":
    if sys.argv[1] == "--new-secret":
        print(f"whsec_{base64.b64encode(secrets.token_bytes(24)).decode()}")
    else:
        main(sys.argv[1])
