"""Takes part in the client conformance kit: a token cache on Python's own library."""
import base64, json, os, sys, threading, time, traceback
from urllib.error import HTTPError
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen

URL, CLIENT_ID, CLIENT_SECRET, SCOPES = (
    os.environ["LATCHKEY_" + name] for name in ("URL", "CLIENT_ID", "CLIENT_SECRET", "SCOPES")
)
lock = threading.Lock()
held = {"token": "", "until": 0.0}


def token():
    with lock:  # whoever comes while a token is on its way waits for the same one
        if time.monotonic() >= held["until"]:
            pair = quote(CLIENT_ID, safe="") + ":" + quote(CLIENT_SECRET, safe="")
            basic = {"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()}
            form = urlencode({"grant_type": "client_credentials", "scope": SCOPES}).encode()
            asked = time.monotonic()
            with urlopen(Request(URL + "/oauth/connect/token", form, basic)) as response:
                body = json.load(response)
            held.update(token=body["access_token"], until=asked + 0.9 * body.get("expires_in", 60))
        return held["token"]


def call(number, url):
    try:
        with urlopen(Request(url, headers={"Authorization": "Bearer " + token()})) as response:
            say(f"{number} {response.status}")
    except Exception as error:
        traceback.print_exc()
        refused = isinstance(error, HTTPError) and error.url == url  # by the API
        say(f"{number} {error.code}" if refused else f"{number} error")


def say(line):
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


say("ready lacking abort")
for line in sys.stdin:
    number, url = line.split()[:2]
    threading.Thread(target=call, args=(number, url)).start()
