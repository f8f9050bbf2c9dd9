package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/pflag"
)

// What shells complete is made of the same texts as --help, by go test ./cmd/lbsup -run Completion -update.
const completion = "../../packaging/completion"

func TestCompletion(t *testing.T) {
	for file, text := range map[string]string{"lbsup.bash": bashCompletion(), "lbsup.zsh": zshCompletion(), "lbsup.fish": fishCompletion()} {
		t.Run(file, func(t *testing.T) {
			path := filepath.Join(completion, file)
			if *update {
				if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			old, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(text, string(old)); diff != "" {
				t.Errorf("make it anew with -update (-want +got)\n%s", diff)
			}
		})
	}
}

const generated = "# Made of the texts of lbsup --help: see cmd/lbsup/completion_test.go.\n"

func globalFlags() *pflag.FlagSet {
	f := newFlags("global")
	(&program{}).global(f)
	return f
}

// flagWords are a command's flags and those of every command.
func flagWords(f *pflag.FlagSet) string {
	var words []string
	for _, set := range []*pflag.FlagSet{f, globalFlags()} {
		if set != nil {
			set.VisitAll(func(one *pflag.Flag) { words = append(words, "--"+one.Name) })
		}
	}
	return strings.Join(words, " ")
}

func takesValue(one *pflag.Flag) bool { return one.NoOptDefVal == "" }

func takesFile(c command) bool { return strings.Contains(c.args, "FILE") }

// valued are the flags of all commands that take a value: the word behind one is no command.
func valued() string {
	seen := map[string]bool{}
	var words []string
	add := func(one *pflag.Flag) {
		if takesValue(one) && !seen[one.Name] {
			seen[one.Name] = true
			words = append(words, "--"+one.Name)
		}
	}
	globalFlags().VisitAll(add)
	for _, c := range commands() {
		if c.flags != nil {
			c.flags.VisitAll(add)
		}
	}
	return strings.Join(words, "|")
}

// bashCompletion leaves a word that is no flag to bash's own completion of file names where the command takes a file.
func bashCompletion() string {
	var b strings.Builder
	b.WriteString(generated + `_lbsup() {
	local word=${COMP_WORDS[COMP_CWORD]} command= words= i
	for ((i = 1; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		` + valued() + `) ((i++)) ;;
		-*) ;;
		*) command=${COMP_WORDS[i]}; break ;;
		esac
	done
	case ${COMP_WORDS[COMP_CWORD - 1]} in ` + valued() + `) return ;; esac
	case $command:$word in
	:-*) words="` + flagWords(nil) + `" ;;
	:* | help:*) words="` + strings.Join(names(), " ") + `" ;;
`)
	for _, c := range commands() {
		fmt.Fprintf(&b, "\t%s:-*) words=\"%s\" ;;\n", c.name, flagWords(c.flags))
	}
	b.WriteString(`	esac
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
}
complete -o default -F _lbsup lbsup
`)
	return b.String()
}

// zshWord makes text stand for itself within the quotes and brackets of a specification of _arguments.
func zshWord(text string) string {
	return strings.NewReplacer("'", `'\''`, "[", `\[`, "]", `\]`, ":", `\:`).Replace(text)
}

func zshFlags(f *pflag.FlagSet) string {
	var b strings.Builder
	if f == nil {
		return ""
	}
	f.VisitAll(func(one *pflag.Flag) {
		value, usage := pflag.UnquoteUsage(one)
		spec := "--" + one.Name
		if takesValue(one) {
			spec += "=[" + zshWord(usage) + "]:" + zshWord(value) + ":_files"
		} else {
			spec += "[" + zshWord(usage) + "]"
		}
		fmt.Fprintf(&b, " '%s'", spec)
	})
	return b.String()
}

func zshCompletion() string {
	var b strings.Builder
	b.WriteString("#compdef lbsup\n" + generated + "_lbsup() {\n\tlocal state line\n\tlocal -a commands=(\n")
	for _, c := range commands() {
		fmt.Fprintf(&b, "\t\t'%s:%s'\n", c.name, strings.NewReplacer("'", `'\''`, ":", `\:`).Replace(c.summary))
	}
	fmt.Fprintf(&b, "\t)\n\t_arguments -C%s '1:command:->command' '*::argument:->argument'\n", zshFlags(globalFlags()))
	b.WriteString("\tcase $state in\n\tcommand) _describe command commands ;;\n\targument)\n\t\tcase $words[1] in\n")
	for _, c := range commands() {
		argument := ""
		switch {
		case c.name == "help":
			argument = " '1:command:(" + strings.Join(names(), " ") + ")'"
		case takesFile(c):
			argument = " '*:file:_files'"
		}
		fmt.Fprintf(&b, "\t\t%s) _arguments%s%s%s ;;\n", c.name, zshFlags(c.flags), zshFlags(globalFlags()), argument)
	}
	b.WriteString("\t\tesac\n\t\t;;\n\tesac\n}\n_lbsup \"$@\"\n")
	return b.String()
}

func fishCompletion() string {
	var b strings.Builder
	// fish's own idea of a sub-command takes the value of a flag before it for one.
	b.WriteString(generated + `function __lbsup_command
	set -l value false
	for word in (commandline -opc)[2..]
		if $value
			set value false
			continue
		end
		switch $word
			case ` + strings.ReplaceAll(valued(), "|", " ") + `
				set value true
			case '-*'
			case '*'
				echo $word
				return
		end
	end
end
complete -c lbsup -f
`)
	flags := func(f *pflag.FlagSet, condition string) {
		if f == nil {
			return
		}
		f.VisitAll(func(one *pflag.Flag) {
			_, usage := pflag.UnquoteUsage(one)
			fmt.Fprintf(&b, "complete -c lbsup%s -l %s%s -d %s\n", condition, one.Name, map[bool]string{true: " -r"}[takesValue(one)], fishWord(usage))
		})
	}
	flags(globalFlags(), "")
	for _, c := range commands() {
		fmt.Fprintf(&b, "complete -c lbsup -n 'test -z (__lbsup_command)' -a %s -d %s\n", c.name, fishWord(c.summary))
		condition := " -n 'string match -q " + c.name + " (__lbsup_command)'"
		flags(c.flags, condition)
		if takesFile(c) {
			fmt.Fprintf(&b, "complete -c lbsup%s -F\n", condition)
		}
	}
	fmt.Fprintf(&b, "complete -c lbsup -n 'string match -q help (__lbsup_command)' -a '%s'\n", strings.Join(names(), " "))
	return b.String()
}

func fishWord(text string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, "'", `\'`).Replace(text) + "'"
}
