#!/usr/bin/env bash
# The least that takes part in the client conformance kit: curl, and a new token for each call.
call() {
  local id=$1 url=$2 token
  # Through files that only curl reads: neither secret nor token is a word of a command.
  token=$(curl -sS --fail --config <(echo "user = \"$LATCHKEY_CLIENT_ID:$LATCHKEY_CLIENT_SECRET\"") \
    -d grant_type=client_credentials -d "scope=$LATCHKEY_SCOPES" "$LATCHKEY_URL/oauth/connect/token" |
    sed -n 's/.*"access_token": *"\([^"]*\)".*/\1/p')
  [ -n "$token" ] || { echo "$id error"; return; }
  echo "$id $(curl -sS -o /dev/null -w '%{http_code}' --config <(echo "header = \"Authorization: Bearer $token\"") "$url")"
}
echo 'ready lacking api-calls abort'
while read -r id url _; do call "$id" "$url" & done
wait
