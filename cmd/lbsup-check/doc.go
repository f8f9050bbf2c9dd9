// Lbsup-check asks lbsup's health socket one question: keepalived runs it every second as its track_script.
//
// There are two ways through it. The usual question, whether the supervisor is well, is put by quick before Go's runtime has begun, where the
// linker was told to start there (-ldflags '-E lbsup_check_entry', as the Makefile does): on one machine that costs 0.15 ms of CPU time, of
// which /bin/true needs 0.84. Everything else, and the usual question when its answer is not plain, is for main: 1.3 ms. So that this stays
// so little, it imports syscall and unsafe and nothing else; what is missed most
// is os.Args. The figures are those of BenchmarkExec.
package main
