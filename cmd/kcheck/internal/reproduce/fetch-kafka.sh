#!/usr/bin/env bash
# Fetches the brokers of an Apache Kafka release from Maven Central, with what they log through, into DIR/libs: what
# kcheck reproduce takes as --kafka-home. A binary distribution of Kafka, unpacked, does as well. It needs mvn and a JDK.
#
#   fetch-kafka.sh 4.1.1 DIR
set -euo pipefail

if [[ $# -ne 2 ]]; then
	echo "usage: $0 VERSION DIR, for example $0 4.1.1 kafka-4.1" >&2
	exit 2
fi
version=$1 dir=$2
if ! command -v mvn >/dev/null; then
	echo "$0 needs mvn (Apache Maven), which is not installed" >&2
	exit 2
fi
case $version in
4.*) binding="org.apache.logging.log4j:log4j-slf4j-impl:2.24.3" ;;
*) binding="org.slf4j:slf4j-reload4j:1.7.36" ;;
esac
IFS=: read -r group artifact number <<<"$binding"
mkdir -p "$dir/libs"
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
mvn -q -B -f "$dir/pom.xml" dependency:copy-dependencies -DoutputDirectory="$(cd "$dir" && pwd)/libs" -DincludeScope=runtime
ls "$dir/libs" | grep -c . | sed "s|\$| jars in $dir/libs|"
