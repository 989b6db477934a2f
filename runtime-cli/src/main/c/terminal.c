// SPDX-License-Identifier: Apache-2.0
#include "terminal.h"
#include "sys.h"

#include <asm/errno.h>
#include <asm/ioctls.h>
#include <asm/signal.h>
#include <asm/termbits.h>
#include <linux/fcntl.h>

#define CTRL_D 4

struct window {
	unsigned short rows, columns, x, y;
};

static struct termios saved;
static int is_raw;

int keys_are_typed(void)
{
	struct termios termios;
	return sys3(__NR_ioctl, 0, TCGETS, &termios) == 0;
}

int in_foreground(void)
{
	int group;
	return sys3(__NR_ioctl, 0, TIOCGPGRP, &group) < 0 || group == sys1(__NR_getpgid, 0);
}

void enter_raw_mode(void)
{
	struct termios raw;
	/* Another job's terminal must not be changed; the kernel would allow it, because SIGTTOU
	 * is blocked. */
	if (is_raw || sys3(__NR_ioctl, 0, TCGETS, &saved) < 0 || !in_foreground())
		return;
	raw = saved;
	raw.c_iflag &= ~(tcflag_t)(IGNBRK | BRKINT | PARMRK | ISTRIP | INLCR | IGNCR | ICRNL | IXON);
	raw.c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | ISIG | IEXTEN);
	raw.c_cflag &= ~(tcflag_t)(CSIZE | PARENB);
	raw.c_cflag |= CS8;
	raw.c_cc[VMIN] = 1;
	raw.c_cc[VTIME] = 0;
	is_raw = sys3(__NR_ioctl, 0, TCSETS, &raw) == 0;
}

void leave_raw_mode(void)
{
	/* TCSANOW: a terminal whose output is stopped must not block the launcher. */
	if (is_raw)
		sys3(__NR_ioctl, 0, TCSETS, &saved);
	is_raw = 0;
}

/* In runc's order: stderr is rarely redirected; without a stream, /dev/tty may exist. */
void pass_window_size(int master)
{
	struct window window = {0, 0, 0, 0};
	long fd = 2;
	while (fd >= 0 && sys3(__NR_ioctl, fd, TIOCGWINSZ, &window) < 0)
		fd--;
	if (fd < 0) {
		fd = sys4(__NR_openat, AT_FDCWD, "/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC, 0);
		sys3(__NR_ioctl, fd, TIOCGWINSZ, &window);
		sys1(__NR_close, fd);
	}
	if (window.rows && window.columns)
		sys3(__NR_ioctl, master, TIOCSWINSZ, &window);
}

void stop_until_continued(void)
{
	uint64_t stop = 1ul << (SIGTSTP - 1);
	sys4(__NR_rt_sigprocmask, SIG_UNBLOCK, &stop, 0, sizeof(stop));
	sys2(__NR_kill, sys1(__NR_getpid, 0), SIGTSTP);
	sys4(__NR_rt_sigprocmask, SIG_BLOCK, &stop, 0, sizeof(stop));
}

char end_of_input(int master)
{
	struct termios termios;
	if (sys3(__NR_ioctl, master, TCGETS, &termios) < 0)
		return CTRL_D;
	return (char)termios.c_cc[VEOF];
}

int open_other_end(int master)
{
	return (int)sys3(__NR_ioctl, master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
}
