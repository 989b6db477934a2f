// SPDX-License-Identifier: Apache-2.0
/* Executes batches of system calls. Knows no paths, no flags, no policy: see batch.h. */
#include "batch.h"
#include "sys.h"

#include <asm/errno.h>
#include <asm/socket.h>
#include <linux/fcntl.h>
#include <linux/mman.h>

#define MSG_CTRUNC 8
#define MSG_CMSG_CLOEXEC 0x40000000

#define CLONE_EXIT_SIGNAL 4 /* of the words of struct clone_args */
#define MAX_DESCRIPTORS 253 /* SCM_MAX_FD */
#define MAX_OPERATIONS (1u << 16)
#define MAX_BYTES (64u << 20)
/* openat2(2) returns it when a rename or mount anywhere on the host races with "..". */
#define MAX_TRIES 200

struct rights {
	size_t length;
	int level;
	int type;
	int descriptor[MAX_DESCRIPTORS + 1];
};

struct descriptors {
	unsigned count;
	int cut; /* more were sent than RLIMIT_NOFILE allows */
	int number[MAX_DESCRIPTORS];
};

/* A batch in memory: head, operations, data, then room for the reply. One mapping. */
struct work {
	struct batch head;
	struct descriptors received;
	size_t size;
	struct operation *operations;
	char *data;
	struct reply *reply;
	int64_t *results;
	char *output;
	struct descriptors attached;
};

long (*more_operations)(const struct work *work, int32_t number, const uint64_t *argument);
int conversation_over;
static struct work *cleanup, *next_cleanup;
static int control;

void *memcpy(void *to, const void *from, size_t n)
{
	char *t = to;
	const char *f = from;
	while (n--)
		*t++ = *f++;
	return to;
}

void *memset(void *to, int byte, size_t n)
{
	char *t = to;
	while (n--)
		*t++ = (char)byte;
	return to;
}

/* Garbage on the control socket: the process ends, because it cannot resynchronise. */
_Noreturn static void give_up(void)
{
	exit_now(2);
}

static void close_all(struct descriptors *d)
{
	for (unsigned i = 0; i < d->count; i++)
		sys1(__NR_close, d->number[i]);
	d->count = 0;
}

static long receive(void *to, size_t length, struct descriptors *received)
{
	struct rights rights;
	struct vector vector = {to, length};
	struct message message = {0, 0, &vector, 1, &rights, sizeof(rights), 0};
	long n;

	received->count = 0;
	do
		n = sys3(__NR_recvmsg, control, &message, MSG_CMSG_CLOEXEC);
	while (n == -EINTR);
	if (n > 0 && message.control_length >= 16 && rights.level == SOL_SOCKET &&
	    rights.type == SCM_RIGHTS && rights.length <= message.control_length) {
		received->count = (unsigned)((rights.length - 16) / sizeof(int));
		memcpy(received->number, rights.descriptor, received->count * sizeof(int));
	}
	received->cut = n > 0 && (message.flags & MSG_CTRUNC);
	return n;
}

static void read_fully(void *to, size_t length)
{
	char *at = to;
	while (length) {
		long n = sys3(__NR_read, control, at, length);
		if (n == -EINTR)
			continue;
		if (n <= 0)
			give_up();
		at += n;
		length -= (size_t)n;
	}
}

/* Sends all bytes, and the descriptors with the first. A reader that is gone is no error:
 * the next receive returns the end of the stream. */
static void send_fully(char *from, size_t length, struct descriptors *attached)
{
	struct rights rights = {16 + attached->count * sizeof(int), SOL_SOCKET, SCM_RIGHTS, {0}};
	memcpy(rights.descriptor, attached->number, attached->count * sizeof(int));
	while (length) {
		struct vector vector = {from, length};
		size_t beside = attached->count ? (rights.length + 7) & ~7ul : 0;
		struct message message = {0, 0, &vector, 1, &rights, beside, 0};
		long n = sys3(__NR_sendmsg, control, &message, MSG_NOSIGNAL);
		if (n == -EINTR)
			continue;
		if (n <= 0)
			return;
		close_all(attached);
		from += n;
		length -= (size_t)n;
	}
}

static struct work *allocate(const struct batch *head)
{
	if (head->magic != BATCH_MAGIC || head->operations > MAX_OPERATIONS ||
	    head->data_length > MAX_BYTES || head->output_length > MAX_BYTES)
		give_up();
	size_t operations = head->operations * sizeof(struct operation);
	size_t data = (head->data_length + 7ul) & ~7ul;
	size_t results = head->operations * sizeof(int64_t);
	size_t size = sizeof(struct work) + operations + data + sizeof(struct reply) + results +
		      head->output_length + sizeof(uint64_t); /* may be compared at its end, too */
	long at = sys6(__NR_mmap, 0, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (at < 0 && at > -4096)
		give_up();
	struct work *work = (struct work *)at;
	work->head = *head;
	work->size = size;
	work->operations = (struct operation *)(work + 1);
	work->data = (char *)work->operations + operations;
	work->reply = (struct reply *)(work->data + data);
	work->results = (int64_t *)(work->reply + 1);
	work->output = (char *)(work->results + head->operations);
	return work;
}

static void drop(struct work *work)
{
	close_all(&work->received);
	close_all(&work->attached);
	sys2(__NR_munmap, work, work->size);
}

/* Computes an argument. Returns 0, or the operation's result if there is no argument. */
static long argument(struct work *work, unsigned index, unsigned kind, uint64_t word,
		     uint64_t *value)
{
	switch (kind) {
	case IMMEDIATE:
		*value = word;
		return 0;
	case DATA:
		if (word > work->head.data_length)
			give_up();
		*value = (uint64_t)(work->data + word);
		return 0;
	case OUTPUT:
		if (word > work->head.output_length)
			give_up();
		*value = (uint64_t)(work->output + word);
		return 0;
	case RESULT:
		if (word >= index)
			give_up();
		*value = (uint64_t)work->results[word];
		return work->results[word] >= 0 ? 0 : -ECANCELED;
	case DESCRIPTOR:
		if (word >= work->received.count && work->received.cut)
			return -EMFILE;
		if (word >= work->received.count)
			give_up();
		*value = (uint64_t)work->received.number[word];
		return 0;
	default:
		give_up();
	}
}

static long attach(struct descriptors *attached, int descriptor)
{
	if (attached->count == MAX_DESCRIPTORS)
		return -EMFILE;
	/* A copy: the sender closes what was sent, the original may be in use. */
	long copy = sys3(__NR_fcntl, descriptor, F_DUPFD_CLOEXEC, 3);
	if (copy >= 0)
		attached->number[attached->count++] = (int)copy;
	return copy < 0 ? copy : 0;
}

/* In the parent: the new process's pid. In the new process: 0, and control is its own socket. */
static long clone_with_control(struct work *work, uint64_t arguments, uint64_t size)
{
	int pair[2];
	long result = sys4(__NR_socketpair, AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair);
	if (result < 0)
		return result;
	const uint64_t *wanted = (const uint64_t *)arguments; /* struct clone_args */
	result = sys2(__NR_clone3, arguments, size);
	/* Filters of other runtimes return ENOSYS because they cannot read the structure. */
	if (result == -ENOSYS && wanted[0] >> 32 == 0)
		result = sys2(__NR_clone, wanted[0] | wanted[CLONE_EXIT_SIGNAL], 0);
	if (result == 0) {
		sys1(__NR_close, control);
		sys1(__NR_close, pair[0]);
		control = pair[1];
		return 0;
	}
	sys1(__NR_close, pair[1]);
	if (result > 0 && work->attached.count < MAX_DESCRIPTORS)
		work->attached.number[work->attached.count++] = pair[0];
	else
		sys1(__NR_close, pair[0]);
	return result;
}

void require_data(const struct work *work, uint64_t address, uint64_t size)
{
	uint64_t offset = address - (uint64_t)work->data;
	if (offset > work->head.data_length || size > work->head.data_length - offset)
		give_up();
}

static long perform(struct work *work, int32_t number, const uint64_t *a)
{
	switch (number) {
	case OP_CLONE:
		return clone_with_control(work, a[0], a[1]);
	case OP_TAKE_CONTROL:
		sys1(__NR_close, control);
		control = (int)sys3(__NR_fcntl, a[0], F_DUPFD_CLOEXEC, 3);
		sys1(__NR_close, a[0]);
		return control;
	case OP_ATTACH:
		return attach(&work->attached, (int)a[0]);
	case OP_STORE:
		require_data(work, a[0], a[2] == 4 || a[2] == 8 ? a[2] : -1ul);
		memcpy((char *)a[0], &a[1], a[2]);
		return 0;
	case OP_CONTROL:
		return control;
	case OP_CHECK:
		if ((a[0] + a[1]) & 7 || a[0] + a[1] - (uint64_t)work->output > work->head.output_length)
			give_up();
		return ((*(uint64_t *)(a[0] + a[1]) & a[2]) == a[3]) == a[4] ? 0 : -EBADMSG;
	default:
		if (number < 0)
			return more_operations ? more_operations(work, number, a) : -ENOSYS;
	}
	for (int tries = 1;; tries++) {
		long result = sys6(number, a[0], a[1], a[2], a[3], a[4], a[5]);
		int interrupted = result == -EINTR && number != __NR_close;
		int raced = result == -EAGAIN && number == __NR_openat2 && tries < MAX_TRIES;
		if (!interrupted && !raced)
			return result;
	}
}

static int is_tolerated(const struct operation *operation, long result)
{
	for (int i = 0; i < 4; i++)
		if (operation->tolerated[i] == -1 || operation->tolerated[i] == -result)
			return operation->tolerated[i] != 0;
	return 0;
}

/* Returns 1, or 0 in a process that was just cloned: the batch is not its own. */
static int execute(struct work *work)
{
	work->reply->done = work->head.operations;
	for (unsigned i = 0; i < work->head.operations; i++) {
		struct operation *operation = &work->operations[i];
		uint64_t value[6];
		long result = 0;
		for (unsigned j = 0; j < 6 && result != -ECANCELED; j++) {
			long r = argument(work, i, operation->kinds >> (4 * j) & 15,
					  operation->argument[j], &value[j]);
			result = r ? r : result;
		}
		/* Operations that depend on a failed, tolerated one are skipped. */
		int passed_over = result == -ECANCELED;
		if (result == 0)
			result = perform(work, operation->number, value);
		if (operation->number == OP_CLONE && result == 0)
			return 0;
		work->results[i] = result;
		if (!passed_over && result < 0 && result > -4096 && !is_tolerated(operation, result)) {
			work->reply->done = i + 1;
			break;
		}
	}
	return 1;
}

static void answer(struct work *work)
{
	struct reply *reply = work->reply;
	reply->magic = BATCH_MAGIC;
	reply->sequence = work->head.sequence;
	reply->output_length = work->head.output_length;
	size_t results = work->head.operations * sizeof(int64_t);
	send_fully((char *)reply, sizeof(*reply) + results + reply->output_length, &work->attached);
}

static void replace(struct work **one, struct work *other)
{
	if (*one)
		drop(*one);
	*one = other;
}

void take_next_cleanup(void)
{
	replace(&cleanup, next_cleanup);
	next_cleanup = 0;
}

void drop_cleanup(void)
{
	replace(&cleanup, 0);
}

static int cloned; /* this process began as a copy of another one that serves */

void serve(int socket)
{
	control = socket;
	for (;;) {
		struct batch head;
		struct descriptors received;
		long n = receive(&head, sizeof(head), &received);
		if (n <= 0 && cloned) { /* what the program goes on with is its first process' task */
			run_cleanup();
			exit_now(0);
		}
		if (n <= 0)
			return;
		if ((size_t)n < sizeof(head))
			read_fully((char *)&head + n, sizeof(head) - (size_t)n);
		struct work *work = allocate(&head);
		work->received = received;
		read_fully(work->operations, head.operations * sizeof(struct operation));
		read_fully(work->data, head.data_length);
		if (head.flags & (BATCH_CLEANUP | BATCH_NEXT_CLEANUP)) {
			replace(head.flags & BATCH_CLEANUP ? &cleanup : &next_cleanup, work);
			continue;
		}
		if (!execute(work)) {
			/* Drop the parent's descriptors and cleanup batches. */
			cloned = 1;
			drop_cleanup();
			replace(&next_cleanup, 0);
		} else {
			answer(work);
		}
		drop(work);
		if (conversation_over)
			return;
	}
}

int run_cleanup(void)
{
	struct work *work = cleanup;
	cleanup = 0; /* one of its operations may install the next one */
	if (!work)
		return 0;
	execute(work);
	unsigned done = work->reply->done;
	int expected = done > 0 && done == work->head.operations &&
		       (work->results[done - 1] >= 0 ||
			is_tolerated(&work->operations[done - 1], work->results[done - 1]));
	drop(work);
	return expected;
}
