// SPDX-License-Identifier: Apache-2.0
/*
 * Forwards a container's notification that it is ready to the service manager, which waits for it.
 * Nothing else passes, and no descriptor: a container must not send other messages for the launcher.
 * Source: sd_notify(3), sd_notify_barrier(3).
 *
 *	container           launcher              manager
 *	   | READY=1            |                    |
 *	   | -----------------> | READY=1            |
 *	   |                    | MAINPID=...        |
 *	   |                    | BARRIER=1, a pipe  |
 *	   |                    | -----------------> |  closes the pipe once it has read all of it:
 *	   |                    |                    |  the launcher must not end before
 */
#include "launcher.h"
#include "sys.h"

#include <asm/errno.h>
#include <asm/socket.h>
#include <linux/fcntl.h>

#define MSG_DONTWAIT 0x40
#define PATIENCE 30   /* seconds, for a manager that does not read */
#define MESSAGES 1024 /* at once: more than a socket holds */

static int container = -1;    /* receives READY=1; -1: none is expected */
static int forwarded;	      /* whether it arrived; later messages are read and dropped, so that
				 the program never blocks on a full socket */
static int manager = -1;      /* connected to the service manager */
static int init = -1;	      /* a pidfd, unless supervise() waits */
static int acknowledged = -1; /* a pipe that ends when the manager has read all */
static struct text main_pid;

void expect_readiness(int from, int to, int pidfd, struct text pid)
{
	long patience[2] = {PATIENCE, 0};
	container = from;
	manager = to;
	init = pidfd;
	main_pid = pid;
	sys6(__NR_setsockopt, manager, SOL_SOCKET, SO_SNDTIMEO, patience, sizeof(patience), 0);
}

int readiness_socket(void)
{
	return container;
}

/* Whether one of the lines is this one. */
static int has_line(const char *text, long length, const char *word)
{
	for (long at = 0; at < length;) {
		long n = 0;
		while (word[n] && at + n < length && text[at + n] == word[n])
			n++;
		if (!word[n] && (at + n == length || text[at + n] == '\n'))
			return 1;
		while (at < length && text[at++] != '\n')
			;
	}
	return 0;
}

static void say(const char *bytes, size_t length)
{
	sys6(__NR_sendto, manager, bytes, length, MSG_NOSIGNAL, 0, 0);
}

static void ask_to_acknowledge(void)
{
	static char word[] = "BARRIER=1";
	int ends[2];
	if (sys2(__NR_pipe2, ends, O_CLOEXEC) < 0)
		return;
	struct {
		size_t length;
		int level, type, descriptor, pad;
	} rights = {20, SOL_SOCKET, SCM_RIGHTS, ends[1], 0};
	struct vector vector = {word, sizeof(word) - 1};
	struct message message = {0, 0, &vector, 1, &rights, sizeof(rights), 0};
	sys3(__NR_sendmsg, manager, &message, MSG_NOSIGNAL);
	sys1(__NR_close, ends[1]);
	acknowledged = ends[0];
}

void pass_readiness(void)
{
	static const char ready[] = "READY=1\n";
	char text[4096];
	for (int i = 0; container >= 0 && i < MESSAGES; i++) {
		/* Without a control buffer, the kernel closes descriptors that come along. */
		long n = sys6(__NR_recvfrom, container, text, sizeof(text), MSG_DONTWAIT, 0, 0);
		if (n < 0 && n != -EINTR)
			return;
		if (forwarded || !has_line(text, n, "READY=1"))
			continue;
		forwarded = 1;
		say(ready, sizeof(ready) - 1);
		say(main_pid.bytes, main_pid.length);
		ask_to_acknowledge();
		sys1(__NR_close, manager);
	}
}

void await_readiness(void)
{
	while (container >= 0 && init >= 0 && !forwarded) {
		struct poll polls[2] = {{container, POLLIN, 0}, {init, POLLIN, 0}};
		sys6(__NR_ppoll, polls, 2, 0, 0, 8, 0);
		pass_readiness();
		if (polls[1].happened)
			break; /* what it sent before its end was forwarded */
	}
}

void await_acknowledgement(void)
{
	long patience[2] = {PATIENCE, 0}; /* ppoll(2) writes there what remains */
	pass_readiness();
	while (acknowledged >= 0) {
		struct poll polls[2] = {{acknowledged, POLLIN, 0}, {container, POLLIN, 0}};
		if (sys6(__NR_ppoll, polls, 2, patience, 0, 8, 0) <= 0 || polls[0].happened)
			return;
		pass_readiness();
	}
}
