// SPDX-License-Identifier: Apache-2.0
package io.jrunc.checkpoint.option;

/** What the caller may ask criu for with a word. Source: criu(8), rpc.proto. */
public enum CriuFlag {
    /** The container goes on after it was dumped. */
    LEAVE_RUNNING(3),
    /** Connections over Unix sockets to processes outside may be cut. */
    EXTERNAL_UNIX_SOCKETS(4),
    /** TCP connections are kept. */
    TCP_ESTABLISHED(5),
    /** The container belongs to the session of a terminal outside. */
    SHELL_JOB(7),
    /** Locks on files are kept. */
    FILE_LOCKS(8),
    /** Pages are removed from an image when they are written to a later one, or restored. */
    AUTO_DEDUP(16),
    /** A file that was removed but is open gets a name for the time being. */
    LINK_REMAP(18),
    /** TCP connections that are being made are left out. */
    TCP_SKIP_IN_FLIGHT(46),
    /** Memory is sent when it is first used after the restore. */
    LAZY_PAGES(48),
    /** TCP connections are closed. */
    TCP_CLOSE(52);

    private final int field;

    CriuFlag(int field) {
        this.field = field;
    }

    /** Returns the number of its field in the options of a request. */
    public int field() {
        return field;
    }
}
