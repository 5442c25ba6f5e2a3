package main

import (
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/kcheck/kcheck/model"
	"github.com/kcheck/kcheck/model/kafkaconf"
)

// completions are the values that a shell proposes for flags, in every command that has the flag.
var completions = map[string]func() []string{
	"guarantee": func() []string { return kafkaconf.GuaranteeNames },
	"counted":   func() []string { return []string{"accepted", "acked", "attempted"} },
	"faults":    func() []string { return append([]string{"none", "standard"}, assigned(model.FaultNames())...) },
	"kafka":     versionNames,
	"set":       settingNames,
	"strategy":  func() []string { return []string{"bfs", "dfs", "simulate"} },
}

// complete makes a command and those below it propose values for their flags. Files are proposed for all others.
func complete(cmd *cobra.Command) {
	for name, values := range completions {
		if cmd.Flags().Lookup(name) != nil {
			_ = cmd.RegisterFlagCompletionFunc(name, propose(values)) // the flag is there, and has none yet
		}
	}
	if f := cmd.Flags().Lookup("format"); f != nil {
		known, _ := pflag.UnquoteUsage(f) // a|b|c
		_ = cmd.RegisterFlagCompletionFunc("format", propose(func() []string { return strings.Split(known, "|") }))
	}
	for _, sub := range cmd.Commands() {
		complete(sub)
	}
}

// propose proposes some words; no space follows those that a value follows.
func propose(values func() []string) func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		directive := cobra.ShellCompDirectiveNoFileComp
		list := values()
		if len(list) > 0 && strings.HasSuffix(list[len(list)-1], "=") {
			directive |= cobra.ShellCompDirectiveNoSpace
		}
		return list, directive
	}
}

// specOrFile proposes the built-in specs beside files.
func specOrFile(_ *cobra.Command, _ []string, begun string) ([]string, cobra.ShellCompDirective) {
	if begun == "" || strings.ContainsAny(begun, "./\\") {
		return nil, cobra.ShellCompDirectiveDefault
	}
	var found []string
	for _, name := range specNames() {
		if strings.HasPrefix(name, begun) {
			found = append(found, name)
		}
	}
	return found, cobra.ShellCompDirectiveDefault
}

// assigned are names that a value follows.
func assigned(names []string) []string {
	list := make([]string, len(names))
	for i, n := range names {
		list[i] = n + "="
	}
	return list
}

func versionNames() []string {
	var list []string
	for _, v := range model.Lines() {
		list = append(list, v.String())
	}
	return list
}

func settingNames() []string {
	var list []string
	for _, s := range kafkaconf.Settings(model.Newest) {
		if s.Bearing != kafkaconf.NoBearing {
			list = append(list, string(s.Part)+"."+s.Name)
		}
	}
	return assigned(list)
}
