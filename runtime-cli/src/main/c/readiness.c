/*
 * A container's word that it is ready, on its way to the service manager that waits to hear it of us.
 * Nothing else passes, and no descriptor: what there is to say about us is not a container's to say.
 * Source: sd_notify(3), sd_notify_barrier(3).
 *
 *	container           launcher              manager
 *	   | READY=1            |                    |
 *	   | -----------------> | READY=1            |
 *	   |                    | MAINPID=...        |
 *	   |                    | BARRIER=1, a pipe  |
 *	   |                    | -----------------> |  closes the pipe once it has read all of it:
 *	   |                    |                    |  before that we must not go
 */
#include "launcher.h"
#include "sys.h"

#include <asm/errno.h>
#include <asm/socket.h>
#include <linux/fcntl.h>

#define MSG_DONTWAIT 0x40
#define PATIENCE 30    /* seconds, for a manager that does not read */
#define MESSAGES 1024  /* at once: more than a socket holds */

static int container = -1;    /* where its word arrives; -1: none is awaited */
static int told;	      /* whether it did; what comes then is read and dropped, for a
				 program must not wait for somebody to read it */
static int manager = -1;      /* connected to who waits for it */
static int init = -1;	      /* a pidfd, if nobody else waits for its end */
static int acknowledged = -1; /* a pipe that ends when the manager has heard us */
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

/* Whether one of the lines is this word. */
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
		/* Descriptors that come along are closed by the kernel: nobody asked for them. */
		long n = sys6(__NR_recvfrom, container, text, sizeof(text), MSG_DONTWAIT, 0, 0);
		if (n < 0 && n != -EINTR)
			return;
		if (told || !has_line(text, n, "READY=1"))
			continue;
		told = 1;
		say(ready, sizeof(ready) - 1);
		say(main_pid.bytes, main_pid.length);
		ask_to_acknowledge();
		sys1(__NR_close, manager);
	}
}

void await_readiness(void)
{
	while (container >= 0 && init >= 0 && !told) {
		struct poll polls[2] = {{container, POLLIN, 0}, {init, POLLIN, 0}};
		sys6(__NR_ppoll, polls, 2, 0, 0, 8, 0);
		pass_readiness();
		if (polls[1].happened)
			break; /* what it said before it ended was passed on */
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
