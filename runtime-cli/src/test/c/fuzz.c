// SPDX-License-Identifier: Apache-2.0
/*
 * The launcher as a program with a libc, and, when called with "speak" and a file, what it starts
 * in place of Java: sends the file's records, and reads nothing. See LauncherFuzzTest.
 *
 *	file       record ...
 *	record     uint32_t kind | uint32_t length | bytes [length]
 */
#include "checked.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#define SOCK_DGRAM 2

enum kind {
	SAY,		  /* the bytes, to the launcher */
	SAY_WITH_SOCKETS, /* the same, with the two ends of a socket pair */
	SAY_AS_CONTAINER, /* the bytes, to the first of these two ends */
	END,		  /* with the first byte as status */
};

struct record {
	uint32_t kind, length;
};

#ifdef __SANITIZE_ADDRESS__
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "exitcode=99:detect_leaks=0";
}

void *__asan_region_is_poisoned(void *start, size_t size);

/* The kernel's accesses are not instrumented: one byte outside is reported here. */
static void check(long address, long size)
{
	volatile char *bad = size > 0 ? __asan_region_is_poisoned((void *)address, (size_t)size) : 0;
	if (bad)
		(void)*bad;
}
#else
static void check(long address, long size)
{
	(void)address, (void)size;
}
#endif

long checked_syscall6(long n, long a, long b, long c, long d, long e, long f)
{
	if (n == __NR_mmap) {
		void *memory = calloc(1, (size_t)b);
		return memory ? (long)memory : -12 /* ENOMEM */;
	}
	if (n == __NR_munmap) {
		free((void *)a);
		return 0;
	}
	if (n == __NR_read || n == __NR_write || n == __NR_recvfrom || n == __NR_sendto)
		check(b, c);
	if (n == __NR_sendmsg || n == __NR_recvmsg) {
		const struct message *message = (const struct message *)b;
		check((long)message->vectors->base, (long)message->vectors->length);
		check((long)message->control, (long)message->control_length);
	}
	return raw_syscall6(n, a, b, c, d, e, f);
}

static void say(const char *bytes, size_t length, const int *sockets)
{
	struct {
		size_t length;
		int level, type, descriptor[2];
	} rights = {24, 1 /* SOL_SOCKET */, SCM_RIGHTS, {sockets[0], sockets[1]}};
	while (length > 0) {
		struct vector vector = {bytes, length};
		struct message message = {0, 0, &vector, 1, &rights, sizeof(rights), 0};
		if (sockets[0] < 0)
			message.control_length = 0;
		long n = sys3(__NR_sendmsg, 3, &message, MSG_NOSIGNAL);
		if (n <= 0)
			exit(0); /* the launcher gave up */
		bytes += n;
		length -= (size_t)n;
	}
}

static int speak(const char *path)
{
	static const int nothing[2] = {-1, -1};
	int sockets[2];
	int file = open(path, O_RDONLY);
	struct record record;
	sys4(__NR_socketpair, AF_UNIX, SOCK_DGRAM, 0, sockets);
	while (read(file, &record, sizeof(record)) == sizeof(record)) {
		char *bytes = calloc(1, record.length + 1);
		if (read(file, bytes, record.length) != (ssize_t)record.length)
			return 99;
		if (record.kind == END)
			return bytes[0];
		if (record.kind == SAY_AS_CONTAINER)
			sys6(__NR_sendto, sockets[1], bytes, record.length, MSG_NOSIGNAL, 0, 0);
		else
			say(bytes, record.length, record.kind == SAY ? nothing : sockets);
		free(bytes);
	}
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 3 && argv[1][0] == 's')
		return speak(argv[2]);
	start((long *)argv - 1); /* where the kernel puts argc */
}
