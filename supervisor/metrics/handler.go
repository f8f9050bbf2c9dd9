package metrics

import (
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// What scrapes may cost, whoever asks.
const (
	within     = 2 * time.Second // for what HAProxy is asked
	atOnce     = 4               // scrapes
	scrapeTime = 5 * time.Second // for one
)

// Handler answers scrapes, as OpenMetrics where that is asked for.
func Handler(source Source, tally *Tally) http.Handler {
	registry := prometheus.NewPedanticRegistry()
	registry.MustRegister(Collector{Source: source, Within: within},
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	registry.MustRegister(tally.collectors()...)
	return promhttp.HandlerFor(registry, promhttp.HandlerOpts{
		EnableOpenMetrics: true, MaxRequestsInFlight: atOnce, Timeout: scrapeTime,
		ErrorHandling: promhttp.ContinueOnError,
	})
}
