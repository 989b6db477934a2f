// SPDX-License-Identifier: Apache-2.0
/*
 * The process on the container's side. It decides nothing: it makes the system calls that Java
 * sends, and ends when its control socket closes. It runs from a sealed memfd, so that /proc/1/exe
 * is no file of the host (CVE-2019-5736).
 */
#include "batch.h"
#include "sys.h"

#include <asm/signal.h>

ENTRY_POINT;

/* Ignored signals and the mask survive execve(2), so those of the caller are reset. */
static void reset_signals(void)
{
	uint64_t none[4] = {0, 0, 0, 0}; /* no flags, no handler, no signals */
	for (int signal = 1; signal <= SIGNALS; signal++)
		sys4(__NR_rt_sigaction, signal, none, 0, sizeof(uint64_t));
	sys4(__NR_rt_sigprocmask, SIG_SETMASK, none, 0, sizeof(uint64_t));
}

_Noreturn void start(long *stack)
{
	char **argv = (char **)(stack + 1);
	int control = 0;
	if (stack[0] != 2)
		exit_now(2);
	for (char *digit = argv[1]; *digit; digit++) {
		if (*digit < '0' || *digit > '9' || control > 1 << 20)
			exit_now(2);
		control = control * 10 + (*digit - '0');
	}
	reset_signals();
	serve(control);
	run_cleanup();
	exit_now(0);
}
