#include "textflag.h"

// As on amd64. Compiled Go has its goroutine in R28.
TEXT lbsup_check_entry(SB),NOSPLIT|NOFRAME,$0
	MOVD RSP, R0
	MOVD R0, ·started(SB)
	MOVD $·goroutine(SB), g
	SUB  $32, RSP
	CALL ·quick(SB)
	// It was not the usual question, or something went wrong: the runtime and main take it from the beginning.
	MOVD ·started(SB), R0
	MOVD R0, RSP
	MOVD $0, g
	B    _rt0_arm64_linux(SB)
