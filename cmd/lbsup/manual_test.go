package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/render/cluster"
	"github.com/lbsup/lbsup/test/need"
)

// The manual is written by hand, except for the parts between a BEGIN and an END comment: they are made of the same texts
// as --help and the JSON Schema, by go test ./cmd/lbsup -run Manual -update.
const manual = "../../packaging/man"

func TestManual(t *testing.T) {
	schema, err := cluster.Schema()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct{ page, part, text string }{
		{"lbsup.1", "commands", commandsPart()},
		{"lbsup.1", "flags", flagsPart()},
		{"lbsup.yaml.5", "keys", keysPart(t, schema)},
	} {
		t.Run(row.page+" "+row.part, func(t *testing.T) {
			file := filepath.Join(manual, row.page)
			page, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			before, rest, ok := strings.Cut(string(page), ".\\\" BEGIN "+row.part+"\n")
			old, after, ok2 := strings.Cut(rest, ".\\\" END "+row.part+"\n")
			if !ok || !ok2 {
				t.Fatalf("%s has no part %s", row.page, row.part)
			}
			if *update {
				whole := before + ".\\\" BEGIN " + row.part + "\n" + row.text + ".\\\" END " + row.part + "\n" + after
				if err := os.WriteFile(file, []byte(whole), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(row.text, old); diff != "" {
				t.Errorf("make it anew with -update (-want +got)\n%s", diff)
			}
		})
	}
}

func commandsPart() string {
	var b strings.Builder
	for _, c := range commands() {
		fmt.Fprintf(&b, ".SS %s\n%s.\n.PP\n", roff(usageLine(c)), roff(upperFirst(c.summary)))
		for i, paragraph := range strings.Split(c.about, "\n\n") {
			if i > 0 {
				b.WriteString(".PP\n")
			}
			b.WriteString(roff(strings.ReplaceAll(paragraph, "\n", " ")) + "\n")
		}
		for _, flag := range flagLines(c.flags) {
			fmt.Fprintf(&b, ".TP\n.B %s\n%s.\n", roff(flag[0]), roff(upperFirst(flag[1])))
		}
		b.WriteString(".PP\nExit status:")
		for i, o := range c.outcomes {
			fmt.Fprintf(&b, "%s\n.B %d\n%s", map[bool]string{true: ";"}[i > 0], o.code, roff(o.meaning))
		}
		fmt.Fprintf(&b, ".\n.PP\nExample:\n.EX\n%s\n.EE\n", roff(c.example))
	}
	return b.String()
}

func flagsPart() string {
	var b strings.Builder
	f := newFlags("global")
	(&program{}).global(f)
	for _, flag := range flagLines(f) {
		fmt.Fprintf(&b, ".TP\n.B %s\n%s.\n", roff(flag[0]), roff(upperFirst(flag[1])))
	}
	return b.String()
}

func upperFirst(text string) string { return strings.ToUpper(text[:1]) + text[1:] }

// roff makes text stand for itself in a page: see "Escapes" in groff(7).
func roff(text string) string {
	text = strings.NewReplacer(`\`, `\e`, "-", `\-`, "'", `\(aq`, "`", `\(ga`).Replace(text)
	if strings.HasPrefix(text, ".") {
		text = `\&` + text
	}
	return text
}

// Every page is good roff, and none has a line that a formatter would take for a request by mistake.
func TestManualIsGoodRoff(t *testing.T) {
	groff, err := exec.LookPath("groff")
	need.NoError(t, err)
	pages, err := filepath.Glob(filepath.Join(manual, "*.[1-8]"))
	if err != nil || len(pages) != 4 {
		t.Fatalf("got pages %v, %v, want four", pages, err)
	}
	for _, page := range pages {
		t.Run(filepath.Base(page), func(t *testing.T) {
			var out, warnings bytes.Buffer
			cmd := exec.CommandContext(t.Context(), groff, "-man", "-ww", "-Tutf8", "-P-cbou", "-rLL=100n", page)
			cmd.Stdout, cmd.Stderr = &out, &warnings
			if err := cmd.Run(); err != nil || warnings.Len() > 0 {
				t.Errorf("%v\n%s", err, warnings.String())
			}
			for _, want := range []string{"NAME", "DESCRIPTION", "SEE ALSO"} {
				if !strings.Contains(out.String(), want) {
					t.Errorf("has no section %s", want)
				}
			}
		})
	}
}

// The example of lbsup.yaml(5) is a good cluster file, and it uses every top-level key.
func TestManualExample(t *testing.T) {
	page, err := os.ReadFile(filepath.Join(manual, "lbsup.yaml.5"))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, ok := strings.Cut(string(page), ".SH EXAMPLE\n")
	_, rest, ok2 := strings.Cut(rest, ".EX\n")
	example, _, ok3 := strings.Cut(rest, ".EE\n")
	if !ok || !ok2 || !ok3 {
		t.Fatal("there is no example")
	}
	example = strings.NewReplacer(`\-`, "-", `\(aq`, "'", `\e`, `\`, `\&`, "").Replace(example)
	if _, problems := cluster.Parse("example", []byte(example)); len(problems) > 0 {
		t.Errorf("%v", problems)
	}
	for _, key := range []string{"cluster", "nodes", "vrrp", "checks", "services", "stats", "haproxy", "watch"} {
		if !strings.Contains("\n"+example, "\n"+key+":") {
			t.Errorf("the example does not show %s", key)
		}
	}
}

// lbsup-check has a page of its own, which knows each of its options.
func TestManualOfTheCheckClient(t *testing.T) {
	help, err := exec.CommandContext(t.Context(), "go", "run", "../lbsup-check", "--help").Output()
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(filepath.Join(manual, "lbsup-check.8"))
	if err != nil {
		t.Fatal(err)
	}
	options := 0
	for l := range strings.Lines(string(help)) {
		if option, ok := strings.CutPrefix(l, "  -"); ok {
			options++
			name, _, _ := strings.Cut(option, " ")
			if !strings.Contains(string(page), roff("-"+strings.TrimSpace(name))) {
				t.Errorf("lbsup-check(8) does not know -%s", name)
			}
		}
	}
	if options == 0 {
		t.Errorf("found no options in\n%s", help)
	}
}
