// SPDX-License-Identifier: Apache-2.0
/*
 * The conversation between Java and a process that makes calls for it. Java sends a batch of system
 * calls over a stream socket; the process makes them in order and sends back their results.
 * The layout is fixed by io.jrunc.linux.child.BatchLayout and its test. Native byte order.
 *
 *	request    struct batch | struct operation [operations] | data [data_length]
 *	reply      struct reply | int64_t result [operations] | output [output_length]
 */
#pragma once

#include <stdint.h>

#define BATCH_MAGIC 0x3162726au /* "jrb1" */

/* Where an argument comes from: four bits each in operation.kinds, the first argument lowest. */
enum kind {
	IMMEDIATE = 0,	/* the word itself */
	DATA = 1,	/* the address of this offset in the request's data */
	OUTPUT = 2,	/* the address of this offset in the reply's output */
	RESULT = 3,	/* the result of the operation with this index, earlier in the batch */
	DESCRIPTOR = 4, /* the descriptor received with this batch at this position */
};

/* Operations that are not system calls. */
enum child_op {
	/* clone3(args, size); the new process answers on a socket of its own, attached to the reply. */
	OP_CLONE = -1,
	/* From the reply to this batch on, the conversation continues on this descriptor. */
	OP_TAKE_CONTROL = -2,
	/* Sends the descriptor along with the reply. */
	OP_ATTACH = -3,
	/* *(target) = value, of size 4 or 8: completes a structure with an address or descriptor. */
	OP_STORE = -4,
	/* Results in the number of the control socket. */
	OP_CONTROL = -5,
	/* Compares *(output + offset) & mask with a value: is it equal, as the last argument says? */
	OP_CHECK = -6,
};

/* batch.flags: make these calls not now but when the conversation ends. */
#define BATCH_CLEANUP 1u
/* The same, once take_next_cleanup() was called; the earlier one is in force until then. */
#define BATCH_NEXT_CLEANUP 2u

struct batch {
	uint32_t magic;
	uint32_t sequence; /* echoed in the reply */
	uint32_t flags;
	uint32_t operations;
	uint32_t data_length;
	uint32_t output_length;
};

struct operation {
	int32_t number;
	uint32_t kinds;
	uint64_t argument[6];
	int16_t tolerated[4]; /* errnos that do not stop the batch; -1 is any */
};

struct reply {
	uint32_t magic;
	uint32_t sequence;
	uint32_t done; /* operations with a result; the last one stopped the batch if it failed */
	uint32_t output_length;
};

struct work; /* a batch in memory */
/* Executes operations that only this program knows; NULL: there are none. */
extern long (*more_operations)(const struct work *work, int32_t number, const uint64_t *argument);

/* Ends the process unless all these bytes are data of the batch. */
void require_data(const struct work *work, uint64_t address, uint64_t size);

/* Such an operation sets this to end the conversation after the reply. */
extern int conversation_over;

/* Serves the conversation until it ends. */
void serve(int control);

/* Makes the calls of the cleanup batch, and forgets it. Returns whether it had any and none failed. */
int run_cleanup(void);

/* What was sent as the next cleanup batch becomes the cleanup batch. */
void take_next_cleanup(void);

/* Forgets the cleanup batch, and closes the descriptors that came with it. */
void drop_cleanup(void);
