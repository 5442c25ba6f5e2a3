#!/usr/bin/env bash
# Fetches the brokers of an Apache Kafka release from Maven Central, with what they log through, into DIR/libs: what
# kcheck reproduce takes as --kafka-home. A binary distribution of Kafka, unpacked, does as well. It needs mvn and a JDK.
#
#   fetch-kafka.sh [--archive] 4.1.1 DIR
#
# With --archive it also runs a broker once and keeps an archive of the classes it loads in DIR/kcheck.jsa, which halves
# the time that brokers take to start.
set -euo pipefail

archive=
if [[ ${1:-} == --archive ]]; then
	archive=yes
	shift
fi
if [[ $# -ne 2 ]]; then
	echo "usage: $0 [--archive] VERSION DIR, for example $0 4.1.1 kafka-4.1" >&2
	exit 2
fi
version=$1
for tool in mvn java javac; do
	if ! command -v "$tool" >/dev/null; then
		echo "$0 needs $tool, which is not installed (a JDK, 17 or later, and Apache Maven)" >&2
		exit 2
	fi
done
mkdir -p "$2/libs"
dir=$(cd "$2" && pwd)

# what Kafka logs through is no dependency of its jar
case $version in
4.*) binding=org.apache.logging.log4j:log4j-slf4j-impl:2.24.3 ;;
*) binding=org.slf4j:slf4j-reload4j:1.7.36 ;;
esac
IFS=: read -r group artifact number <<<"$binding"
cat >"$dir/pom.xml" <<POM
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>kcheck</groupId>
  <artifactId>kafka-home</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>$version</version></dependency>
    <dependency><groupId>$group</groupId><artifactId>$artifact</artifactId><version>$number</version></dependency>
  </dependencies>
</project>
POM
mvn -q -B -f "$dir/pom.xml" dependency:copy-dependencies -DoutputDirectory="$dir/libs" -DincludeScope=runtime
echo "$(find "$dir/libs" -name '*.jar' | wc -l) jars in $dir/libs"
[[ -n $archive ]] || exit 0

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat >"$work/server.properties" <<PROPERTIES
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:29193
listeners=CLIENT://127.0.0.1:29191,BROKER://127.0.0.1:29192,CONTROLLER://127.0.0.1:29193
listener.security.protocol.map=CLIENT:PLAINTEXT,BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT
inter.broker.listener.name=BROKER
controller.listener.names=CONTROLLER
log.dirs=$work/data
PROPERTIES
flags=(-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp "$dir/libs/*")
java "${flags[@]}" kafka.tools.StorageTool format -t AAAAAAAAAAAAAAAAAAAAAA -c "$work/server.properties" >/dev/null
rm -f "$dir/kcheck.jsa"
timeout -s TERM 40 java -XX:ArchiveClassesAtExit="$dir/kcheck.jsa" "${flags[@]}" kafka.Kafka "$work/server.properties" \
	>"$work/out" 2>&1 || true
ls "$dir/kcheck.jsa"
