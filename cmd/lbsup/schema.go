package main

import (
	"context"

	"github.com/lbsup/lbsup/render/cluster"
)

func schemaCommand() command {
	return command{
		name: "schema", summary: "the JSON Schema of the cluster file, for editors",
		about: `Writes the JSON Schema of the cluster file. An editor that knows it completes keys and
marks mistakes while you type. Put this line at the top of the cluster file for
yaml-language-server: # yaml-language-server: $schema=lbsup.schema.json`,
		outcomes: []outcome{{exitOK, "written"}, usageWrong},
		example:  "lbsup schema > lbsup.schema.json",
		run: func(_ context.Context, p *program, _ []string) int {
			schema, err := cluster.Schema()
			if err == nil {
				_, err = p.stdout.Write(schema)
			}
			if err != nil {
				return p.fail(err)
			}
			return exitOK
		},
	}
}
