/* What the parts of the launcher share. */
#ifndef JRUNC_LAUNCHER_H
#define JRUNC_LAUNCHER_H

#include <stddef.h>
#include <stdint.h>

#define POLLIN 1

/* struct pollfd of poll(2). */
struct poll {
	int fd;
	short events;
	short happened;
};

struct text {
	const char *bytes;
	size_t length;
};

/* The Java runtime: its pid, and, once it was collected, its wait(2) status. */
extern int java, java_status;

/* Waits for `pid`, passing signals on to it and, if `master` is not negative, bytes between our
 * standard streams and the terminal whose master it is. Returns the exit status for exit(2). */
int supervise(int pid, int master);

/* From here on signals wait to be read by supervise(). */
void hold_signals(void);

/* The exit status of a process as shells tell it: 128 + n if signal n killed it. */
int exit_status(int wait_status);

/* From now on the container's word that it is ready, which arrives `from` its socket, is passed on
 * `to` the service manager, with this line about the main pid. `init` is a pidfd, or -1 if
 * supervise() waits for its end. */
void expect_readiness(int from, int to, int init, struct text main_pid);

/* The socket to watch, or -1. */
int readiness_socket(void);

/* Reads what has arrived, and passes the word on. */
void pass_readiness(void);

/* Waits until the word was passed on, or nobody is left to give it. */
void await_readiness(void);

/* Waits until the service manager has heard the word, if it was passed on. */
void await_acknowledgement(void);

#endif
