package main

import (
	"errors"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/lbsup/lbsup/render"
	"github.com/lbsup/lbsup/test/need"
)

var update = flag.Bool("update", false, "write golden files and the manual's list of commands anew")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"lbsup": main})
}

// The command line is specified by testdata/script. Beside the usual words a script may say
//
//	exits CODE lbsup …   the command must end with this code
//	backend              start a supervisor's control socket at $SOCKET, see backend_test.go
//	mode OCTAL FILE      the file must have this mode
func TestScript(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("testdata", "script"),
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		UpdateScripts:       *update,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":   exits,
			"backend": startBackend,
			"mode":    mode,
		},
		Condition: func(name string) (bool, error) {
			switch name {
			case "daemons":
				return haveDaemons(t), nil
			case "clusterfile": // this host has one
				_, err := os.Stat(render.ClusterFile)
				return err == nil, nil
			}
			return false, errors.New("there is no condition " + name)
		},
		Setup: func(env *testscript.Env) error {
			env.Setenv("SOCKET", filepath.Join(env.WorkDir, "s"))
			env.Setenv("LANG", "C.UTF-8")
			return os.CopyFS(filepath.Join(env.WorkDir, "clusters"), os.DirFS("../../test/clusters"))
		},
	})
}

func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND …")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	got := 0
	var ended *exec.ExitError
	if errors.As(err, &ended) {
		got = ended.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("%v ended with exit code %d, want %d", args[1:], got, want)
	}
}

func mode(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.ParseUint(args[0], 8, 32)
	ts.Check(err)
	info, err := os.Stat(ts.MkAbs(args[1]))
	ts.Check(err)
	if got := info.Mode().Perm(); got != os.FileMode(want) {
		ts.Fatalf("%s has mode %o, want %o", args[1], got, want)
	}
}

// haveDaemons says whether the real ones can be asked. Where all tests must run, they have to be.
func haveDaemons(t *testing.T) bool {
	there := findDaemon("haproxy") != "" && findDaemon("keepalived") != ""
	if need.Everything() {
		need.That(t, there, "haproxy and keepalived")
	}
	return there
}
