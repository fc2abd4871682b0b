#!/usr/bin/env bash
# start-native.sh NODE: runs one node of this network with a Besu of this machine, in the foreground.
#   BESU_HOME=/opt/besu ./start-native.sh validator-1
# JAVA_HOME (or java on the PATH) must be JDK 25 or newer; BESU_OPTS sets another heap.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
name="${1:?Which node? For example: ./start-native.sh validator-1}"
flags="nodes/$name/native.flags"

refuse() {
  echo "$1" >&2
  exit 1
}
[ -r "$flags" ] || refuse "There is no node $name here."
[ -n "${BESU_HOME:-}" ] || refuse "Set BESU_HOME to the folder of Besu 26.9 or newer."
[ -x "$BESU_HOME/bin/besu" ] || refuse "There is no Besu in $BESU_HOME (bin/besu)."
java="${JAVA_HOME:+$JAVA_HOME/bin/}java"
version="$("$java" -version 2>&1 | sed -n 's/.*version "\([0-9]*\).*/\1/p' | head -n 1)" || version=""
[ "${version:-0}" -ge 25 ] || refuse "Besu needs JDK 25 or newer; $java is ${version:-missing}."

export BESU_OPTS="${BESU_OPTS:-@HEAP@}"
arguments=()
while IFS= read -r flag; do arguments+=("$flag"); done <"$flags"
exec "$BESU_HOME/bin/besu" "${arguments[@]}"
