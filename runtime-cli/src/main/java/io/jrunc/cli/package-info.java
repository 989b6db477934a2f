/**
 * The jrunc command: one class per command, global options, logs, exit codes, and the conversation
 * with the launcher. Only here is anything printed.
 */
package io.jrunc.cli;
