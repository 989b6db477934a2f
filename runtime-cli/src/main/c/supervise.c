/* What remains of a foreground `run` once Java is gone: signals, bytes of a terminal, an exit status. */
#include "launcher.h"
#include "sys.h"

#include <asm/errno.h>
#include <asm/ioctls.h>
#include <asm/termbits.h>
#include <linux/fcntl.h>

#define SIG_BLOCK 0
#define SIGCHLD 17
#define SIGURG 23
#define SIGWINCH 28
#define WNOHANG 1
#define POLLIN 1
#define POLLOUT 4
#define POLLERR 8
#define POLLHUP 16
#define CHUNK 4096 /* PIPE_BUF: after POLLOUT a write of this size does not block */

struct poll {
	int fd;
	short events;
	short happened;
};

struct window {
	unsigned short rows, columns, x, y;
};

struct signal_info {
	uint32_t number;
	char rest[124];
};

/* Bytes on their way from one descriptor to another. */
struct flow {
	int from, to; /* -1: closed */
	int used, sent;
	char bytes[CHUNK];
};

static struct termios saved;
static int raw_terminal = -1; /* the host's terminal, while it is in raw mode */

void hold_signals(void)
{
	uint64_t all = ~0ul;
	sys4(__NR_rt_sigprocmask, SIG_BLOCK, &all, 0, sizeof(all));
}

int exit_status(int wait_status)
{
	int signal = wait_status & 0x7f;
	return signal ? 128 + signal : wait_status >> 8 & 0xff;
}

/* Every key goes to the container unchanged; output too, for its own terminal adds the returns. */
static void enter_raw_mode(void)
{
	struct termios raw;
	if (sys3(__NR_ioctl, 0, TCGETS, &saved) < 0)
		return;
	raw = saved;
	raw.c_iflag &= ~(tcflag_t)(IGNBRK | BRKINT | PARMRK | ISTRIP | INLCR | IGNCR | ICRNL | IXON);
	raw.c_oflag &= ~(tcflag_t)OPOST;
	raw.c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | ISIG | IEXTEN);
	raw.c_cflag &= ~(tcflag_t)(CSIZE | PARENB);
	raw.c_cflag |= CS8;
	raw.c_cc[VMIN] = 1;
	raw.c_cc[VTIME] = 0;
	if (sys3(__NR_ioctl, 0, TCSETSW, &raw) == 0)
		raw_terminal = 0;
}

static void leave_raw_mode(void)
{
	if (raw_terminal >= 0)
		sys3(__NR_ioctl, raw_terminal, TCSETSW, &saved);
	raw_terminal = -1;
}

static void pass_window_size(int master)
{
	struct window window;
	for (int fd = 0; fd <= 2; fd++) {
		if (sys3(__NR_ioctl, fd, TIOCGWINSZ, &window) == 0) {
			sys3(__NR_ioctl, master, TIOCSWINSZ, &window);
			return;
		}
	}
}

static void fill(struct flow *flow)
{
	long n = sys3(__NR_read, flow->from, flow->bytes, CHUNK);
	if (n == -EAGAIN || n == -EINTR)
		return;
	if (n <= 0)
		flow->from = -1;
	flow->used = n > 0 ? (int)n : 0;
	flow->sent = 0;
}

static void drain(struct flow *flow)
{
	long n = sys3(__NR_write, flow->to, flow->bytes + flow->sent, flow->used - flow->sent);
	if (n == -EAGAIN || n == -EINTR)
		return;
	if (n < 0)
		flow->to = -1; /* nobody reads: go on emptying the other side */
	flow->sent += n > 0 ? (int)n : 0;
	if (flow->sent == flow->used || flow->to < 0)
		flow->used = flow->sent = 0;
}

/* Waits for what the flow needs next: room if it holds bytes, else bytes. */
static struct poll wish(const struct flow *flow)
{
	struct poll poll = {-1, 0, 0};
	if (flow->used > flow->sent) {
		poll.fd = flow->to;
		poll.events = POLLOUT;
	} else if (flow->from >= 0) {
		poll.fd = flow->from;
		poll.events = POLLIN;
	}
	return poll;
}

static void move(struct flow *flow, const struct poll *poll)
{
	if (poll->fd < 0 || poll->happened == 0)
		return;
	if (poll->events == POLLOUT)
		drain(flow);
	else
		fill(flow);
}

/* Reads one signal and passes it on; returns whether a child may have ended. */
static int pass_signal(int signals, int pid, int master)
{
	struct signal_info info;
	if (sys3(__NR_read, signals, &info, sizeof(info)) != sizeof(info))
		return 0;
	if (info.number == SIGCHLD)
		return 1;
	if (info.number == SIGWINCH && master >= 0)
		pass_window_size(master);
	else if (info.number != SIGWINCH && info.number != SIGURG)
		sys2(__NR_kill, pid, info.number);
	return 0;
}

/* Collects every child that has ended. Returns 1 with its status if `pid` was among them. */
static int reap(int pid, int *status)
{
	int found = 0;
	int one;
	long ended;
	while ((ended = sys4(__NR_wait4, -1, &one, WNOHANG, 0)) > 0) {
		if (ended == pid) {
			*status = one;
			found = 1;
		}
	}
	return found;
}

int supervise(int pid, int master)
{
	static struct flow in, out;
	uint64_t all = ~0ul;
	int status = 0;
	int signals = (int)sys4(__NR_signalfd4, -1, &all, sizeof(all), O_CLOEXEC);
	int gone = reap(pid, &status);
	in = (struct flow){.from = master >= 0 ? 0 : -1, .to = master};
	out = (struct flow){.from = master, .to = 1};
	if (master >= 0) {
		sys3(__NR_fcntl, master, F_SETFL, O_RDWR | O_NONBLOCK);
		enter_raw_mode();
		pass_window_size(master);
	}
	/* What the container wrote last is still in the terminal when it is gone. */
	while (!gone || out.from >= 0 || (out.to >= 0 && out.used > 0)) {
		struct poll polls[3] = {{signals, POLLIN, 0}, wish(&in), wish(&out)};
		if (gone)
			polls[1].fd = -1;
		long zero_timeout[2] = {0, 100000000};
		long n = sys6(__NR_ppoll, polls, 3, gone ? zero_timeout : 0, 0, 8, 0);
		if (gone && n == 0)
			break;
		if (polls[0].happened && pass_signal(signals, pid, master))
			gone |= reap(pid, &status);
		move(&in, &polls[1]);
		move(&out, &polls[2]);
		if (out.to < 0)
			out.used = out.sent = 0;
	}
	leave_raw_mode();
	return exit_status(status);
}
