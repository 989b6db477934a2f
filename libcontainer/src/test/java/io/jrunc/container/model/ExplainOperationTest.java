// SPDX-License-Identifier: Apache-2.0
package io.jrunc.container.model;

import io.jrunc.container.Containers;
import io.jrunc.container.Hosts;
import io.jrunc.host.Host;
import io.jrunc.spec.Spec;
import io.jrunc.spec.json.SpecReader;
import io.jrunc.spec.json.SpecWriter;
import io.jrunc.spec.template.DefaultSpec;
import io.jrunc.testkit.Golden;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExplainOperationTest {
    @Test
    void listenerGetsItsDescriptorWhileInitWaits() {
        String config =
                """
                {"ociVersion": "1.3.0", "root": {"path": "rootfs"},
                 "process": {"cwd": "/", "args": ["/bin/sh"]},
                 "linux": {
                   "namespaces": [{"type": "mount"}],
                   "seccomp": {"defaultAction": "SCMP_ACT_ALLOW", "listenerPath": "/run/agent",
                     "syscalls": [{"names": ["mkdir"], "action": "SCMP_ACT_NOTIFY"}]}}}
                """;
        byte[] bytes = config.getBytes(StandardCharsets.UTF_8);
        Bundle bundle = new Bundle("/bundle", bytes, SpecReader.read(bytes), List.of());
        Host host = Hosts.host(Hosts.V2);

        List<ExplainedStep> steps = Containers.explain("web1", bundle, host, Hosts.MANAGER);

        ExplainedStep last = steps.get(steps.size() - 1);
        Golden.assertMatches(
                "plans/listener-calls.txt",
                last.title() + "\n" + String.join("\n", last.calls()) + "\n");
    }

    @Test
    void explanationHasTheSystemCallsOfEachStep() {
        Spec spec = DefaultSpec.create(false, 0, 0, true);
        byte[] config = SpecWriter.pretty(spec).getBytes(StandardCharsets.UTF_8);
        Bundle bundle = new Bundle("/bundle", config, spec, List.of());
        Host host = Hosts.host(Hosts.V2);

        StringBuilder text = new StringBuilder();
        for (ExplainedStep step : Containers.explain("web1", bundle, host, Hosts.MANAGER)) {
            text.append(step.actor()).append(": ").append(step.title());
            text.append("  [").append(step.field()).append("]\n");
            for (String call : step.calls()) {
                text.append("    ").append(call).append('\n');
            }
        }

        Golden.assertMatches("plans/default-calls.txt", text.toString());
    }

    /** The keyring before its label is forgotten, the program's label before all else goes. */
    @Test
    void labelsAreSetWhereTheyBelong() {
        String config =
                """
                {"ociVersion": "1.3.0", "root": {"path": "rootfs"},
                 "mounts": [{"destination": "/tmp", "type": "tmpfs"}],
                 "process": {"cwd": "/", "args": ["/bin/sh"], "env": ["HOME=/"],
                   "noNewPrivileges": true,
                   "apparmorProfile": "web", "selinuxLabel": "u:r:container_t:s0:c1,c2"},
                 "linux": {
                   "mountLabel": "u:r:container_file_t:s0:c1,c2",
                   "maskedPaths": ["/sys/firmware"],
                   "namespaces": [{"type": "mount"}]}}
                """;
        byte[] bytes = config.getBytes(StandardCharsets.UTF_8);
        Bundle bundle = new Bundle("/bundle", bytes, SpecReader.read(bytes), List.of());

        StringBuilder calls = new StringBuilder();
        for (ExplainedStep step :
                Containers.explain("web1", bundle, Hosts.host(Hosts.V2), Hosts.MANAGER)) {
            for (String call : step.calls()) {
                if (call.matches(".*(attr/|keyctl|context|prctl\\(38|execve|capset|\"/proc\").*")) {
                    calls.append(call).append('\n');
                }
            }
        }

        Golden.assertMatches("plans/labels-calls.txt", calls.toString());
    }
}
