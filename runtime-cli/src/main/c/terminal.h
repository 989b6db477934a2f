// SPDX-License-Identifier: Apache-2.0
/* The host's terminal; the container gets its keys while the launcher is in the foreground. */
#pragma once

/* Whether standard input is a terminal. */
int keys_are_typed(void);

/* Whether the launcher, not another job, reads its keys. True for a terminal of another session,
 * which has no jobs here. */
int in_foreground(void);

/* Switches to raw mode, if input is a terminal and the launcher is in the foreground. This terminal
 * still adds the carriage returns at the ends of lines; the container's terminal does not. */
void enter_raw_mode(void);

/* Restores the mode. */
void leave_raw_mode(void);

/* Gives the container's terminal the size of the host's, if that has one. */
void pass_window_size(int master);

/* Stops as SIGTSTP does, unless the caller ignores it; returns when continued. */
void stop_until_continued(void);

/* The container's terminal's end-of-input key, normally Ctrl-D. */
char end_of_input(int master);

/* Opens the other end of the container's terminal: -errno on failure. While it is open, the master
 * does not hang up when the container closes its own ends and opens one again. */
int open_other_end(int master);
