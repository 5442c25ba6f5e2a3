#!/usr/bin/env python3
"""Does the lines that "kcheck ... --plan" wrote on an Apache Spark cluster, and writes the result lines.

    kcheck matrix SPEC --vary producer.acks=0,1,all --plan > plan.jsonl
    spark-submit --master spark://HOST:7077 spark_work.py plan.jsonl results.jsonl
    kcheck matrix SPEC --vary producer.acks=0,1,all --gather results.jsonl

Every executor needs the same kcheck, on its PATH or where --kcheck says. A task that dies with its executor is done
again by Spark; a line that has been done twice does no harm. Needs PySpark 4 and a JDK.
"""
import argparse
import sys

from pyspark.sql import SparkSession


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("plan", help="the lines of kcheck --plan")
    parser.add_argument("results", help="where the result lines go")
    parser.add_argument("--kcheck", default="kcheck", help="the program, as the executors find it")
    parser.add_argument("--lines", type=int, default=4, help="lines of a task: more is less to start, fewer is more balanced")
    parser.add_argument("--master", help="the cluster; spark-submit says it otherwise")
    parser.add_argument("--conf", action="append", default=[], metavar="KEY=VALUE", help="a setting of Spark")
    args = parser.parse_args()

    builder = SparkSession.builder.appName("kcheck")
    if args.master:
        builder = builder.master(args.master)
    for setting in args.conf:
        key, _, value = setting.partition("=")
        builder = builder.config(key, value)
    context = builder.getOrCreate().sparkContext

    with open(args.plan, encoding="utf-8") as plan:
        lines = [line.rstrip("\n") for line in plan if line.strip()]
    # The lines come the largest first. Dealing them out gives each task some of each size, and the tasks that are begun
    # first have the largest.
    tasks = max(1, -(-len(lines) // args.lines))
    dealt = [(i % tasks, line) for i, line in enumerate(lines)]
    work = context.parallelize(dealt, tasks).partitionBy(tasks, int).values()
    # One core a task, as Spark counts. Its exit status says that some line has an error, which is in the result.
    results = work.pipe(f"{args.kcheck} work --workers 1", checkCode=False).collect()
    context.stop()

    with open(args.results, "w", encoding="utf-8") as out:
        out.writelines(line + "\n" for line in results)
    print(f"{len(results)} results for {len(lines)} lines", file=sys.stderr)
    return 0 if len(results) == len(lines) else 3


if __name__ == "__main__":
    sys.exit(main())
