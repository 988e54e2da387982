#!/usr/bin/env bash
# A browser for the tests of the customers' page: Debian's Chromium, by apt, which needs root.
# Non-interactive and idempotent. CHROMIUM names another program; then nothing is installed.
set -euo pipefail
browser=${CHROMIUM:-chromium}
if ! command -v "$browser" > /dev/null; then
  if [ -n "${CHROMIUM:-}" ] || [ "$(id -u)" != 0 ] || ! command -v apt-get > /dev/null; then
    echo "no Chromium: install it (Debian: apt-get install chromium) or name its program in CHROMIUM" >&2
    exit 1
  fi
  export DEBIAN_FRONTEND=noninteractive
  for attempt in 1 2 3; do
    apt-get -qq update && apt-get -qq install -y --no-install-recommends chromium > /dev/null && break
    sleep $((attempt * 3))
  done
fi
"$browser" --version
