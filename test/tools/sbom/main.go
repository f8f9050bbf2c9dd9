// Command sbom writes what programs are made of as a bill of materials in CycloneDX 1.6, from what the Go linker wrote into them. The same programs
// give the same bytes.
//
//	sbom -version VERSION -time SECONDS PROGRAM... >FILE
package main

import (
	"debug/buildinfo"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"runtime/debug"
	"slices"
	"strings"
	"time"
)

func main() {
	version := flag.String("version", "", "the version of the whole")
	seconds := flag.Int64("time", 0, "when it was made, in seconds since 1970")
	flag.Parse()
	if err := run(*version, time.Unix(*seconds, 0).UTC(), flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "sbom: error:", err)
		os.Exit(1)
	}
}

func run(version string, at time.Time, programs []string) error {
	var infos []*debug.BuildInfo
	for _, program := range programs {
		info, err := buildinfo.ReadFile(program)
		if err != nil {
			return err
		}
		infos = append(infos, info)
	}
	out := json.NewEncoder(os.Stdout)
	out.SetIndent("", "  ")
	return out.Encode(billOf(version, at, infos))
}

// bill is as much of CycloneDX as is needed here: https://cyclonedx.org/docs/1.6/json/
type bill struct {
	Format       string       `json:"bomFormat"`
	Spec         string       `json:"specVersion"`
	Version      int          `json:"version"`
	Metadata     metadata     `json:"metadata"`
	Components   []component  `json:"components"`
	Dependencies []dependency `json:"dependencies"`
}

type metadata struct {
	Timestamp string    `json:"timestamp"`
	Component component `json:"component"`
}

type component struct {
	Type    string `json:"type"`
	Ref     string `json:"bom-ref"`
	Name    string `json:"name"`
	Version string `json:"version"`
	PURL    string `json:"purl,omitempty"`
}

type dependency struct {
	Ref       string   `json:"ref"`
	DependsOn []string `json:"dependsOn"`
}

// billOf lists each module of any of the programs once, and the Go that they were built with: its standard library is in them too.
func billOf(version string, at time.Time, infos []*debug.BuildInfo) bill {
	whole := component{Type: "application", Ref: "lbsup", Name: "lbsup", Version: version}
	b := bill{Format: "CycloneDX", Spec: "1.6", Version: 1, Metadata: metadata{Timestamp: at.Format(time.RFC3339), Component: whole}}
	seen := map[string]bool{}
	add := func(name, version string) {
		purl := "pkg:golang/" + name + "@" + version
		if !seen[purl] {
			seen[purl] = true
			b.Components = append(b.Components, component{Type: "library", Ref: purl, Name: name, Version: version, PURL: purl})
		}
	}
	for _, info := range infos {
		add("std", strings.TrimPrefix(info.GoVersion, "go"))
		for _, module := range info.Deps {
			if module.Replace != nil {
				module = module.Replace
			}
			add(module.Path, module.Version)
		}
	}
	slices.SortFunc(b.Components, func(a, b component) int { return strings.Compare(a.Ref, b.Ref) })
	parts := dependency{Ref: whole.Ref, DependsOn: []string{}}
	for _, c := range b.Components {
		parts.DependsOn = append(parts.DependsOn, c.Ref)
	}
	b.Dependencies = []dependency{parts}
	return b
}
