// SPDX-License-Identifier: Apache-2.0
/*
 * Replaces libc: types, raw system calls, and the entry point.
 * Results are the kernel's: a negative number is -errno.
 */
#pragma once

#include <asm/unistd.h>
#include <stddef.h>
#include <stdint.h>

static inline long syscall6(long n, long a, long b, long c, long d, long e, long f)
{
#if defined(__x86_64__)
	long result;
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = e;
	register long r9 __asm__("r9") = f;
	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"(n), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	return result;
#elif defined(__aarch64__)
	register long x8 __asm__("x8") = n;
	register long x0 __asm__("x0") = a;
	register long x1 __asm__("x1") = b;
	register long x2 __asm__("x2") = c;
	register long x3 __asm__("x3") = d;
	register long x4 __asm__("x4") = e;
	register long x5 __asm__("x5") = f;
	__asm__ volatile("svc 0"
			 : "+r"(x0)
			 : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
			 : "memory");
	return x0;
#else
#error "jrunc runs on x86-64 and arm64"
#endif
}

#define sys1(n, a) syscall6(n, (long)(a), 0, 0, 0, 0, 0)
#define sys2(n, a, b) syscall6(n, (long)(a), (long)(b), 0, 0, 0, 0)
#define sys3(n, a, b, c) syscall6(n, (long)(a), (long)(b), (long)(c), 0, 0, 0)
#define sys4(n, a, b, c, d) syscall6(n, (long)(a), (long)(b), (long)(c), (long)(d), 0, 0)
#define sys6(n, a, b, c, d, e, f) \
	syscall6(n, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(f))

#define SIGNALS 64
#define AF_UNIX 1
#define SOCK_STREAM 1
#define SOCK_CLOEXEC 02000000
#define SCM_RIGHTS 1
#define MSG_NOSIGNAL 0x4000

/* struct iovec and struct msghdr of sendmsg(2). */
struct vector {
	const void *base;
	size_t length;
};

struct message {
	void *name;
	int name_length;
	struct vector *vectors;
	size_t vector_count;
	void *control;
	size_t control_length;
	unsigned flags;
};

/* The compiler generates calls of these two. */
void *memcpy(void *to, const void *from, size_t n);
void *memset(void *to, int byte, size_t n);

/* If a seccomp filter refuses exit_group, the fault after it ends the process. */
_Noreturn static inline void exit_now(int code)
{
	sys1(__NR_exit_group, code);
	__builtin_trap();
}

/* The kernel enters a program with argc, argv and the environment on the stack. */
_Noreturn void start(long *stack);

/* A static stack: the caller's RLIMIT_STACK may be too small. */
#define OWN_STACK ".local own_stack\n.comm own_stack,65536,16\n.globl _start\n_start:\n\t"
#if defined(__x86_64__)
#define ENTRY_POINT \
	__asm__(OWN_STACK "xor %ebp,%ebp\n\tmov %rsp,%rdi\n\t" \
			  "lea own_stack+65536(%rip),%rsp\n\tcall start\n")
#else
#define ENTRY_POINT \
	__asm__(OWN_STACK "mov x29,#0\n\tmov x30,#0\n\tmov x0,sp\n\tadrp x1,own_stack\n\t" \
			  "add x1,x1,:lo12:own_stack\n\tadd sp,x1,#16,lsl #12\n\tbl start\n")
#endif
