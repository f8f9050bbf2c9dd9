package main

import (
	"encoding/json"
	"runtime/debug"
	"testing"
	"time"
)

func TestBillOf(t *testing.T) {
	infos := []*debug.BuildInfo{
		{GoVersion: "go1.26.0", Deps: []*debug.Module{
			{Path: "example.org/b", Version: "v2.0.0"},
			{Path: "example.org/a", Version: "v1.0.0", Replace: &debug.Module{Path: "example.org/fork", Version: "v1.0.1"}},
		}},
		{GoVersion: "go1.26.0", Deps: []*debug.Module{{Path: "example.org/b", Version: "v2.0.0"}}},
	}
	got, err := json.Marshal(billOf("1.2.3", time.Unix(0, 0).UTC(), infos))
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"bomFormat":"CycloneDX","specVersion":"1.6","version":1,` +
		`"metadata":{"timestamp":"1970-01-01T00:00:00Z","component":{"type":"application","bom-ref":"lbsup","name":"lbsup","version":"1.2.3"}},` +
		`"components":[` +
		`{"type":"library","bom-ref":"pkg:golang/example.org/b@v2.0.0","name":"example.org/b","version":"v2.0.0","purl":"pkg:golang/example.org/b@v2.0.0"},` +
		`{"type":"library","bom-ref":"pkg:golang/example.org/fork@v1.0.1","name":"example.org/fork","version":"v1.0.1","purl":"pkg:golang/example.org/fork@v1.0.1"},` +
		`{"type":"library","bom-ref":"pkg:golang/std@1.26.0","name":"std","version":"1.26.0","purl":"pkg:golang/std@1.26.0"}],` +
		`"dependencies":[{"ref":"lbsup","dependsOn":["pkg:golang/example.org/b@v2.0.0","pkg:golang/example.org/fork@v1.0.1","pkg:golang/std@1.26.0"]}]}`
	if string(got) != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
