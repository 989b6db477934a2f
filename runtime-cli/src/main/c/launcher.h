// SPDX-License-Identifier: Apache-2.0
/* What the parts of the launcher share. */
#pragma once

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

char *append(char *at, const char *s);

/* Connects to the resident runtime of this directory, and receives its greeting. Returns the
 * socket, or -1: there is none for this caller. */
int greet_resident(const char *directory, uint64_t *nonce);

/* Whether the resident runtime takes the request: 0, it declines; -1, it does not answer. */
int is_accepted(int socket);

/* The Java runtime: its pid, and, once reaped, its wait(2) status. */
extern int java, java_status;

/* Waits for `pid`, and forwards signals to it. If `master` is not negative, copies bytes between
 * the standard streams and that terminal. Returns the exit status for exit(2). */
int supervise(int pid, int master);

/* From here on signals wait to be read by supervise(). */
void hold_signals(void);

/* The exit status of a process as shells report it: 128 + n if signal n killed it. */
int exit_status(int wait_status);

/* From now on, READY=1 that arrives at the container's socket `from` is forwarded to the service
 * manager's socket `to`, with this line about the main pid. `init` is a pidfd, or -1 if
 * supervise() waits for its end. */
void expect_readiness(int from, int to, int init, struct text main_pid);

/* The socket to watch, or -1. */
int readiness_socket(void);

/* Reads what has arrived, and forwards READY=1. */
void pass_readiness(void);

/* Waits until READY=1 was forwarded, or init has ended. */
void await_readiness(void);

/* Waits until the service manager has read the notification, if it was forwarded. */
void await_acknowledgement(void);
