/*
 * The program that engines run. It starts the Java runtime, tells it who called and how, and then
 * does in the caller's process what Java asks for, so that parentage, limits, namespaces and
 * descriptors are those the caller expects. It knows no commands and no options, but for what it
 * takes to tell why Java could not do it: where the log is, and that `exec` fails with another status.
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
#define SPOKEN_BYTES 400 /* of what the Java runtime says, as much as is told on */
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
};

int java, java_status;
static int ended = -1;
static int failure = 1;	   /* the status to end with if Java cannot say one */
static int spoken[2];	   /* a socket pair: Java's standard streams, for the launcher alone */
static const char *log[2]; /* the values of --log and --log-format, or 0 */
static int supervised;
static int terminal_master = -1;
static char *cleanup_arguments; /* of a command for what the batch could not remove */
static long cleanup_argument_count;
static int exit_reports; /* after which ends the cleanup command is wanted because it may tell why */
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

static char *append_number(char *at, long n)
{
	if (n > 9)
		at = append_number(at, n / 10);
	*at = (char)('0' + n % 10);
	return at + 1;
}

/* Whether `word` is the other one, which `end` may follow. */
static int is(const char *word, const char *other, char end)
{
	while (*other && *word == *other)
		word++, other++;
	return !*other && (!*word || *word == end);
}

/* Finds, in the spellings that Go programs accept, what complain() needs to know. */
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

/* Whether a call that we cannot do without succeeded. */
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

/* Memory, all zeros; 0 if there is none. */
static char *room(size_t size)
{
	long at = sys6(__NR_mmap, 0, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return works(at, "mmap") ? (char *)at : 0;
}

/* Whoever starts us with a closed descriptor 0, 1 or 2 must not see it reused for something else. */
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

/* With SIGCHLD ignored no end of a child could be waited for, and hooks would fail. */
static void reset_signals(void)
{
	uint64_t default_action[4] = {0, 0, 0, 0};
	sys4(__NR_rt_sigaction, SIGCHLD, default_action, 0, sizeof(uint64_t));
	sys4(__NR_rt_sigprocmask, SIG_SETMASK, default_action, 0, sizeof(uint64_t));
}

/* The distribution's directory: that of this program without "/bin/jrunc". */
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

/* Reads lib/jrunc.conf: the command that starts Java, one word a line, @HOME@ for our directory. */
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
	return words > 0;
}

_Noreturn static void become_java(int socket)
{
	/* Not the caller's environment: JAVA_TOOL_OPTIONS and its like must not reach us. */
	char *environment[] = {"LC_CTYPE=C.UTF-8", 0};
	static const uint64_t no_core[2], ignore[4] = {1 /* SIG_IGN */};
	uint64_t stack[2];
	reset_signals(); /* a launcher that supervised holds them all back */
	/* What ends a whole group of processes is for us: Java learns of our end, and undoes things. */
	for (int signal = SIGHUP; signal <= SIGTERM; signal++)
		if (signal <= SIGQUIT || signal == SIGTERM)
			sys4(__NR_rt_sigaction, signal, ignore, 0, sizeof(uint64_t));
	sys4(__NR_prlimit64, 0, RLIMIT_CORE, no_core, 0);
	/* A JVM does not start in a directory that was removed; the caller's is in the hello. */
	sys1(__NR_chdir, "/");
	sys4(__NR_prlimit64, 0, RLIMIT_STACK, 0, stack);
	if (stack[0] < JAVA_STACK_BYTES) {
		stack[0] = stack[1] < JAVA_STACK_BYTES ? stack[1] : JAVA_STACK_BYTES;
		sys4(__NR_prlimit64, 0, RLIMIT_STACK, stack, 0);
	}
	/* What a JVM itself has to say is not the container's to read, nor its caller's. */
	for (int fd = 0; fd <= 2; fd++)
		sys3(__NR_dup3, spoken[1], fd, 0);
	if (socket == JAVA_SOCKET)
		sys3(__NR_fcntl, socket, F_SETFD, 0);
	else
		sys3(__NR_dup3, socket, JAVA_SOCKET, 0);
	sys3(__NR_close_range, JAVA_SOCKET + 1, ~0u, 0);
	sys3(__NR_execve, java_argv[0], java_argv, environment);
	static const char words[] = "install a JDK, 17 or newer, and run bin/jrunc-setup; cannot run ";
	sys3(__NR_write, 2, words, sizeof(words) - 1);
	sys3(__NR_write, 2, java_argv[0], length(java_argv[0]));
	exit_now(1);
}

/* Tells Java who called: working directory, arguments, environment, and the standard streams. */
static int say_hello(int socket, char *const *arguments, long count, char *const *environment)
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
			break; /* Java died; its end tells more than this */
		sent += n;
	}
	sys2(__NR_munmap, block, size);
	return 1;
}

/* A copy that outlives the batch, and as many empty words; 0 if there is no memory for it. */
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
		if ((int)a[0] <= 0) /* for kill(2) these are groups of processes, or all */
			return -EINVAL;
		char *arguments = keep(work, a[3], a[4]);
		if (!arguments)
			return -ENOMEM;
		hold_signals();
		supervised = (int)a[0];
		take_next_cleanup(); /* from now on the container's end is what there is to wait for */
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
	case OP_END:
		ended = (int)a[0];
		return 0;
	default:
		return -ENOSYS;
	}
}

/* Starts Java for this request and does what it asks until it is gone, or until it has handed its
 * container over to us. Returns 0, with a complaint, if it could not be started. */
static int converse(char *const *arguments, long count, char *const *environment)
{
	int pair[2];
	java_status = 0;
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
	if (say_hello(pair[0], arguments, count, environment))
		serve(pair[0]);
	sys1(__NR_close, pair[0]);
	if (!conversation_over)
		sys4(__NR_wait4, java, &java_status, 0, 0);
	return 1;
}

/* Java went without a word to us. Its will says how to end and remove what it was building. */
_Noreturn static void mourn(void)
{
	static char why[SPOKEN_BYTES + 256];
	int signal = java_status & 0x7f;
	run_cleanup();
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
		await_readiness();
		await_acknowledgement();
		exit_now(ended);
	}
	if (!supervised)
		mourn();

	int status = supervise(supervised, terminal_master);
	int end = status == 128 + SIGKILL ? AFTER_SIGKILL : status == 128 + SIGSYS ? AFTER_SIGSYS : 0;
	int removed = !(exit_reports & end) && run_cleanup();
	drop_cleanup(); /* its descriptors hold the container's lock, which the cleanup command needs */
	int first = java, first_status = java_status;
	if (!removed && cleanup_argument_count > 0) {
		char *arguments[CLEANUP_WORDS];
		long count = cleanup_argument_count < CLEANUP_WORDS ? cleanup_argument_count : CLEANUP_WORDS;
		for (long i = 0; i < count; i++, cleanup_arguments += length(cleanup_arguments) + 1)
			arguments[i] = cleanup_arguments;
		converse(arguments, count, environment);
	}
	/* A container may be faster than the end of a JVM, which may have to finish what it writes. */
	sys4(__NR_wait4, first, &first_status, 0, 0);
	await_acknowledgement();
	int failed = (first_status & 0x7f) == 0 && first_status != 0;
	exit_now(status == 0 && failed ? 1 : status);
}
