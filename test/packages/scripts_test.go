package packages

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The policy goes to hosts that have the one it is for, at work or not, and to no other; and leaves them so.
func TestSELinuxScripts(t *testing.T) {
	dir := packagesIn(t, first)
	const policies = "/usr/share/selinux/packages/targeted/"
	for tag, modules := range map[string][2]string{
		"POSTIN": {"-i " + policies + "lbsup.cil", "-i " + policies + "lbsup_ports.cil"},
		"POSTUN": {"-r lbsup_ports", "-r lbsup"},
	} {
		script := output(t, "rpm", "-qp", "--qf", "%{"+tag+"}", filepath.Join(dir, rpmSELinux(older)))
		one, other := "semodule -n -s targeted -X 200 "+modules[0]+"\n", "semodule -n -s targeted -X 200 "+modules[1]+"\n"
		for _, test := range []struct{ name, config, enabled, want string }{
			{"no SELinux", "", "1", ""},
			{"another policy", "SELINUX=enforcing\nSELINUXTYPE=default\n", "0", ""},
			{"off", "SELINUX=disabled\nSELINUXTYPE=targeted\n", "1", one + other},
			{"at work", "SELINUX=enforcing\nSELINUXTYPE=targeted\n", "0", one + "load_policy \n" + other + "load_policy \n"},
		} {
			if diff := cmp.Diff(test.want, underSELinux(t, script, test.config, test.enabled)); diff != "" {
				t.Errorf("%s, %s (-want +got)\n%s", tag, test.name, diff)
			}
		}
	}
}

// underSELinux is what a script calls where SELinux is configured so, and what it prints.
func underSELinux(t *testing.T, script, config, enabled string) string {
	t.Helper()
	dir := t.TempDir()
	if config != "" {
		if err := os.WriteFile(filepath.Join(dir, "config"), []byte(config), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for name, text := range map[string]string{"semodule": `echo "semodule $*"`, "load_policy": `echo "load_policy $*"`, "selinuxenabled": "exit " + enabled} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"+text+"\n"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	command := exec.CommandContext(t.Context(), "/bin/sh", "-c", strings.ReplaceAll(script, "/etc/selinux/config", filepath.Join(dir, "config")), "script", "0")
	command.Env = []string{"PATH=" + dir + ":/usr/bin:/bin"}
	out, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return string(out)
}
