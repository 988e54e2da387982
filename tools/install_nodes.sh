#!/usr/bin/env bash
# Real nodes for the tests, into .nodes/ (git-ignored): anvil from npm, bitcoind from Debian.
# Non-interactive and idempotent; touches neither /etc/apt nor dpkg's state. NODES_DIR overrides the target.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
nodes=${NODES_DIR:-$(dirname "$here")/.nodes}
mkdir -p "$nodes"

retry() {
  local attempt
  for attempt in 1 2 3; do
    "$@" && return 0
    sleep $((attempt * 3))
  done
  return 1
}

install_anvil() {
  # && because set -e sleeps inside retry
  npm install --prefix "$nodes/npm" --no-audit --no-fund --no-save --ignore-scripts --loglevel=error \
    @foundry-rs/anvil-linux-amd64@1.7.1 &&
    ln -sf "$nodes/npm/node_modules/@foundry-rs/anvil-linux-amd64/bin/anvil" "$nodes/anvil"
}

[ -x "$nodes/anvil" ] || retry install_anvil
[ -x "$nodes/bitcoind" ] || {
  retry bash "$here/unpack_bitcoind.sh" "$nodes/bitcoin" &&
    ln -sf "$nodes/bitcoin/bin/bitcoind" "$nodes/bitcoind"
}

"$nodes/anvil" --version | head -1
"$nodes/bitcoind" -version | head -1
