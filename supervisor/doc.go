// Package supervisor is the owner loop of lbsup: adapters bring events in, supervisor/state decides, adapters carry the
// actions out. It is the only place where one adapter's words are translated into another's.
package supervisor
