package pair

import (
	"os/exec"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// Kill ends what has been stopped, and does not mind one that has ended.
func TestKill(t *testing.T) {
	p := &Processes{unit: "sleep.service"}
	defer p.Release()
	var commands []*exec.Cmd
	for range 3 {
		command := exec.Command("sleep", "1000")
		if err := command.Start(); err != nil {
			t.Fatal(err)
		}
		file, err := unix.PidfdOpen(command.Process.Pid, 0)
		if err != nil {
			t.Fatal(err)
		}
		commands, p.files = append(commands, command), append(p.files, file)
	}
	if err := commands[0].Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = commands[0].Wait()
	if err := p.Kill(); err != nil {
		t.Fatal(err)
	}
	for _, command := range commands {
		_ = command.Wait()
		if status := command.ProcessState.Sys().(syscall.WaitStatus); !status.Signaled() || status.Signal() != syscall.SIGKILL {
			t.Errorf("it ended otherwise: %v", command.ProcessState)
		}
	}
}
