/* The host's terminal, whose keys are the container's while we are in the foreground. */
#ifndef JRUNC_TERMINAL_H
#define JRUNC_TERMINAL_H

/* Whether standard input is a terminal. */
int keys_are_typed(void);

/* Whether it sends its keys to us, not to another job. True if it is no terminal of our session:
 * that knows no jobs. */
int in_foreground(void);

/* Passes every key on unchanged, if keys are typed and we are in the foreground. The returns at the
 * ends of lines are still added here, and not by the container's terminal. */
void enter_raw_mode(void);

/* Undoes it. */
void leave_raw_mode(void);

/* Gives the container's terminal the size of the host's, if that has one. */
void pass_window_size(int master);

/* Stops, as SIGTSTP does unless whoever started us wants none of it, and returns when continued. */
void stop_until_continued(void);

/* The key that means the end of input to the container's terminal, normally Ctrl-D. */
char end_of_input(int master);

/* Opens the other end of the container's terminal: -errno on failure. While it is open, a container
 * that closes its own ends and opens one again finds us still there. */
int open_other_end(int master);

#endif
