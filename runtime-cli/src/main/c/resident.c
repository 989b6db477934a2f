// SPDX-License-Identifier: Apache-2.0
/*
 * Finds a resident runtime, `jrunc serve`, which takes a request without a JVM's start:
 *
 *	launcher                     resident
 *	   | connects                   |  compares the launcher's namespaces, root, user, rights
 *	   |          struct greeting   |
 *	   | <------------------------- |
 *	   | struct hello, ...          |
 *	   | -------------------------> |
 *	   |                  ACCEPTED  |
 *	   | <------------------------- |
 *
 * If it hangs up instead, or sends no greeting in time, nothing has been done yet: the launcher
 * starts a JVM for its request.
 */
#include "launcher.h"
#include "sys.h"

#include <asm/errno.h>
#include <asm/socket.h>
#include <linux/fcntl.h>
#include <linux/stat.h>

#define GREETING_MAGIC 0x3167726au /* "jrg1" */
#define ACCEPTED 0x3161726au	   /* "jra1" */
#define GREETING_PATIENCE 25	   /* ms: less than a JVM's start takes */
#define ACCEPT_PATIENCE 10000	   /* ms */
#define SOCK_NONBLOCK 04000
#define ADDRESS_BYTES 108
#define PRIVATE_DIRECTORY 040700 /* its type and permissions */

struct greeting {
	uint32_t magic, reserved;
	uint64_t nonce; /* to be sent back, to show that the hello follows the greeting */
	char commit[40];
};

static const char commit[40] = COMMIT;

/* Waits for `size` bytes: 1, they came; -1, not in time; 0, the other end hung up. */
static int receive_within(int socket, void *to, long size, long milliseconds)
{
	long patience[2] = {milliseconds / 1000, milliseconds % 1000 * 1000000};
	struct poll poll = {socket, POLLIN, 0};
	long n = sys6(__NR_ppoll, &poll, 1, patience, 0, 8, 0);
	if (n > 0)
		n = sys3(__NR_read, socket, to, size);
	else if (n == 0)
		n = -EAGAIN;
	return n == size ? 1 : n == -EAGAIN ? -1 : 0;
}

/* Only this user may have put the socket there. */
static int is_private(const char *directory, unsigned user)
{
	struct statx found;
	long result = sys6(__NR_statx, AT_FDCWD, directory, AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS, &found, 0);
	return result == 0 && found.stx_uid == user && found.stx_mode == PRIVATE_DIRECTORY;
}

int greet_resident(const char *directory, uint64_t *nonce)
{
	struct {
		unsigned short family;
		char path[ADDRESS_BYTES];
	} address = {AF_UNIX, {0}};
	struct {
		int pid;
		unsigned user, group;
	} peer;
	int peer_size = sizeof(peer);
	struct greeting greeting;
	unsigned user = (unsigned)sys1(__NR_geteuid, 0);

	if (!is_private(directory, user))
		return -1;
	append(append(address.path, directory), "/socket");
	int type = SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK;
	int socket = (int)sys4(__NR_socket, AF_UNIX, type, 0, 0);
	if (socket < 0)
		return -1;
	int same = sys3(__NR_connect, socket, &address, sizeof(address)) == 0 &&
		   sys6(__NR_getsockopt, socket, SOL_SOCKET, SO_PEERCRED, &peer, &peer_size, 0) == 0 &&
		   peer.user == user &&
		   receive_within(socket, &greeting, sizeof(greeting), GREETING_PATIENCE) > 0 &&
		   greeting.magic == GREETING_MAGIC;
	for (unsigned i = 0; same && i < sizeof(commit); i++)
		same = greeting.commit[i] == commit[i];
	if (!same) {
		sys1(__NR_close, socket);
		return -1;
	}
	sys3(__NR_fcntl, socket, F_SETFL, O_RDWR);
	*nonce = greeting.nonce;
	return socket;
}

int is_accepted(int socket)
{
	uint32_t word = 0;
	int came = receive_within(socket, &word, sizeof(word), ACCEPT_PATIENCE);
	return came > 0 ? word == ACCEPTED : came;
}
