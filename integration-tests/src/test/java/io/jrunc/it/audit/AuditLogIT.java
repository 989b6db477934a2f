// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.audit;

import static io.jrunc.it.harness.Feature.AUDIT_SWITCH;
import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static io.jrunc.it.harness.Feature.SETPRIV;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.it.harness.AuditLogReader;
import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Container;
import io.jrunc.it.harness.Invocation;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code --audit-log}: records in the kernel's audit log, in libvirt's format. */
@Requires({ROOT, JRUNC, AUDIT_SWITCH})
class AuditLogIT {
    private static final String UUID = " uuid=[0-9a-f-]{36}";
    private static final String TAIL = " exe=\"/[^ ]+\" hostname=\\? addr=\\? terminal=\\? res=";

    private AuditLogReader reader;

    @BeforeEach
    void listen() {
        reader = new AuditLogReader();
    }

    @AfterEach
    void stopListening() {
        reader.close();
    }

    private static Invocation jrunc(Bundle bundle, String... words) {
        bundle.write();
        List<String> arguments = new ArrayList<>(List.of("--audit-log"));
        arguments.addAll(Arrays.asList(words));
        return Sandbox.current().runtime(arguments).in(bundle.directory());
    }

    private void logs(String id, String... patterns) {
        List<String> records = reader.next(patterns.length, '"' + id + '"');
        for (int i = 0; i < patterns.length; i++) {
            String pattern = patterns[i].replace("VM", " vm=\"" + id + "\"" + UUID);
            assertTrue(
                    records.get(i).matches(pattern),
                    () -> String.join("\n", records) + "\nnot as\n" + pattern);
        }
        assertEquals(
                1,
                records.stream()
                        .map(r -> r.replaceFirst(".* (uuid=[^ ]+) .*", "$1"))
                        .distinct()
                        .count(),
                records::toString);
    }

    @Test
    void startAndEndOfARunAreReported() {
        String id = Sandbox.current().freshId();

        Result run = jrunc(Bundle.busybox().args("sh", "-c", "exit 3"), "run", id).run();

        assertEquals(3, run.status(), run::describe);
        logs(
                id,
                "2501 virt=jrunc resrc=cgroup reason=deny"
                        + "VM class=all acl=\"rwm\""
                        + TAIL
                        + "success'?",
                "2500 virt=jrunc op=start reason=bootedVM vm-pid=\\d+" + TAIL + "success'?",
                "2500 virt=jrunc op=stop reason=shutdownVM vm-pid=\\d+" + TAIL + "success'?");
    }

    @Test
    void limitsAndKillsAreReported() {
        var bundle = Bundle.busybox().args("sleep", "60");
        bundle.set("/linux/resources/memory/limit", 64 << 20);
        Container container = bundle.create("sleep", "60");
        long pid = container.pid();

        assertEquals(0, jrunc(bundle, "start", container.id()).run().status());
        assertEquals(0, jrunc(bundle, "delete", "--force", container.id()).run().status());

        logs(
                container.id(),
                "2501 virt=jrunc resrc=mem reason=startVM old-mem=0 new-mem=65536"
                        + TAIL
                        + "success'?",
                "2501 virt=jrunc resrc=cgroup .*",
                "2500 virt=jrunc op=start reason=bootedVM vm-pid=" + pid + TAIL + "success'?",
                "2500 virt=jrunc op=stop reason=destroyedVM vm-pid=" + pid + TAIL + "success'?");
    }

    @Test
    void changedLimitsAreReportedAndThoseThatTheKernelRefuses() {
        var bundle = Bundle.busybox().args("sleep", "60");
        bundle.set("/linux/resources/memory/limit", 64 << 20);
        Container container = bundle.start("sleep", "60");
        String id = container.id();

        String[] changed = {"update", "--memory", "32M", "--cpu-quota", "150000", id};
        assertEquals(0, jrunc(bundle, changed).run().status());
        assertEquals(0, jrunc(bundle, "update", "--pids-limit", "20", id).run().status());
        Result refused = jrunc(bundle, "update", "--memory", "1", id).run();

        assertEquals(1, refused.status(), refused::describe);
        logs(
                id,
                "2501 virt=jrunc resrc=mem reason=updateVM old-mem=65536 new-mem=32768"
                        + TAIL
                        + "success'?",
                "2501 virt=jrunc resrc=vcpu reason=updateVM old-vcpu=0 new-vcpu=2"
                        + TAIL
                        + "success'?",
                "2501 virt=jrunc resrc=mem reason=updateVM old-mem=32768 new-mem=0"
                        + TAIL
                        + "failed'?");
    }

    @Test
    void deniedExecIsReportedAndCannotForgeAnything() {
        var bundle = Bundle.busybox();
        Container container = bundle.create("sleep", "60");
        assertEquals(0, jrunc(bundle, "start", container.id()).run().status());
        assertEquals(0, container.pause().status());

        Result denied = jrunc(bundle, "exec", container.id(), "x' res=success vm=\"other\"").run();
        assertEquals(0, container.resume().status());
        Result missing = jrunc(bundle, "exec", container.id(), "/no/such/program").run();

        assertEquals(255, denied.status(), denied::describe);
        assertEquals(255, missing.status(), missing::describe);
        assertEquals(0, jrunc(bundle, "delete", "--force", container.id()).run().status());
        logs(
                container.id(),
                "2501 .*",
                "2500 .* op=start .*",
                "2500 virt=jrunc op=exec reason=deniedVM vm-pid=\\d+ cmd=782720[0-9A-F]+"
                        + TAIL
                        + "failed'?",
                "2500 .* op=stop .*");
    }

    @Test
    void failedStartIsReported() {
        String id = Sandbox.current().freshId();

        jrunc(Bundle.busybox().args("/no/such/program"), "run", id)
                .run()
                .failsWith("/no/such/program");

        List<String> records = reader.next(1, '"' + id + '"');
        assertTrue(
                records.get(0)
                        .matches(
                                "2500 .* op=start reason=booted .* uuid=\\? vm-pid=0 .*"
                                        + "res=failed'?"),
                records::toString);
    }

    @Test
    void containerDoesNotRunIfAuditIsOff() {
        reader.enable(0);
        var bundle = Bundle.busybox().args("echo", "ran");

        Result run = jrunc(bundle, "run", Sandbox.current().freshId()).run();

        run.failsWith("the kernel's audit log: it is off, and the kernel would drop the records");
        assertEquals("", run.stdout());
        assertEquals(List.of(), Sandbox.current().remains());
    }

    @Test
    @Requires(SETPRIV)
    void capabilitiesThatAreMissingAreNamed() {
        var bundle = Bundle.busybox().args("echo", "ran");

        Result run =
                jrunc(bundle, "run", Sandbox.current().freshId())
                        .under(
                                "setpriv",
                                "--bounding-set",
                                "-audit_write,-audit_control",
                                "--inh-caps",
                                "-audit_write,-audit_control")
                        .run();

        run.failsWith("the kernel's audit log: it takes CAP_AUDIT_WRITE, and CAP_AUDIT_CONTROL");
        assertEquals("", run.stdout());
    }
}
