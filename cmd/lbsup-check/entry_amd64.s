#include "textflag.h"

// The kernel starts the program here: the linker is told so (-E lbsup_check_entry). The usual question is put and answered before Go's
// runtime has begun to set itself up, which costs more than the question. Compiled Go wants to find its goroutine at -8(FS), runtime/go_tls.h;
// one that is all zeros says that there is no end to the stack.
TEXT lbsup_check_entry(SB),NOSPLIT|NOFRAME,$0
	MOVQ SP, ·started(SB)
	LEAQ ·goroutine(SB), AX
	MOVQ AX, ·local(SB)
	MOVQ $158, AX           // arch_prctl(2)
	MOVQ $0x1002, DI        // ARCH_SET_FS
	LEAQ ·local+8(SB), SI
	SYSCALL
	SUBQ $32, SP
	CALL ·quick(SB)
	// It was not the usual question, or something went wrong: the runtime and main take it from the beginning.
	MOVQ ·started(SB), SP
	XORL DX, DX
	JMP  _rt0_amd64_linux(SB)
