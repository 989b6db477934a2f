// SPDX-License-Identifier: Apache-2.0
package io.jrunc.seccomp;

/**
 * The calls that some architectures reach through {@code socketcall} and {@code ipc} too: there the
 * first argument says which call is meant, and the rest is in memory, where no filter can look.
 * Source: socketcall(2), ipc(2), linux/net.h, linux/ipc.h.
 */
public final class Multiplexer {
    /** By the number that socketcall gives them, from 1. */
    private static final String[] SOCKET_CALLS = {
        "",
        "socket",
        "bind",
        "connect",
        "listen",
        "accept",
        "getsockname",
        "getpeername",
        "socketpair",
        "send",
        "recv",
        "sendto",
        "recvfrom",
        "shutdown",
        "setsockopt",
        "getsockopt",
        "sendmsg",
        "recvmsg",
        "accept4",
        "recvmmsg",
        "sendmmsg",
    };

    /** By the number that ipc gives them, from 1; an empty name is a number without call. */
    private static final String[] IPC_CALLS = {
        "",
        "semop",
        "semget",
        "semctl",
        "semtimedop",
        "",
        "",
        "",
        "",
        "",
        "",
        "msgsnd",
        "msgrcv",
        "msgget",
        "msgctl",
        "",
        "",
        "",
        "",
        "",
        "",
        "shmat",
        "shmdt",
        "shmget",
        "shmctl",
    };

    private static final int CALL_SHIFT = 8;

    /** By index of the name: {@code multiplexer << 8 | sub-call}, 0 for an ordinary call. */
    private static final short[] PLACES = places();

    private Multiplexer() {}

    /** Returns whether {@code name} may be a sub-call, on an architecture that has multiplexers. */
    public static boolean covers(int name) {
        return PLACES[name] != 0;
    }

    /** Returns whether an architecture reaches these calls through multiplexers. */
    public static boolean isUsedOn(Architecture architecture) {
        return SyscallTable.number(architecture, SyscallTable.indexOf("socketcall"))
                != SyscallTable.ABSENT;
    }

    /** Returns the number of the call that multiplexes {@code name}. */
    public static int number(Architecture architecture, int name) {
        return SyscallTable.number(architecture, SyscallTable.indexOf(call(name)));
    }

    /** Returns the name of the call that multiplexes {@code name}. */
    public static String call(int name) {
        return PLACES[name] >> CALL_SHIFT == 1 ? "socketcall" : "ipc";
    }

    /** Returns the first argument that means {@code name}. */
    public static int subCall(int name) {
        return PLACES[name] & ((1 << CALL_SHIFT) - 1);
    }

    private static short[] places() {
        short[] places = new short[SyscallTable.count()];
        enter(places, 1, SOCKET_CALLS);
        enter(places, 2, IPC_CALLS);
        return places;
    }

    private static void enter(short[] places, int multiplexer, String[] names) {
        for (int i = 1; i < names.length; i++) {
            if (!names[i].isEmpty()) {
                int place = multiplexer << CALL_SHIFT | i;
                places[SyscallTable.indexOf(names[i])] = (short) place;
            }
        }
    }
}
