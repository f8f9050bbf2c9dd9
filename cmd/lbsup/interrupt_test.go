package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// Who asks again and again is not kept waiting, whatever the program waits for: here for a password that nobody writes. A shell may have had its jobs
// ignore SIGINT, so it is asked with SIGTERM.
func TestSecondInterruptEnds(t *testing.T) {
	dir := t.TempDir()
	fifo := filepath.Join(dir, "password")
	if err := unix.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Args = []string{"lbsup", "validate", "-"}
	cmd.Stdin = strings.NewReader(`{cluster: x, nodes: [{name: a, address: 192.0.2.11}],
vrrp: {instances: [{name: V, router_id: 1, interface: eth0, addresses: [{address: 192.0.2.10/24}]}]},
stats: {bind: "*:9000", user: admin, password_file: ` + fifo + `}, services: [{name: web, bind: ["*:80"], servers: [{name: s, address: "192.0.2.21:80"}]}]}`)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()

	given := time.After(10 * time.Second)
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	var writer *os.File // which opens when the program waits for it, and writes nothing
	for {
		select {
		case <-ended:
			if status := cmd.ProcessState.Sys().(syscall.WaitStatus); writer == nil || status.Signal() != syscall.SIGTERM {
				t.Errorf("it ended with %s", cmd.ProcessState)
			}
			return
		case <-given:
			_ = cmd.Process.Kill()
			t.Fatalf("it still runs, and waits for the password: %v", writer != nil)
		case <-again.C:
		}
		if writer != nil {
			_ = cmd.Process.Signal(syscall.SIGTERM)
		} else if f, err := os.OpenFile(fifo, os.O_WRONLY|unix.O_NONBLOCK, 0); err == nil {
			writer = f
			defer f.Close()
		}
	}
}
