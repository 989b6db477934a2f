/*
 * The process on the container's side. It has no will of its own: it makes the system calls that
 * Java asks for, and ends when its control socket does. Runs from a sealed memfd, so nothing of the
 * host's files is behind /proc/1/exe (CVE-2019-5736).
 */
#include "batch.h"
#include "sys.h"

#include <asm/signal.h>

ENTRY_POINT;

/* Ignored signals and the mask survive execve(2): whoever started us must not decide them. */
static void reset_signals(void)
{
	uint64_t default_action[4] = {0, 0, 0, 0};
	uint64_t none = 0;
	for (int signal = 1; signal <= SIGNALS; signal++)
		sys4(__NR_rt_sigaction, signal, default_action, 0, sizeof(none));
	sys4(__NR_rt_sigprocmask, SIG_SETMASK, &none, 0, sizeof(none));
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
	run_will();
	exit_now(0);
}
