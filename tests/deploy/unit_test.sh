#!/usr/bin/env bash
# deploy/palmares.service means something to systemd, and exposes little of the machine. There is no systemd to start it here.
set -euo pipefail
unit=$(realpath "$(dirname "${BASH_SOURCE[0]}")/../../deploy/palmares.service")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# verify wants the program to exist; any will do.
grep -q '^ExecStart=/usr/bin/palmaresd ' "$unit"
sed "s|^ExecStart=/usr/bin/palmaresd |ExecStart=$(command -v true) |" "$unit" >"$folder/palmares.service"
said=$(systemd-analyze verify "$folder/palmares.service" 2>&1)
if [[ -n $said ]]; then
  echo "systemd-analyze verify: $said" >&2
  exit 1
fi

# Calls that fill their threads leave enough for everything else.
most=$(sed -n 's/^constexpr int kMostThreads = \([0-9]*\);.*/\1/p' "$(dirname "$unit")/../services/server/server.cc")
bound=$(sed -n 's/^TasksMax=//p' "$unit")
if ((bound < ${most:?no kMostThreads in server.cc} + 256)); then
  echo "TasksMax=$bound, want at least 256 more than the $most threads that calls may run in" >&2
  exit 1
fi

# Exposure in tenths, of 100. What is left is what a server needs: the network, and a root directory shared with the machine.
systemd-analyze security --offline=true --threshold=12 --no-pager "$folder/palmares.service" >"$folder/report" || {
  cat "$folder/report" >&2
  exit 1
}
# The measure means something: without its sandbox the same unit is far above it.
grep -vE '^(Protect|Private|Restrict|SystemCall|Capability|NoNew|DynamicUser)' "$folder/palmares.service" >"$folder/bare.service"
if systemd-analyze security --offline=true --threshold=50 --no-pager "$folder/bare.service" >/dev/null 2>&1; then
  echo "systemd-analyze security finds no fault in a unit without a sandbox" >&2
  exit 1
fi
tail -n 1 "$folder/report"
