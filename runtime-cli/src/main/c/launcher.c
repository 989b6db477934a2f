/*
 * The program that engines run. It starts the Java runtime, tells it who called and how, and then
 * does in the caller's process what Java asks for, so that parentage, limits, namespaces and
 * descriptors are those the caller expects. It knows no commands and no options.
 *
 *	launcher                        Java
 *	   | struct hello, strings, 0 1 2 |
 *	   | ---------------------------> |
 *	   |  batches, see batch.h        |
 *	   | <--------------------------- |
 *	   |  the last one says END or SUPERVISE; then Java exits
 */
#include "launcher.h"
#include "batch.h"
#include "sys.h"

#include <asm/errno.h>
#include <linux/fcntl.h>
#include <linux/mman.h>

ENTRY_POINT;

#define HELLO_MAGIC 0x3168726au /* "jrh1" */
#define OP_SUPERVISE -16
#define OP_END -17
#define OP_RELAY_READINESS -18
#define JAVA_SOCKET 3 /* the number of the socket in the Java process */

#define AF_UNIX 1
#define SOCK_STREAM 1
#define SOCK_CLOEXEC 02000000
#define SIGKILL 9
#define SIGCHLD 17
#define SIGSYS 31
#define AFTER_SIGKILL 1
#define AFTER_SIGSYS 2
#define SIG_SETMASK 2
#define MSG_NOSIGNAL 0x4000
#define PATH_BYTES 4096
#define CONFIG_BYTES 16384
#define CONFIG_LINES 128

struct hello {
	uint32_t magic;
	uint32_t arguments;
	uint32_t variables;
	uint32_t length; /* of the strings: working directory, arguments, environment */
};

int java, java_status;
static int ended = -1;
static int supervised;
static int terminal_master = -1;
static char *farewell; /* arguments for a Java that cleans up what the will could not */
static long farewell_count;
static int inquests; /* after which ends the farewell is wanted because it may tell why */
static char home[PATH_BYTES];
static char config[CONFIG_BYTES];
static char *java_argv[CONFIG_LINES];

static size_t length(const char *s)
{
	size_t n = 0;
	while (s[n])
		n++;
	return n;
}

static char *append(char *at, const char *s)
{
	size_t n = length(s);
	memcpy(at, s, n);
	at[n] = 0;
	return at + n;
}

static void complain(const char *what, const char *about)
{
	char line[PATH_BYTES + 512];
	char *at = append(line, "jrunc: ");
	at = append(at, what);
	if (length(about) < PATH_BYTES)
		at = append(at, about);
	at = append(at, "\n");
	sys3(__NR_write, 2, line, at - line);
}

/* Whoever starts us with a closed descriptor 0, 1 or 2 must not see it reused for something else. */
static void open_standard_streams(void)
{
	long fd;
	do
		fd = sys4(__NR_openat, AT_FDCWD, "/dev/null", O_RDWR, 0);
	while (fd >= 0 && fd <= 2);
	if (fd > 2)
		sys1(__NR_close, fd);
}

/* The distribution's directory: that of this program without "/bin/jrunc". */
static int find_home(void)
{
	long n = sys4(__NR_readlinkat, AT_FDCWD, "/proc/self/exe", home, sizeof(home) - 64);
	if (n <= 0)
		return 0;
	for (int slashes = 0; n > 0 && slashes < 2; n--)
		slashes += home[n - 1] == '/';
	home[n] = 0;
	return n > 0;
}

/* Reads lib/jrunc.conf: the command that starts Java, one word a line, @HOME@ for our directory. */
static int read_config(void)
{
	static char path[PATH_BYTES];
	append(append(path, home), "/lib/jrunc.conf");
	long fd = sys4(__NR_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
	static char raw[CONFIG_BYTES];
	long n = fd < 0 ? fd : sys3(__NR_read, fd, raw, sizeof(raw) - 1);
	sys1(__NR_close, fd);
	if (n <= 0) {
		complain("this installation is not complete; run its bin/jrunc-setup; missing: ", path);
		return 0;
	}
	char *out = config;
	int words = 0;
	java_argv[0] = out;
	for (char *in = raw; *in && out < config + CONFIG_BYTES - PATH_BYTES; in++) {
		static const char mark[] = "@HOME@";
		unsigned m = 0;
		while (m < sizeof(mark) - 1 && in[m] == mark[m])
			m++;
		if (m == sizeof(mark) - 1) {
			out = append(out, home);
			in += m - 1;
		} else if (*in == '\n') {
			*out++ = 0;
			if (++words == CONFIG_LINES - 1)
				break;
			java_argv[words] = out;
		} else {
			*out++ = *in;
		}
	}
	java_argv[words] = 0;
	return words > 0;
}

_Noreturn static void become_java(int socket)
{
	/* Not the caller's environment: JAVA_TOOL_OPTIONS and its like must not reach us. */
	char *environment[] = {"LC_CTYPE=C.UTF-8", 0};
	uint64_t no_signals = 0; /* a launcher that supervised holds them all back */
	sys4(__NR_rt_sigprocmask, SIG_SETMASK, &no_signals, 0, sizeof(no_signals));
	/* A JVM does not start in a directory that was removed; the caller's is in the hello. */
	sys1(__NR_chdir, "/");
	if (socket == JAVA_SOCKET)
		sys3(__NR_fcntl, socket, F_SETFD, 0);
	else
		sys3(__NR_dup3, socket, JAVA_SOCKET, 0);
	sys3(__NR_close_range, JAVA_SOCKET + 1, ~0u, 0);
	sys3(__NR_execve, java_argv[0], java_argv, environment);
	complain("cannot run Java; install a JDK of version 17 or newer and run bin/jrunc-setup; tried: ",
		 java_argv[0]);
	exit_now(1);
}

struct vector {
	const void *base;
	size_t length;
};

/* Tells Java who called: working directory, arguments, environment, and the standard streams. */
static void say_hello(int socket, char *const *arguments, long count, char *const *environment)
{
	static char directory[PATH_BYTES];
	if (sys2(__NR_getcwd, directory, sizeof(directory)) < 0)
		directory[0] = 0;
	struct hello hello = {HELLO_MAGIC, (uint32_t)count, 0, (uint32_t)length(directory) + 1};
	for (long i = 0; i < count; i++)
		hello.length += (uint32_t)length(arguments[i]) + 1;
	for (char *const *e = environment; *e; e++, hello.variables++)
		hello.length += (uint32_t)length(*e) + 1;

	long size = (long)(sizeof(hello) + hello.length);
	char *block = (char *)sys6(__NR_mmap, 0, size, PROT_READ | PROT_WRITE,
				   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	memcpy(block, &hello, sizeof(hello));
	char *at = append(block + sizeof(hello), directory) + 1;
	for (long i = 0; i < count; i++)
		at = append(at, arguments[i]) + 1;
	for (char *const *e = environment; *e; e++)
		at = append(at, *e) + 1;

	struct {
		size_t length;
		int level, type, descriptor[3], pad;
	} rights = {28, 1 /* SOL_SOCKET */, 1 /* SCM_RIGHTS */, {0, 1, 2}, 0};
	for (long sent = 0; sent < size;) {
		struct vector vector = {block + sent, (size_t)(size - sent)};
		struct {
			void *name;
			int name_length;
			struct vector *vectors;
			size_t count;
			void *control;
			size_t control_length;
			int flags;
		} message = {0, 0, &vector, 1, &rights, sizeof(rights), 0};
		if (sent > 0)
			message.control_length = 0;
		long n = sys3(__NR_sendmsg, socket, &message, MSG_NOSIGNAL);
		if (n <= 0)
			break; /* Java died; its end tells more than this */
		sent += n;
	}
	sys2(__NR_munmap, block, size);
}

/* A copy that outlives the batch. */
static char *keep(uint64_t bytes, uint64_t count)
{
	char *copy = (char *)sys6(__NR_mmap, 0, count + 1, PROT_READ | PROT_WRITE,
				  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	memcpy(copy, (char *)bytes, count);
	return copy;
}

static int keep_descriptor(uint64_t fd)
{
	return (int)fd < 0 ? -1 : (int)sys3(__NR_fcntl, fd, F_DUPFD_CLOEXEC, 3);
}

static long launcher_operation(int32_t number, const uint64_t *a)
{
	switch (number) {
	case OP_SUPERVISE: {
		/* a: pid, terminal master or -1, count and bytes of the farewell's arguments,
		 * after which ends it is wanted in any case */
		hold_signals();
		supervised = (int)a[0];
		take_next_will(); /* from now on the container's end is what there is to wait for */
		terminal_master = keep_descriptor(a[1]);
		farewell_count = (long)a[2];
		farewell = keep(a[3], a[4]);
		inquests = (int)a[5];
		conversation_over = 1; /* Java ends while the container runs */
		return 0;
	}
	case OP_RELAY_READINESS: {
		/* a: sockets of container and manager, pidfd or -1, bytes of a line, their count */
		struct text main_pid = {keep(a[3], a[4]), a[4]};
		expect_readiness(keep_descriptor(a[0]), keep_descriptor(a[1]), keep_descriptor(a[2]),
				 main_pid);
		return 0;
	}
	case OP_END:
		ended = (int)a[0];
		return 0;
	default:
		return -ENOSYS;
	}
}

/* Starts Java for this request and does what it asks until it is gone, or until it has handed its
 * container over to us. */
static void converse(char *const *arguments, long count, char *const *environment)
{
	int pair[2];
	java_status = 0;
	sys4(__NR_socketpair, AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair);
	java = (int)sys6(__NR_clone, SIGCHLD, 0, 0, 0, 0, 0);
	if (java == 0)
		become_java(pair[1]);
	sys1(__NR_close, pair[1]);
	say_hello(pair[0], arguments, count, environment);
	conversation_over = 0;
	serve(pair[0]);
	sys1(__NR_close, pair[0]);
	if (!conversation_over)
		sys4(__NR_wait4, java, &java_status, 0, 0);
}

/* Java went without a word. Its will says how to end and remove what it was building. */
_Noreturn static void mourn(void)
{
	run_will();
	if ((java_status & 0x7f) != 0)
		complain("the Java runtime was killed before it had finished; what it had made was removed", "");
	exit_now(1);
}

_Noreturn void start(long *stack)
{
	long argc = stack[0];
	char **argv = (char **)(stack + 1);
	char **environment = argv + argc + 1;

	open_standard_streams();
	more_operations = launcher_operation;
	if (!find_home()) {
		complain("/proc is not mounted: cannot find my own installation", "");
		exit_now(1);
	}
	if (!read_config())
		exit_now(1);
	converse(argv, argc, environment);
	if (ended >= 0) {
		await_readiness();
		await_acknowledgement();
		exit_now(ended);
	}
	if (!supervised)
		mourn();

	int status = supervise(supervised, terminal_master);
	int end = status == 128 + SIGKILL ? AFTER_SIGKILL : status == 128 + SIGSYS ? AFTER_SIGSYS : 0;
	int removed = !(inquests & end) && run_will();
	drop_will(); /* its descriptors hold the container's lock, which the farewell needs */
	int first = java, first_status = java_status;
	if (!removed && farewell_count > 0) {
		char *arguments[64];
		long count = farewell_count < 64 ? farewell_count : 64;
		for (long i = 0; i < count; i++, farewell += length(farewell) + 1)
			arguments[i] = farewell;
		converse(arguments, count, environment);
	}
	/* A container may be faster than the end of a JVM, which may have to finish what it writes. */
	sys4(__NR_wait4, first, &first_status, 0, 0);
	await_acknowledgement();
	int failed = (first_status & 0x7f) == 0 && first_status != 0;
	exit_now(status == 0 && failed ? 1 : status);
}
