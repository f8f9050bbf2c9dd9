package cluster

import (
	"reflect"

	"go.yaml.in/yaml/v3"
)

// Parse reads a cluster file. It returns the cluster, or everything that is wrong with the file; never both. The
// name of the file only serves the problems.
func Parse(file string, data []byte) (*Cluster, Problems) {
	r := newReport(file, data)
	root := r.document(data)
	if root == nil {
		return nil, r.problems()
	}
	b := builder{report: r, cluster: &Cluster{}, index: &index{}}
	r.places[""] = placeOf(root)
	walker{r}.value("", root, reflect.ValueOf(&b.raw).Elem(), "")
	if root.Kind == yaml.MappingNode {
		b.build()
	}
	if len(r.found) > 0 {
		return nil, r.problems()
	}
	return b.cluster, nil
}

// builder turns the raw file into a Cluster, section by section, and reports what contradicts something else. It also
// runs over a file in which the walker has found mistakes, so every value may be missing.
type builder struct {
	*report
	raw     rawCluster
	cluster *Cluster
	index   *index
}

// index holds the names that other parts of the file refer to, gathered once.
type index struct {
	backends []string // SERVICE and SERVICE/POOL
	checks   []string // haproxy and the file's own by name
}

// build goes through the sections so that each finds what it refers to.
func (b builder) build() {
	b.cluster.Name = string(b.raw.Cluster)
	b.cluster.Watch = b.raw.Watch
	b.nodes()
	b.haproxy()
	b.services()
	b.stats()
	b.status()
	b.exchange()
	b.notices()
	b.binds()
	b.checks()
	b.vrrp()
}
