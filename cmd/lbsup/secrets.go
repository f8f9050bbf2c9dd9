package main

import (
	"fmt"
	"strings"

	"github.com/lbsup/lbsup/render/cluster"
)

// placeholder stands for a password that cannot be read here. VRRP has room for eight characters.
const placeholder = "NOTKNOWN"

// secrets reads the password files of a cluster as far as it can. Notes name the others.
func secrets(c *cluster.Cluster) (known cluster.Secrets, notes []string) {
	known = cluster.Secrets{}
	for _, name := range c.SecretFiles() {
		data, err := readBounded(name)
		if err != nil {
			notes = append(notes, fmt.Sprintf("password file %s: %s", name, plainly(err)))
			continue
		}
		known[name] = strings.TrimSuffix(string(data), "\n")
	}
	return known, notes
}

// placeholders puts the placeholder where a password is not known.
func placeholders(c *cluster.Cluster, known cluster.Secrets) cluster.Secrets {
	all := cluster.Secrets{}
	for _, name := range c.SecretFiles() {
		all[name] = placeholder
		if secret, ok := known[name]; ok {
			all[name] = secret
		}
	}
	return all
}

// checkSecrets reports what is wrong with the passwords that could be read.
func checkSecrets(c *cluster.Cluster, known cluster.Secrets) cluster.Problems {
	readable := *c
	readable.Secrets = nil
	for _, use := range c.Secrets {
		if _, ok := known[use.Path]; ok {
			readable.Secrets = append(readable.Secrets, use)
		}
	}
	return readable.CheckSecrets(known)
}
