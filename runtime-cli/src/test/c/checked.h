// SPDX-License-Identifier: Apache-2.0
/*
 * Included before each source of the launcher when it is built for fuzzing: with a libc, which the
 * sanitizers need, and with system calls whose memory they can check.
 */
#pragma once

#define syscall6 raw_syscall6
#include "sys.h"
#undef syscall6
#define syscall6 checked_syscall6
#undef ENTRY_POINT
#define ENTRY_POINT extern int entry_point_of_libc

long checked_syscall6(long n, long a, long b, long c, long d, long e, long f);
