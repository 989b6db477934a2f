// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.serve;

import io.jrunc.cgroup.CgroupManager;
import io.jrunc.container.Containers;
import io.jrunc.container.model.Bundle;
import io.jrunc.host.Host;
import io.jrunc.linux.Kernel;
import io.jrunc.spec.Spec;
import io.jrunc.spec.json.SpecWriter;
import io.jrunc.spec.template.DefaultSpec;
import java.nio.charset.StandardCharsets;

/**
 * Explains containers before the first is made, so that the compiler has translated what plans
 * them: otherwise the first tens of requests would be several times as slow as those that follow.
 * Makes no container.
 */
final class Training {
    private static final int ROUNDS = 50;

    private Training() {}

    static void run(Kernel kernel) {
        Host host = Host.read(false);
        boolean unified = host.hierarchies().isPureV2();
        Spec spec = DefaultSpec.create(false, 0, 0, unified);
        byte[] document = SpecWriter.compact(spec).getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < ROUNDS; i++) {
            Bundle bundle = Bundle.of("/", document, host.facts());
            CgroupManager cgroups = CgroupManager.cgroupfs(false, false);
            Containers.explain("training", bundle, host, cgroups);
            CallerContext.own(kernel);
            Session.greeting(i);
        }
    }
}
