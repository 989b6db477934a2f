/* What the parts of the launcher share. */
#ifndef JRUNC_LAUNCHER_H
#define JRUNC_LAUNCHER_H

#include <stdint.h>

/* Waits for `pid`, passing signals on to it and, if `master` is not negative, bytes between our
 * standard streams and the terminal whose master it is. Returns the exit status for exit(2). */
int supervise(int pid, int master);

/* From here on signals wait to be read by supervise(). */
void hold_signals(void);

/* The exit status of a process as shells tell it: 128 + n if signal n killed it. */
int exit_status(int wait_status);

#endif
