#!/usr/bin/env bash
# healthy.sh PORT [FILE]: succeeds while the head of the node on this port advances from call to call.
# A node that answers but stands still is not healthy: its chain has halted, or it has lost its peers.
# Besu's image has no curl; bash speaks to the port itself. FILE keeps the last head.
set -euo pipefail
port="${1:?port}"
seen="${2:-/tmp/skrumble-head}"
body='{"jsonrpc":"2.0","id":1,"method":"eth_blockNumber","params":[]}'

exec 3<>"/dev/tcp/127.0.0.1/$port"
printf 'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s' \
  "${#body}" "$body" >&3
answer="$(head -c 4096 <&3)"
pattern='"result"[[:space:]]*:[[:space:]]*"(0x[0-9a-fA-F]{1,12})"'
if ! [[ "$answer" =~ $pattern ]]; then
  echo "The node did not tell its head." >&2
  exit 1
fi
head=$((BASH_REMATCH[1]))

before=-1
if [ -r "$seen" ]; then read -r before <"$seen" || before=-1; fi
echo "$head" >"$seen"
if [ "$head" -le "$before" ]; then
  echo "The head stands still at block $head." >&2
  exit 1
fi
