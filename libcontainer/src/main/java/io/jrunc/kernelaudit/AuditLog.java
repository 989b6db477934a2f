// SPDX-License-Identifier: Apache-2.0
package io.jrunc.kernelaudit;

import io.jrunc.container.Container;
import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Kernel;
import io.jrunc.spec.OciState;
import io.jrunc.spec.Resources;
import io.jrunc.spec.Spec;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * Writes records about containers to the kernel's audit log. Programs that embed this library call
 * it beside the methods of {@link Container}; no record is written otherwise.
 *
 * <pre>
 *   type=VIRT_CONTROL msg=audit(…): pid=… uid=0 auid=… ses=… msg='virt=jrunc op=start reason=booted
 *      vm="web1" uuid=… vm-pid=4711 exe="/usr/bin/java" hostname=? addr=? terminal=? res=success'
 * </pre>
 *
 * Source: libvirt's audit log (libvirt.org/auditlog.html), audit_log_user_message(3).
 */
public final class AuditLog implements AutoCloseable {
    private static final int AUDIT_VIRT_CONTROL = 2500;
    private static final int AUDIT_VIRT_RESOURCE = 2501;
    private static final int AUDIT_VIRT_MACHINE_ID = 2502;

    private static final String VIRT = "jrunc";

    private final AuditSocket socket;
    private final String program;

    private AuditLog(AuditSocket socket, String program) {
        this.socket = socket;
        this.program = program;
    }

    /** Opens it; {@link Failure} if the kernel would not take records, or would drop them. */
    public static AuditLog open(Kernel kernel) {
        AuditSocket socket = AuditSocket.open(kernel);
        try {
            String program = kernel.directories().readLink(kernel.files().here(), "/proc/self/exe");
            return new AuditLog(socket, program);
        } catch (RuntimeException f) {
            socket.close();
            throw f;
        }
    }

    /** A container has started: what it may have, its label, and that it runs. */
    public void started(Container container) {
        OciState state = container.ociState("");
        Spec spec = container.spec();
        Resource.of(spec.linux()).forEach(resource -> resource(state, resource, true));
        spec.process()
                .ifPresent(
                        process -> {
                            process.selinuxLabel().ifPresent(l -> label(state, l, "selinux"));
                            process.apparmorProfile().ifPresent(l -> label(state, l, "apparmor"));
                        });
        AuditFields fields = named(about("op", "start", "booted"), state);
        send(AUDIT_VIRT_CONTROL, fields.word("vm-pid", container.initPid()), true);
    }

    /**
     * The limits of a container were to be changed: a record for each of memory, processors and
     * devices that differs, with what it was before.
     *
     * @param before the limits until then
     * @param wanted the limits from then on
     * @param success false if the kernel refused some of it, and all is as before
     */
    public void updated(Container container, Resources before, Resources wanted, boolean success) {
        OciState state = container.ociState("");
        Resource.changes(before, wanted).forEach(change -> resource(state, change, success));
    }

    private void resource(OciState state, Resource resource, boolean success) {
        AuditFields fields = about("resrc", resource.kind(), resource.reason());
        send(AUDIT_VIRT_RESOURCE, named(fields, state).all(resource.details()), success);
    }

    /** A container could not be made and started; of it there is only the id left. */
    public void startFailed(String id) {
        AuditFields fields = about("op", "start", "booted").untrusted("vm", id);
        send(AUDIT_VIRT_CONTROL, fields.word("uuid", "?").word("vm-pid", 0), false);
    }

    /** A created container could not be started. */
    public void startFailed(Container container) {
        AuditFields fields = named(about("op", "start", "booted"), container.ociState(""));
        send(AUDIT_VIRT_CONTROL, fields.word("vm-pid", container.initPid()), false);
    }

    /**
     * A container that had been started has ended, and is removed.
     *
     * @param state as it was before
     * @param pid of its init
     * @param killed whether it was running until then
     */
    public void stopped(OciState state, int pid, boolean killed) {
        AuditFields fields = about("op", "stop", killed ? "destroyed" : "shutdown");
        send(AUDIT_VIRT_CONTROL, named(fields, state).word("vm-pid", pid), true);
    }

    /**
     * A further process was not let into a container.
     *
     * @param program the first of its arguments
     */
    public void execDenied(Container container, String program) {
        OciState state = container.ociState("");
        AuditFields fields = named(about("op", "exec", "denied"), state);
        fields.word("vm-pid", container.initPid()).untrusted("cmd", program);
        send(AUDIT_VIRT_CONTROL, fields, false);
    }

    /**
     * Returns whether a failure of exec is a denial: the container accepts no process now, or the
     * kernel returned EPERM or EACCES, the errors of capabilities, labels and filters. Other
     * failures, such as a missing program, are not denials.
     */
    public static boolean isDenial(Failure failure) {
        return failure.code() == Failure.Code.WRONG_STATE
                || failure.is(Errno.EPERM)
                || failure.is(Errno.EACCES);
    }

    private void label(OciState state, String label, String model) {
        AuditFields fields = named(new AuditFields().word("virt", VIRT), state);
        fields.untrusted("vm-ctx", label).word("img-ctx", "?").word("model", model);
        send(AUDIT_VIRT_MACHINE_ID, fields, true);
    }

    private static AuditFields about(String what, String which, String reason) {
        return new AuditFields().word("virt", VIRT).word(what, which).word("reason", reason);
    }

    /** Tools find the records of one life of a container by a UUID. */
    private static AuditFields named(AuditFields fields, OciState state) {
        byte[] life = (state.created() + " " + state.id()).getBytes(StandardCharsets.UTF_8);
        return fields.untrusted("vm", state.id()).word("uuid", UUID.nameUUIDFromBytes(life));
    }

    private void send(int type, AuditFields fields, boolean success) {
        fields.untrusted("exe", program).word("hostname", "?").word("addr", "?");
        fields.word("terminal", "?").word("res", success ? "success" : "failed");
        socket.send(type, fields.toString());
    }

    @Override
    public void close() {
        socket.close();
    }
}
