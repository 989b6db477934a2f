// SPDX-License-Identifier: Apache-2.0
/*
 * The program that engines run. It starts the Java runtime, sends it the caller's arguments and
 * environment, and then makes the system calls that Java requests, so that parentage, limits,
 * namespaces and descriptors are those that the caller expects. It knows no commands and options,
 * except what it needs to report that Java failed: the log's path, and the exit status of `exec`.
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
#include <asm/resource.h>
#include <asm/signal.h>
#include <linux/fcntl.h>
#include <linux/mman.h>

ENTRY_POINT;

#define HELLO_MAGIC 0x3168726au /* "jrh1" */
#define OP_SUPERVISE -16
#define OP_END -17
#define OP_RELAY_READINESS -18
#define JAVA_SOCKET 3 /* the number of the socket in the Java process */

#define AFTER_SIGKILL 1
#define AFTER_SIGSYS 2
#define JAVA_STACK_BYTES (8ul << 20)
#define SPOKEN_BYTES 400 /* the most that is printed of the JVM's own output */
#define EXEC_FAILURE 255
#define PATH_BYTES 4096
#define CONFIG_BYTES 16384
#define CONFIG_LINES 128
#define CLEANUP_WORDS 64

struct hello {
	uint32_t magic;
	uint32_t arguments;
	uint32_t variables;
	uint32_t length; /* of the strings: working directory, arguments, environment */
	uint64_t nonce;	 /* of the resident runtime's greeting */
};

int java, java_status;
static int ended = -1;
static int removes;
static int failure = 1;	   /* the exit status if Java sends none */
static int spoken[2];	   /* a socket pair: Java's standard streams, for the launcher alone */
static const char *log[2]; /* the values of --log and --log-format, or 0 */
static int served; /* whether a resident runtime does what is asked */
static int supervised;
static int terminal_master = -1;
static char *cleanup_arguments; /* of a command that removes what the batch could not */
static long cleanup_argument_count;
static int exit_reports; /* the ends after which the cleanup command must run to explain them */
static char home[PATH_BYTES];
static char config[CONFIG_BYTES];
static char *java_argv[CONFIG_LINES];
static char **java_command = java_argv;
static const char *resident; /* the directory of the resident runtime's socket */

static size_t length(const char *s)
{
	size_t n = 0;
	while (s[n])
		n++;
	return n;
}

char *append(char *at, const char *s)
{
	size_t n = length(s);
	memcpy(at, s, n);
	at[n] = 0;
	return at + n;
}

static char *append_number(char *at, long n)
{
	if (n > 9)
		at = append_number(at, n / 10);
	*at = (char)('0' + n % 10);
	return at + 1;
}

/* Whether `word` is `other`, followed by `end` or nothing. */
static int is(const char *word, const char *other, char end)
{
	while (*other && *word == *other)
		word++, other++;
	return !*other && (!*word || *word == end);
}

/* Finds the options that complain() needs, in the spellings that Go programs accept. */
static void read_arguments(char **argv)
{
	static const char *const valued[] = {"log",	 "log-format", "log-level",	 "root",
					     "rootless", "criu",       "cgroup-manager", 0};
	for (; *argv && **argv == '-'; argv++) {
		char *name = *argv + 1 + (argv[0][1] == '-');
		for (int i = 0; valued[i]; i++) {
			if (!is(name, valued[i], '='))
				continue;
			const char *value = name + length(valued[i]);
			if (*value)
				value++;
			else if (argv[1])
				value = *++argv;
			if (i < 2)
				log[i] = value;
			break;
		}
	}
	if (*argv && is(*argv, "exec", 0))
		failure = EXEC_FAILURE;
}

/* One line on standard error and, if there is one, in the log. */
static void complain(const char *what, const char *about)
{
	static char line[PATH_BYTES + 1024];
	int json = log[1] && is(log[1], "json", 0);
	char *words = append(line, json ? "{\"level\":\"error\",\"msg\":\"" : "level=error msg=\"");
	char *at = append(words, what);
	if (length(about) < PATH_BYTES)
		at = append(at, about);
	for (char *c = words; c < at; c++)
		*c = *c == '"' ? '\'' : *c == '\\' || (*c > 0 && *c < ' ') ? ' ' : *c;
	*at = '\n';
	sys3(__NR_write, 2, "jrunc: ", 7);
	sys3(__NR_write, 2, words, at + 1 - words);
	if (!log[0] || !*log[0])
		return;
	int flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY;
	long file = sys4(__NR_openat, AT_FDCWD, log[0], flags, 0644);
	at = append(at, json ? "\"}\n" : "\"\n");
	sys3(__NR_write, file, line, at - line);
	sys1(__NR_close, file);
}

/* Complains unless an essential call succeeded. */
static int works(long result, const char *call)
{
	static char about[64];
	if (result >= 0 || result < -4095)
		return 1;
	append(append_number(append(append(about, call), ": errno "), -result), "");
	complain("cannot start Java; look for a small limit (ulimit -a) or a filter of system calls: ",
		 about);
	return 0;
}

/* Allocates zeroed memory; 0 if there is none. */
static char *room(size_t size)
{
	long at = sys6(__NR_mmap, 0, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return works(at, "mmap") ? (char *)at : 0;
}

/* If the caller has closed descriptor 0, 1 or 2, the number must not be reused for another file. */
static int open_standard_streams(void)
{
	for (int fd = 0; fd <= 2; fd++)
		if (sys2(__NR_fcntl, fd, F_GETFD) < 0 &&
		    sys4(__NR_openat, AT_FDCWD, "/dev/null", O_RDWR, 0) < 0) {
			complain("a standard stream is closed, and /dev/null cannot take its place; open it", "");
			return 0;
		}
	return 1;
}

/* While SIGCHLD is ignored, wait(2) cannot report a child's status, and hooks would fail. */
static void reset_signals(void)
{
	uint64_t default_action[4] = {0, 0, 0, 0};
	sys4(__NR_rt_sigaction, SIGCHLD, default_action, 0, sizeof(uint64_t));
	sys4(__NR_rt_sigprocmask, SIG_SETMASK, default_action, 0, sizeof(uint64_t));
}

/* The distribution's directory: this program's path without "/bin/jrunc". */
static int find_home(void)
{
	long n = sys4(__NR_readlinkat, AT_FDCWD, "/proc/self/exe", home, sizeof(home) - 64);
	for (int slashes = 0; n > 0 && slashes < 2; n--)
		slashes += home[n - 1] == '/';
	if (n <= 0) {
		complain("/proc is not mounted: cannot find my own installation", "");
		return 0;
	}
	home[n] = 0;
	return 1;
}

/* Where `jrunc serve` listens for this user. */
static void find_resident(void)
{
	static char directory[64];
	long user = sys1(__NR_geteuid, 0);
	char *at = append(directory, user ? "/run/user/" : "/run");
	append(user ? append_number(at, user) : at, "/jrunc-serve");
	resident = directory;
	if (!is(java_argv[0], "resident", '='))
		return;
	resident = java_argv[0] + sizeof("resident");
	java_command++;
}

/* Reads lib/jrunc.conf: the command that starts Java, one word a line; @HOME@ is that directory.
 * Before it there may be a line resident=DIRECTORY. */
static int read_config(void)
{
	static char path[PATH_BYTES];
	append(append(path, home), "/lib/jrunc.conf");
	long fd = sys4(__NR_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
	static char raw[CONFIG_BYTES];
	if (fd != -ENOENT && !works(fd, "openat lib/jrunc.conf"))
		return 0;
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
	find_resident();
	return words > 0;
}

_Noreturn static void become_java(int socket)
{
	/* Not the caller's environment: the JVM must not see JAVA_TOOL_OPTIONS and the like. */
	char *environment[] = {"LC_CTYPE=C.UTF-8", 0};
	static const uint64_t no_core[2], ignore[4] = {1 /* SIG_IGN */};
	uint64_t stack[2];
	reset_signals(); /* a launcher that supervised a container blocks them all */
	/* Signals to the process group end only the launcher; Java notices its end, and cleans up. */
	for (int signal = SIGHUP; signal <= SIGTERM; signal++)
		if (signal <= SIGQUIT || signal == SIGTERM)
			sys4(__NR_rt_sigaction, signal, ignore, 0, sizeof(uint64_t));
	sys4(__NR_prlimit64, 0, RLIMIT_CORE, no_core, 0);
	/* A JVM does not start in a removed directory; the hello holds the caller's. */
	sys1(__NR_chdir, "/");
	sys4(__NR_prlimit64, 0, RLIMIT_STACK, 0, stack);
	if (stack[0] < JAVA_STACK_BYTES) {
		stack[0] = stack[1] < JAVA_STACK_BYTES ? stack[1] : JAVA_STACK_BYTES;
		sys4(__NR_prlimit64, 0, RLIMIT_STACK, stack, 0);
	}
	/* The JVM's own output must not reach the container's or the caller's streams. */
	for (int fd = 0; fd <= 2; fd++)
		sys3(__NR_dup3, spoken[1], fd, 0);
	if (socket == JAVA_SOCKET)
		sys3(__NR_fcntl, socket, F_SETFD, 0);
	else
		sys3(__NR_dup3, socket, JAVA_SOCKET, 0);
	sys3(__NR_close_range, JAVA_SOCKET + 1, ~0u, 0);
	sys3(__NR_execve, java_command[0], java_command, environment);
	static const char words[] = "install a JDK, 17 or newer, and run bin/jrunc-setup; cannot run ";
	sys3(__NR_write, 2, words, sizeof(words) - 1);
	sys3(__NR_write, 2, java_command[0], length(java_command[0]));
	exit_now(1);
}

/* Sends Java the caller's working directory, arguments, environment and standard streams. */
static int say_hello(int socket, uint64_t nonce, char *const *arguments, long count,
		     char *const *environment)
{
	static char directory[PATH_BYTES];
	if (sys2(__NR_getcwd, directory, sizeof(directory)) < 0)
		directory[0] = 0;
	struct hello hello = {HELLO_MAGIC, (uint32_t)count, 0, (uint32_t)length(directory) + 1, nonce};
	for (long i = 0; i < count; i++)
		hello.length += (uint32_t)length(arguments[i]) + 1;
	for (char *const *e = environment; *e; e++, hello.variables++)
		hello.length += (uint32_t)length(*e) + 1;

	long size = (long)(sizeof(hello) + hello.length);
	char *block = room((size_t)size);
	if (!block)
		return 0;
	memcpy(block, &hello, sizeof(hello));
	char *at = append(block + sizeof(hello), directory) + 1;
	for (long i = 0; i < count; i++)
		at = append(at, arguments[i]) + 1;
	for (char *const *e = environment; *e; e++)
		at = append(at, *e) + 1;

	struct {
		size_t length;
		int level, type, descriptor[3], pad;
	} rights = {28, 1 /* SOL_SOCKET */, SCM_RIGHTS, {0, 1, 2}, 0};
	for (long sent = 0; sent < size;) {
		struct vector vector = {block + sent, (size_t)(size - sent)};
		struct message message = {0, 0, &vector, 1, &rights, sent ? 0 : sizeof(rights), 0};
		long n = sys3(__NR_sendmsg, socket, &message, MSG_NOSIGNAL);
		if (n <= 0)
			break; /* Java died; its exit status explains more */
		sent += n;
	}
	sys2(__NR_munmap, block, size);
	return 1;
}

/* Copies the words so that they outlive the batch; 0 if there is no memory for it. */
static char *keep(const struct work *work, uint64_t bytes, uint64_t count)
{
	require_data(work, bytes, count);
	char *copy = room(count + CLEANUP_WORDS);
	if (copy)
		memcpy(copy, (char *)bytes, count);
	return copy;
}

static int keep_descriptor(uint64_t fd)
{
	return (int)fd < 0 ? -1 : (int)sys3(__NR_fcntl, fd, F_DUPFD_CLOEXEC, 3);
}

static long launcher_operation(const struct work *work, int32_t number, const uint64_t *a)
{
	switch (number) {
	case OP_SUPERVISE: {
		/* a: pid, terminal master or -1, count and bytes of the cleanup command's arguments,
		 * after which ends it is wanted in any case */
		if ((int)a[0] <= 0) /* kill(2) would take it as a process group, or as all */
			return -EINVAL;
		char *arguments = keep(work, a[3], a[4]);
		if (!arguments)
			return -ENOMEM;
		hold_signals();
		supervised = (int)a[0];
		take_next_cleanup(); /* from now on, the launcher waits for the container's end */
		terminal_master = keep_descriptor(a[1]);
		cleanup_argument_count = (long)a[2];
		cleanup_arguments = arguments;
		exit_reports = (int)a[5];
		conversation_over = 1; /* Java ends while the container runs */
		return 0;
	}
	case OP_RELAY_READINESS: {
		/* a: sockets of container and manager, pidfd or -1, bytes of a line, their count */
		struct text main_pid = {keep(work, a[3], a[4]), a[4]};
		if (!main_pid.bytes)
			return -ENOMEM;
		expect_readiness(keep_descriptor(a[0]), keep_descriptor(a[1]), keep_descriptor(a[2]),
				 main_pid);
		return 0;
	}
	case OP_END: /* a: exit status, whether to remove what is half-made */
		ended = (int)a[0];
		removes = (int)a[1];
		return 0;
	default:
		return -ENOSYS;
	}
}

/* Has a resident runtime do it. Returns 0 if there is none that accepts this request. */
static int is_served(char *const *arguments, long count, char *const *environment)
{
	uint64_t nonce;
	int socket = greet_resident(resident, &nonce);
	if (socket < 0)
		return 0;
	served = say_hello(socket, nonce, arguments, count, environment) ? is_accepted(socket) : 0;
	if (served < 0) {
		complain("the resident runtime does not answer; end it (systemctl restart jrunc), and look "
			 "at what was done: it may still do it", "");
		exit_now(failure);
	}
	conversation_over = 0;
	if (served)
		serve(socket);
	sys1(__NR_close, socket);
	return served;
}

/* Starts Java for this request and serves it until Java ends or hands its container over to the
 * launcher. Returns 0, after a complaint, if Java could not be started. */
static int converse(char *const *arguments, long count, char *const *environment)
{
	int pair[2];
	java = java_status = 0;
	if (is_served(arguments, count, environment))
		return 1;
	int type = SOCK_STREAM | SOCK_CLOEXEC;
	if (spoken[0])
		sys1(__NR_close, spoken[0]);
	if (!works(sys4(__NR_socketpair, AF_UNIX, type | O_NONBLOCK, 0, spoken), "socketpair") ||
	    !works(sys4(__NR_socketpair, AF_UNIX, type, 0, pair), "socketpair"))
		return 0;
	java = (int)sys6(__NR_clone, SIGCHLD, 0, 0, 0, 0, 0);
	if (java == 0)
		become_java(pair[1]);
	sys1(__NR_close, pair[1]);
	sys1(__NR_close, spoken[1]);
	if (!works(java, "clone"))
		return 0;
	conversation_over = 0;
	if (say_hello(pair[0], 0, arguments, count, environment))
		serve(pair[0]);
	sys1(__NR_close, pair[0]);
	if (!conversation_over)
		sys4(__NR_wait4, java, &java_status, 0, 0);
	return 1;
}

/* Java ended without END or SUPERVISE: its cleanup batch removes what it was making. */
_Noreturn static void mourn(void)
{
	static char why[SPOKEN_BYTES + 256];
	int signal = java_status & 0x7f;
	run_cleanup();
	if (served) {
		complain("the resident runtime ended before it had finished; what it had made was removed", "");
		exit_now(failure);
	}
	char *at = append(why, signal ? "was killed by signal " : "ended with status ");
	at = append_number(at, signal ? signal : exit_status(java_status));
	at = append(at, " before it had finished");
	char *said = append(at, ": ");
	long n = sys3(__NR_read, spoken[0], said, SPOKEN_BYTES);
	for (long i = 0; i < n; i++)
		if (said[i] != '\n')
			at = said + i + 1;
		else if (said[i + 1] == '\t')
			break; /* a stack trace follows */
	append(at, "; what it had made was removed; docs/debugging.md lists what it needs");
	complain("the Java runtime ", why);
	exit_now(failure);
}

_Noreturn void start(long *stack)
{
	long argc = stack[0];
	char **argv = (char **)(stack + 1);
	char **environment = argv + argc + 1;

	if (argc > 0)
		read_arguments(argv + 1);
	reset_signals();
	more_operations = launcher_operation;
	if (!open_standard_streams() || !find_home() || !read_config() ||
	    !converse(argv, argc, environment))
		exit_now(failure);
	if (ended >= 0) {
		if (removes)
			run_cleanup();
		await_readiness();
		await_acknowledgement();
		exit_now(ended);
	}
	if (!supervised)
		mourn();

	int status = supervise(supervised, terminal_master);
	int end = status == 128 + SIGKILL ? AFTER_SIGKILL : status == 128 + SIGSYS ? AFTER_SIGSYS : 0;
	int removed = !(exit_reports & end) && run_cleanup();
	drop_cleanup(); /* its descriptors hold the lock that the cleanup command needs */
	int first = java, first_status = java_status;
	if (!removed && cleanup_argument_count > 0) {
		char *arguments[CLEANUP_WORDS];
		long count = cleanup_argument_count < CLEANUP_WORDS ? cleanup_argument_count : CLEANUP_WORDS;
		for (long i = 0; i < count; i++, cleanup_arguments += length(cleanup_arguments) + 1)
			arguments[i] = cleanup_arguments;
		converse(arguments, count, environment);
	}
	/* The container may end before the JVM, which may still be writing output. */
	if (first)
		sys4(__NR_wait4, first, &first_status, 0, 0);
	await_acknowledgement();
	int failed = (first_status & 0x7f) == 0 && first_status != 0;
	exit_now(status == 0 && failed ? 1 : status);
}
