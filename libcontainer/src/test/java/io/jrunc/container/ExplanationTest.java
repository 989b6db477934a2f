package io.jrunc.container;

import io.jrunc.spec.DefaultSpec;
import io.jrunc.spec.Spec;
import io.jrunc.spec.SpecWriter;
import io.jrunc.testkit.Golden;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExplanationTest {
    @Test
    void explanationHasTheSystemCallsOfEachStep() {
        Spec spec = DefaultSpec.create(false, 0, 0, true);
        byte[] config = SpecWriter.pretty(spec).getBytes(StandardCharsets.UTF_8);
        Bundle bundle = new Bundle("/bundle", config, spec, List.of());
        Host host = Hosts.host(Hosts.V2);

        StringBuilder text = new StringBuilder();
        for (Explanation step :
                Explanation.of("web1", bundle, host, Hosts.cgroups(spec, Hosts.V2))) {
            text.append(step.actor()).append(": ").append(step.title());
            text.append("  [").append(step.field()).append("]\n");
            for (String call : step.calls()) {
                text.append("    ").append(call).append('\n');
            }
        }

        Golden.assertMatches("plans/default-calls.txt", text.toString());
    }
}
