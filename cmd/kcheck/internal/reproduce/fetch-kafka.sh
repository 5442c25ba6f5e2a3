#!/usr/bin/env bash
# Fetches the brokers of an Apache Kafka release from Maven Central, with what they log through, into DIR/libs: what
# kcheck reproduce takes as --kafka-home. A binary distribution of Kafka, unpacked, does as well. It needs mvn and a JDK.
#
#   fetch-kafka.sh [--archive] 4.1.1 DIR
#
# Releases from 3.3 on are played with KRaft, or with ZooKeeper where a spec has zookeeper.connect; older ones with ZooKeeper.
# kcheck plays 0.8.2, with its Scala clients, and 0.10.2 and later.
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

# the jar for the newest Scala that a release has, and what it logs through, which is no dependency of it from 0.9 on
case $version in
0.* | 1.* | 2.[0-3].*) scala=2.11 ;;
*) scala=2.13 ;;
esac
case $version in
4.*) binding=org.apache.logging.log4j:log4j-slf4j-impl:2.24.3 ;;
0.* | 1.* | 2.[0-3].*) binding=org.slf4j:slf4j-log4j12:1.7.25 ;; # ZooKeeper 3.4 needs all of log4j
*) binding=org.slf4j:slf4j-reload4j:1.7.36 ;;
esac
# the client of ZooKeeper 3.4.11 to 3.4.14 finds no server on Java 14 and later (ZOOKEEPER-3779)
pinned=
case $version in
2.[0-3].*) pinned='<dependency><groupId>org.apache.zookeeper</groupId><artifactId>zookeeper</artifactId><version>3.4.10</version>
      <exclusions><exclusion><groupId>*</groupId><artifactId>*</artifactId></exclusion></exclusions></dependency>' ;;
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
    $pinned
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_$scala</artifactId><version>$version</version></dependency>
    <dependency><groupId>$group</groupId><artifactId>$artifact</artifactId><version>$number</version></dependency>
  </dependencies>
</project>
POM
mvn -q -B -f "$dir/pom.xml" dependency:copy-dependencies -DoutputDirectory="$dir/libs" -DincludeScope=runtime
echo "$(find "$dir/libs" -name '*.jar' | wc -l) jars in $dir/libs"
[[ -n $archive ]] || exit 0

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
flags=(-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx256m)
zookeeper=
case $version in
0.*) # of before Java 9
	for package in sun.nio.ch java.nio java.lang; do
		flags+=(--add-exports "java.base/$package=ALL-UNNAMED" --add-opens "java.base/$package=ALL-UNNAMED")
	done
	;;
esac
flags+=(-cp "$dir/libs/*")
case $version in
[012].* | 3.[012].*)
	printf '%s\n' "dataDir=$work/zookeeper" clientPort=29194 clientPortAddress=127.0.0.1 admin.enableServer=false >"$work/zookeeper.properties"
	java "${flags[@]}" org.apache.zookeeper.server.quorum.QuorumPeerMain "$work/zookeeper.properties" >"$work/zookeeper.out" 2>&1 &
	zookeeper=$!
	trap 'kill "$zookeeper"; rm -rf "$work"' EXIT
	printf '%s\n' broker.id=1 zookeeper.connect=127.0.0.1:29194 host.name=127.0.0.1 port=29191 "log.dirs=$work/data" >"$work/server.properties"
	;;
*)
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
	java "${flags[@]}" kafka.tools.StorageTool format -t AAAAAAAAAAAAAAAAAAAAAA -c "$work/server.properties" >/dev/null
	;;
esac
rm -f "$dir/kcheck.jsa"
timeout -s TERM 40 java -XX:ArchiveClassesAtExit="$dir/kcheck.jsa" "${flags[@]}" kafka.Kafka "$work/server.properties" \
	>"$work/out" 2>&1 || true
ls "$dir/kcheck.jsa"
