// SPDX-License-Identifier: Apache-2.0
package io.jrunc.linux;

import java.util.Locale;

/**
 * The system calls that this runtime makes, with their numbers. Source: asm/unistd_64.h for x86-64,
 * asm-generic/unistd.h for arm64; syscalls(2).
 */
public enum Syscall implements Operation {
    OPENAT(257, 56),
    OPENAT2(437, 437),
    CLOSE(3, 57),
    CLOSE_RANGE(436, 436),
    READ(0, 63),
    WRITE(1, 64),
    PREAD64(17, 67),
    LSEEK(8, 62),
    FTRUNCATE(77, 46),
    MKDIRAT(258, 34),
    UNLINKAT(263, 35),
    SYMLINKAT(266, 36),
    MKNODAT(259, 33),
    LINKAT(265, 37),
    RENAMEAT2(316, 276),
    FCHMODAT(268, 53),
    FCHMOD(91, 52),
    FCHOWNAT(260, 54),
    FCHOWN(93, 55),
    READLINKAT(267, 78),
    STATX(332, 291),
    FSTATFS(138, 44),
    FACCESSAT2(439, 439),
    FCNTL(72, 25),
    DUP3(292, 24),
    PIPE2(293, 59),
    FLOCK(73, 32),
    GETDENTS64(217, 61),
    MEMFD_CREATE(319, 279),
    CHDIR(80, 49),
    FCHDIR(81, 50),
    CHROOT(161, 51),
    UMASK(95, 166),
    GETCWD(79, 17),
    IOCTL(16, 29),
    SENDFILE(40, 71),
    COPY_FILE_RANGE(326, 285),
    UTIMENSAT(280, 88),
    FSETXATTR(190, 7),
    FGETXATTR(193, 10),
    FLISTXATTR(196, 13),
    MOUNT(165, 40),
    UMOUNT2(166, 39),
    PIVOT_ROOT(155, 41),
    OPEN_TREE(428, 428),
    MOVE_MOUNT(429, 429),
    FSOPEN(430, 430),
    FSCONFIG(431, 431),
    FSMOUNT(432, 432),
    FSPICK(433, 433),
    MOUNT_SETATTR(442, 442),
    CLONE3(435, 435),
    UNSHARE(272, 97),
    SETNS(308, 268),
    EXECVE(59, 221),
    EXECVEAT(322, 281),
    WAIT4(61, 260),
    EXIT_GROUP(231, 94),
    KILL(62, 129),
    PIDFD_OPEN(434, 434),
    PIDFD_SEND_SIGNAL(424, 424),
    PIDFD_GETFD(438, 438),
    PRCTL(157, 167),
    PRLIMIT64(302, 261),
    SETSID(112, 157),
    GETPID(39, 172),
    GETPPID(110, 173),
    SETHOSTNAME(170, 161),
    SETDOMAINNAME(171, 162),
    PERSONALITY(135, 92),
    SETRESUID(117, 147),
    SETRESGID(119, 149),
    GETRESUID(118, 148),
    SETGROUPS(116, 159),
    GETRANDOM(318, 278),
    CAPSET(126, 91),
    CAPGET(125, 90),
    SECCOMP(317, 277),
    BPF(321, 280),
    KEYCTL(250, 219),
    PPOLL(271, 73),
    EPOLL_CREATE1(291, 20),
    EPOLL_CTL(233, 21),
    EPOLL_PWAIT(281, 22),
    EVENTFD2(290, 19),
    INOTIFY_INIT1(294, 26),
    INOTIFY_ADD_WATCH(254, 27),
    SCHED_SETAFFINITY(203, 122),
    SCHED_GETAFFINITY(204, 123),
    SCHED_SETATTR(314, 274),
    IOPRIO_SET(251, 30),
    SET_MEMPOLICY(238, 237),
    RT_SIGPROCMASK(14, 135),
    GETTID(186, 178),
    SOCKET(41, 198),
    BIND(49, 200),
    LISTEN(50, 201),
    ACCEPT4(288, 242),
    CONNECT(42, 203),
    SOCKETPAIR(53, 199),
    SETSOCKOPT(54, 208),
    GETSOCKOPT(55, 209),
    SENDTO(44, 206),
    RECVFROM(45, 207),
    SENDMSG(46, 211),
    RECVMSG(47, 212),
    SHUTDOWN(48, 210);

    private final int x86Number;
    private final int armNumber;
    private final String manualName;

    Syscall(int x86Number, int armNumber) {
        this.x86Number = x86Number;
        this.armNumber = armNumber;
        this.manualName = name().toLowerCase(Locale.ROOT);
    }

    /** Returns the number on this machine. */
    @Override
    public int number() {
        return Machine.ARM64 ? armNumber : x86Number;
    }

    @Override
    public String manualName() {
        return manualName;
    }
}
