#!/usr/bin/env bash
# Writes what a release has beside the program: completion for four shells, and man pages, both from the commands themselves.
#
#   .ci/extras.sh FOLDER
set -euo pipefail
out=$(realpath -m "${1:?a folder}")
cd "$(dirname "${BASH_SOURCE[0]}")/.."

mkdir -p "$out/completions" "$out/man"
go build -o "$out/kcheck" ./cmd/kcheck
"$out/kcheck" completion bash >"$out/completions/kcheck.bash"
"$out/kcheck" completion zsh >"$out/completions/_kcheck"
"$out/kcheck" completion fish >"$out/completions/kcheck.fish"
"$out/kcheck" completion powershell >"$out/completions/kcheck.ps1"
"$out/kcheck" man "$out/man"
rm "$out/kcheck"
