package main

import (
	"os/exec"
	"testing"
)

// BenchmarkExec compares what one run of the check costs with a program that does nothing.
func BenchmarkExec(b *testing.B) {
	socket := supervised(b)
	for _, bm := range []struct {
		name string
		argv []string
	}{
		{"true", []string{"/bin/true"}},
		{"lbsup-check", []string{program, "-s", socket}},
		{"lbsup-check with a name", []string{program, "-s", socket, "supervisor"}}, // after the runtime's start
	} {
		b.Run(bm.name, func(b *testing.B) {
			var spent float64
			for b.Loop() {
				command := exec.Command(bm.argv[0], bm.argv[1:]...)
				if err := command.Run(); err != nil {
					b.Fatal(err)
				}
				spent += float64(command.ProcessState.UserTime()+command.ProcessState.SystemTime()) / 1e6
			}
			b.ReportMetric(spent/float64(b.N), "cpu-ms/op")
		})
	}
}
