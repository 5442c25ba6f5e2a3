#!/usr/bin/env bash
# The work of the action: checks, compares with the base of the pull request, and writes one comment. It is configured by the
# environment (see action.yml), and needs bash, git, jq, and gh for comment and download. Outputs go to GITHUB_OUTPUT; the exit
# status of the job is the output "exit", so that the upload of the SARIF file comes before it.
set -euo pipefail

REPOSITORY=kcheck/kcheck
MARKER='<!-- kcheck -->'

work=${RUNNER_TEMP:-$(mktemp -d)}/kcheck
mkdir -p "$work"
read -ra paths <<<"${KCHECK_PATHS:-.}"
read -ra flags <<<"${KCHECK_FLAGS:-}"
read -ra check_flags <<<"${KCHECK_CHECK_FLAGS:-}"

# output sets an output of the step.
output() { printf '%s=%s\n' "$1" "$2" >>"${GITHUB_OUTPUT:-/dev/null}"; }

# event reads a value of the event that started the workflow; empty where there is none.
event() { [[ -f ${GITHUB_EVENT_PATH:-} ]] && jq -r "$1 // empty" "$GITHUB_EVENT_PATH" || true; }

# install fetches a release of kcheck and holds it against its checksum, unless kcheck is there.
install() {
	command -v kcheck >/dev/null && return
	local os arch name end=tar.gz
	os=$(tr '[:upper:]' '[:lower:]' <<<"${RUNNER_OS:-Linux}")
	[[ $os == windows ]] && end=zip
	[[ $os == macos ]] && os=darwin
	arch=$([[ ${RUNNER_ARCH:-X64} == ARM64 ]] && echo arm64 || echo amd64)
	mkdir -p "$work/bin"
	(
		cd "$work/bin"
		# shellcheck disable=SC2086 # no version is no argument
		gh release download ${KCHECK_VERSION:-} --repo "$REPOSITORY" --clobber --pattern "kcheck_*_${os}_${arch}.$end" --pattern checksums.txt
		name=$(ls kcheck_*_"${os}_${arch}.$end")
		grep -F "  $name" checksums.txt | sha256sum --check --quiet
		if [[ $end == zip ]]; then unzip -qo "$name"; else tar -xzf "$name"; fi
	)
	export PATH=$work/bin:$PATH
}

# check writes every form of the result, and sets status. Annotations and the job summary are kcheck's own.
check() {
	status=0
	kcheck check "${paths[@]}" "${flags[@]}" "${check_flags[@]}" --format json --output "$work/result.json" || status=$?
	output status "$status"
	if [[ -f $work/result.json ]] && kcheck trace "$work/result.json" --format sarif --output "$work/kcheck.sarif" >/dev/null 2>&1; then
		output result "$work/result.json"
		output sarif "$work/kcheck.sarif"
	fi
}

# compare compares with the base, and sets change: better, worse, mixed, same, refused or undecided.
compare() {
	local base=${KCHECK_BASE:-} code=0 lost gained
	change=""
	[[ -n $base ]] || base=$(event .pull_request.base.sha)
	[[ -n $base ]] || return 0
	git cat-file -e "$base^{commit}" 2>/dev/null || git fetch --quiet --depth=1 origin "$base"
	kcheck diff --git "$base" "${paths[@]}" "${flags[@]}" --format json --output "$work/diff.json" 2>"$work/diff.log" || code=$?
	kcheck diff --git "$base" "${paths[@]}" "${flags[@]}" --brief --format markdown --output "$work/diff.md" 2>/dev/null || true
	lost=$(jq '.diff.lost | length' "$work/diff.json" 2>/dev/null || echo 0)
	gained=$(jq '.diff.gained | length' "$work/diff.json" 2>/dev/null || echo 0)
	case $code:$((lost > 0)):$((gained > 0)) in
	2:*) change=refused ;;
	*:1:0) change=worse ;;
	*:0:1) change=better ;;
	*:1:1) change=mixed ;;
	3:*) change=undecided ;;
	*) change=same ;;
	esac
	output change "$change"
}

# comment composes the comment.
comment() {
	echo "$MARKER"
	case $change in
	better) echo "## kcheck: this change is better" ;;
	worse) echo "## kcheck: this change is worse" ;;
	mixed) echo "## kcheck: this change is better in one thing and worse in another" ;;
	same) echo "## kcheck: this change makes no difference" ;;
	refused) echo "## kcheck: this configuration cannot be checked, or Kafka would refuse it" ;;
	undecided) echo "## kcheck: it was not decided what this change does" ;;
	esac
	echo
	if [[ -s $work/diff.md ]]; then
		cat "$work/diff.md"
	elif [[ -s $work/diff.log ]]; then
		printf '```text\n%s\n```\n' "$(head -c 20000 "$work/diff.log")"
	fi
}

# post writes the comment into the pull request, over the one of an earlier run. Where that is not allowed, as in a pull
# request of a fork, the job goes on: the job summary has the report.
post() {
	local number=$1 id
	id=$(gh api --paginate "repos/$GITHUB_REPOSITORY/issues/$number/comments" --jq ".[] | select(.body | startswith(\"$MARKER\")) | .id" | head -n 1) || return
	if [[ -n $id ]]; then
		gh api --silent -X PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$id" -F body=@"$work/comment.md"
	else
		gh api --silent -X POST "repos/$GITHUB_REPOSITORY/issues/$number/comments" -F body=@"$work/comment.md"
	fi
}

install
check
compare
if [[ -n $change ]]; then
	comment >"$work/comment.md"
	number=$(event .pull_request.number)
	if [[ ${KCHECK_COMMENT:-true} == true && -n $number ]]; then
		post "$number" || echo "::notice::kcheck could not write a comment; give the workflow the permission pull-requests: write"
	fi
fi
code=$status
if [[ ${KCHECK_FAIL_ON:-violated} == worse && -n $change ]]; then
	case $change in
	worse | mixed) code=1 ;;
	refused) code=2 ;;
	*) code=0 ;;
	esac
fi
output exit "$code"
