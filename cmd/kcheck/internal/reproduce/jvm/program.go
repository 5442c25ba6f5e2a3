package jvm

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Program is a class of the distribution, or one compiled against it, to run.
type Program struct {
	Class     string   // with a main method
	Args      []string // of the main method
	Dir       string   // to run in
	Classes   []string // directories with further classes
	MinHeapMB int      // 0 for Java's default
	MaxHeapMB int
	Logging   Logging
}

// command is the command line of a program.
func (h *Home) command(ctx context.Context, p Program) *exec.Cmd {
	args := h.flags()
	if p.MinHeapMB > 0 {
		args = append(args, fmt.Sprintf("-Xms%dm", p.MinHeapMB))
	}
	args = append(args, fmt.Sprintf("-Xmx%dm", p.MaxHeapMB))
	args = append(args, p.Logging...)
	args = append(args, "-cp", h.classPath(p.Classes...), p.Class)
	cmd := exec.CommandContext(ctx, h.java, append(args, p.Args...)...)
	cmd.Dir = p.Dir
	return cmd
}

// Run runs a program to its end. An error has the last line that it wrote.
func (h *Home) Run(ctx context.Context, p Program) error {
	out, err := h.command(ctx, p).CombinedOutput()
	if err != nil {
		return fmt.Errorf("%w: %s", err, lastLine(string(out)))
	}
	return nil
}

// Compile compiles source files against the distribution, into a directory. An error has the compiler's last line.
func (h *Home) Compile(ctx context.Context, dir string, sources ...string) error {
	args := append([]string{"-nowarn", "-cp", h.classPath(), "-d", dir}, sources...)
	out, err := exec.CommandContext(ctx, h.javac, args...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("%w: %s", err, lastLine(string(out)))
	}
	return nil
}

// lastLine is the last line of a text that says something.
func lastLine(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return strings.TrimSpace(lines[len(lines)-1])
}

// Logging are the flags that say how a Java process logs.
type Logging []string

// log4j2 and log4j are how Kafka logs, to standard output, by version: Log4j 2 from 4.0 on (KIP-653).
const (
	log4j2 = `Configuration:
  Appenders:
    Console:
      name: out
      PatternLayout: {pattern: "%d{HH:mm:ss.SSS} %p %c{1}: %m%n"}
  Loggers:
    Root: {level: INFO, AppenderRef: {ref: out}}
    Logger: {name: org.apache.kafka.common.config, level: WARN}
`
	log4j = `log4j.rootLogger=INFO, out
log4j.appender.out=org.apache.log4j.ConsoleAppender
log4j.appender.out.layout=org.apache.log4j.PatternLayout
log4j.appender.out.layout.ConversionPattern=%d{HH:mm:ss.SSS} %p %c{1}: %m%n
log4j.logger.kafka.server.KafkaConfig=WARN
log4j.logger.org.apache.kafka.common.config=WARN
`
)

// WriteLogging writes the configurations of the logging libraries into a directory.
func WriteLogging(dir string) (Logging, error) {
	two, one := filepath.Join(dir, "log4j2.yaml"), filepath.Join(dir, "log4j.properties")
	if err := os.WriteFile(two, []byte(log4j2), 0o644); err != nil {
		return nil, err
	}
	if err := os.WriteFile(one, []byte(log4j), 0o644); err != nil {
		return nil, err
	}
	return Logging{"-Dlog4j2.configurationFile=" + two, "-Dlog4j.configuration=file:" + one}, nil
}
