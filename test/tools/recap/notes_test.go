package main

import (
	"fmt"
	"strings"
	"testing"
)

const head = "\nWhat failed, once more (packages: %d ok, %d failed):\n"

func TestRecap(t *testing.T) {
	for _, row := range []struct {
		name, printed string
		ok, bad       int
		want          string
	}{
		{"a test among good packages", `ok  	example/one	0.01s
--- FAIL: TestFirst (0.00s)
    first_test.go:7: got 1, want 2
FAIL
FAIL	example/two	0.01s
ok  	example/three	0.01s
FAIL
`, 2, 1, `--- FAIL: TestFirst (0.00s)
    first_test.go:7: got 1, want 2
FAIL	example/two	0.01s
`},
		{"a subtest, its difference, and what the hosts say", `--- FAIL: TestPair (9.00s)
    lab: one is up after 0.5 s
    --- FAIL: TestPair/row (1.00s)
        pair_test.go:9: (-want +got)
              string(
            - 	"a",
            + 	"b",
              )
        evidence.go:45: one says:
            enc1 UP
            Jan 1 00:00:00 one keepalived: pair_test.go is not named here
    pair_test.go:12: late
FAIL
FAIL	example/two	9.01s
`, 0, 1, `--- FAIL: TestPair (9.00s)
    --- FAIL: TestPair/row (1.00s)
        pair_test.go:9: (-want +got)
              string(
            - 	"a",
            + 	"b",
              )
    pair_test.go:12: late
FAIL	example/two	9.01s
`},
		{"good tests that talk", `=== RUN   TestA
    a_test.go:5: by the way
--- PASS: TestA (0.00s)
    a_test.go:6: all is well
--- FAIL: TestB (0.00s)
    b_test.go:7: bad
--- PASS: TestC (0.00s)
    c_test.go:8: all is well
FAIL	example	0.01s
`, 0, 1, `--- FAIL: TestB (0.00s)
    b_test.go:7: bad
FAIL	example	0.01s
`},
		{"what is printed after a package that failed", `--- FAIL: TestA (0.00s)
FAIL	example/one	0.01s
    b_test.go:8: all is well
ok  	example/two	0.01s
`, 1, 1, `--- FAIL: TestA (0.00s)
FAIL	example/one	0.01s
`},
		{"what does not compile", `# example/two [example/two.test]
two/two_test.go:5:2: undefined: x
vet: one/one.go:3:1: expected declaration
FAIL	example/two [build failed]
`, 0, 1, `two/two_test.go:5:2: undefined: x
vet: one/one.go:3:1: expected declaration
FAIL	example/two [build failed]
`},
		{"a panic and a test without end", `panic: test timed out after 1s
	running tests:
		TestSlow (1s)

goroutine 7 [running]:
FAIL	example	1.01s
`, 0, 1, `panic: test timed out after 1s
		TestSlow (1s)
FAIL	example	1.01s
`},
		{"a script", `--- FAIL: TestScript (0.01s)
    --- FAIL: TestScript/validate (0.01s)
        testscript.go:584: > exec lbsup validate
            [stderr]
            lbsup: error: no
            FAIL: testdata/validate.txtar:3: unexpected command failure
FAIL	example	0.01s
`, 0, 1, `--- FAIL: TestScript (0.01s)
    --- FAIL: TestScript/validate (0.01s)
            FAIL: testdata/validate.txtar:3: unexpected command failure
FAIL	example	0.01s
`},
		{"the race detector", "--- FAIL: TestA (0.00s)\n    testing.go:1712: race detected during execution of test\n", 0, 0,
			"--- FAIL: TestA (0.00s)\n    testing.go:1712: race detected during execution of test\n"},
	} {
		t.Run(row.name, func(t *testing.T) {
			n := &notes{}
			for _, b := range []byte(row.printed) { // a pipe cuts where it likes
				if _, err := n.Write([]byte{b}); err != nil {
					t.Fatal(err)
				}
			}
			if got, want := n.recap(), fmt.Sprintf(head, row.ok, row.bad)+row.want; got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

// However much fails, the recap stays short, begins with what failed first, and gives up the continued lines before the messages.
func TestRecapIsShort(t *testing.T) {
	for _, row := range []struct {
		name         string
		tests, lines int
		first, last  string
	}{
		{"long messages", 20, 40, "--- FAIL: Test0 (0.00s)\n    a_test.go:1: bad\n        more\n--- FAIL: Test1 ", "    a_test.go:1: bad\n        more\n"},
		{"many tests", 500, 3, "--- FAIL: Test0 (0.00s)\n    a_test.go:1: bad\n--- FAIL: Test1 ", "… and 940 lines more: see above\n"},
		{"one with much to say", 1, 10_000, "--- FAIL: Test0 (0.00s)\n    a_test.go:1: bad\n        more\n        more\n", "        more\n"},
	} {
		t.Run(row.name, func(t *testing.T) {
			n := &notes{}
			for i := range row.tests {
				fmt.Fprintf(n, "--- FAIL: Test%d (0.00s)\n    a_test.go:1: bad\n%s", i, strings.Repeat("        more\n", row.lines))
			}
			got := n.recap()
			if lines := strings.Count(got, "\n"); lines > mostLines+4 || len(got) > mostBytes+300 {
				t.Errorf("got %d lines, %d bytes", lines, len(got))
			}

			if !strings.HasPrefix(got, fmt.Sprintf(head, 0, 0)+row.first) || !strings.HasSuffix(got, row.last) {
				t.Errorf("got\n%s", got)
			}
		})
	}
}

func TestLongLine(t *testing.T) {
	n := &notes{}
	fmt.Fprintf(n, "--- FAIL: TestA (0.00s)\n    a_test.go:1: %s\nFAIL\texample\t1s\n", strings.Repeat("ä", 100_000))
	got := strings.Split(n.recap(), "\n")
	if len(got) != 6 || len([]rune(got[3])) != longestLine+1 || got[4] != "FAIL\texample\t1s" {
		t.Errorf("got %q", got)
	}
}

func FuzzNotes(f *testing.F) {
	f.Add("--- FAIL: TestA (0.00s)\n    a_test.go:1: bad\n        more\nFAIL\texample\t1s\n")
	f.Add("        more\n    a_test.go:1: x\n\xff\n")
	f.Fuzz(func(t *testing.T, printed string) {
		n := &notes{}
		if _, err := n.Write([]byte(printed)); err != nil {
			t.Fatal(err)
		}
		if lines := strings.Count(n.recap(), "\n"); lines > mostLines+4 {
			t.Errorf("got %d lines", lines)
		}
	})
}
