// SPDX-License-Identifier: Apache-2.0
/* A foreground `run` after Java has exited: signals, bytes of a terminal, an exit status. */
#include "launcher.h"
#include "sys.h"
#include "terminal.h"

#include <asm/errno.h>
#include <asm/signal.h>
#include <linux/fcntl.h>

#define WNOHANG 1
#define POLLOUT 4
#define CHUNK 4096 /* PIPE_BUF: after POLLOUT a write of this size does not block */
#define FOREGROUND_CHECK 250000000 /* ns: no event reports that a job is in the foreground */
#define LAST_WORDS 100000000	   /* ns: for output of processes that outlive init */

struct signal_info {
	uint32_t number;
	int32_t error, code;
	uint32_t sender;
	char rest[112];
};

/* Bytes on their way from one descriptor to another. */
struct flow {
	int from, to; /* -1: closed */
	int used, sent;
	char bytes[CHUNK];
};

/* A container with a terminal, or without: then there are no flows. */
struct container {
	int pid, status, gone;
	int signals;   /* a signalfd */
	int master;    /* -1: no terminal */
	int other_end; /* of it */
	int typed;     /* whether its input comes from a terminal */
	int paused;    /* whether another job has it now */
	int given_up;  /* signalled to end while the last output cannot be written */
	struct flow in, out;
};

void hold_signals(void)
{
	uint64_t all = ~0ul, default_action[4] = {0, 0, 0, 0};
	sys4(__NR_rt_sigprocmask, SIG_BLOCK, &all, 0, sizeof(all));
	/* Ignored signals would never arrive, and so not be forwarded. Signals that stop jobs keep
	 * their disposition: see stop_until_continued(). */
	for (int signal = 1; signal <= SIGNALS; signal++)
		if (signal < SIGTSTP || signal > SIGTTOU)
			sys4(__NR_rt_sigaction, signal, default_action, 0, sizeof(all));
}

int exit_status(int wait_status)
{
	int signal = wait_status & 0x7f;
	return signal ? 128 + signal : wait_status >> 8 & 0xff;
}

/* Returns 0 at the end of the input. */
static long fill(struct flow *flow)
{
	long n = sys3(__NR_read, flow->from, flow->bytes, CHUNK);
	if (n == -EAGAIN || n == -EINTR)
		return n;
	if (n <= 0)
		flow->from = -1;
	flow->used = n > 0 ? (int)n : 0;
	flow->sent = 0;
	return n;
}

static void drain(struct flow *flow)
{
	long n = sys3(__NR_write, flow->to, flow->bytes + flow->sent, flow->used - flow->sent);
	if (n == -EAGAIN || n == -EINTR)
		return;
	if (n < 0)
		flow->to = -1; /* no reader: go on emptying the other side */
	flow->sent += n > 0 ? (int)n : 0;
	if (flow->sent == flow->used || flow->to < 0)
		flow->used = flow->sent = 0;
}

/* Polls for room if the flow holds bytes, otherwise for bytes. */
static struct poll wish(const struct flow *flow)
{
	if (flow->used > flow->sent)
		return (struct poll){flow->to, POLLOUT, 0};
	return (struct poll){flow->from, POLLIN, 0};
}

/* Forwards the end of a file or pipe as Ctrl-D: once after a line, otherwise twice. */
static void end_input(struct container *c, char last)
{
	c->in.bytes[0] = c->in.bytes[1] = end_of_input(c->master);
	c->in.used = last == '\n' ? 1 : 2;
}

static void move_in(struct container *c, const struct poll *poll)
{
	static char last = '\n';
	if (poll->fd < 0 || poll->happened == 0)
		return;
	if (poll->events == POLLOUT) {
		drain(&c->in);
		return;
	}
	long n = fill(&c->in);
	if (n > 0) {
		last = c->in.bytes[n - 1];
	} else if (n == -EIO && c->typed && !in_foreground()) {
		c->in.from = 0; /* the terminal exists, but another job reads its keys */
		c->paused = 1;
	} else if (n == 0 || n == -EIO) {
		end_input(c, last);
	}
}

static void move_out(struct container *c, const struct poll *poll)
{
	if (poll->fd < 0 || poll->happened == 0)
		return;
	if (poll->events == POLLOUT)
		drain(&c->out);
	else
		fill(&c->out);
	if (c->out.to < 0)
		c->out.used = c->out.sent = 0;
}

/* The launcher may be in the foreground again. */
static void resume(struct container *c)
{
	if (c->master < 0)
		return;
	c->paused = c->typed && !in_foreground();
	enter_raw_mode();
	pass_window_size(c->master);
}

/* Reaps every child that has ended. */
static void reap(struct container *c)
{
	int one;
	long ended;
	do {
		ended = sys4(__NR_wait4, -1, &one, WNOHANG, 0);
		if (ended == java)
			java_status = one;
		/* Without a child, no event would end the wait. */
		if (ended == c->pid || (ended == -ECHILD && !c->gone)) {
			c->status = ended > 0 ? one : 1 << 8;
			c->gone = 1;
			sys1(__NR_close, c->other_end);
		}
	} while (ended > 0);
}

static void take_signal(struct container *c)
{
	struct signal_info info;
	if (sys3(__NR_read, c->signals, &info, sizeof(info)) != sizeof(info))
		return;
	if (info.number == SIGCHLD) {
		reap(c);
		return;
	}
	if (info.number == SIGURG || (info.number == SIGPIPE && info.sender == sys1(__NR_getpid, 0)))
		return; /* the latter comes from the launcher's own writes */
	if (info.number == SIGWINCH) {
		if (c->master >= 0)
			pass_window_size(c->master);
		return;
	}
	if (!c->gone) /* otherwise the pid may be reused */
		sys2(__NR_kill, c->pid, info.number);
	if (info.number == SIGTSTP) {
		leave_raw_mode();
		stop_until_continued();
		resume(c); /* also if the launcher did not stop: then no SIGCONT follows */
	} else if (info.number == SIGCONT) {
		resume(c);
	} else {
		c->given_up = c->gone;
	}
}

/* The container's last output may still be in the terminal after its end. */
static int has_more_to_say(const struct container *c)
{
	return !c->given_up && (c->out.from >= 0 || (c->out.to >= 0 && c->out.used > 0));
}

int supervise(int pid, int master)
{
	static struct container c;
	uint64_t all = ~0ul;
	c.pid = pid;
	c.master = c.in.to = c.out.from = master;
	c.in.from = master >= 0 ? 0 : -1;
	c.out.to = 1;
	c.other_end = -1;
	c.signals = (int)sys4(__NR_signalfd4, -1, &all, sizeof(all), O_CLOEXEC);
	if (master >= 0) {
		sys3(__NR_fcntl, master, F_SETFL, O_RDWR | O_NONBLOCK);
		c.other_end = open_other_end(master);
		c.typed = keys_are_typed();
		resume(&c);
	}
	reap(&c);
	while (!c.gone || has_more_to_say(&c)) {
		struct poll polls[4] = {{c.signals, POLLIN, 0}, wish(&c.in), wish(&c.out),
					{readiness_socket(), POLLIN, 0}};
		long timeout[2] = {0, c.gone ? LAST_WORDS : FOREGROUND_CHECK};
		/* Also a slow reader gets all output. */
		int forever = c.gone ? c.out.used > 0 : !c.paused;
		if (c.gone || (c.paused && polls[1].fd == 0))
			polls[1].fd = -1;
		long n = sys6(__NR_ppoll, polls, 4, forever ? 0 : timeout, 0, 8, 0);
		if (n == 0 && c.gone)
			break;
		if (n < 0 && n != -EINTR) /* refused by a filter: without a terminal, signals suffice */
			polls[0].happened = POLLIN;
		if (n == 0 && in_foreground())
			resume(&c);
		if (polls[0].happened)
			take_signal(&c);
		move_in(&c, &polls[1]);
		move_out(&c, &polls[2]);
		if (polls[3].happened)
			pass_readiness();
	}
	leave_raw_mode();
	return exit_status(c.status);
}
