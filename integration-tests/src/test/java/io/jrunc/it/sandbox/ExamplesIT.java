// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.sandbox;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.MAVEN;
import static io.jrunc.it.harness.Feature.MAVENS_JAVA;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The examples, built from the deployed libraries as any other program is. */
@Requires({ROOT, JRUNC, MAVEN, MAVENS_JAVA})
class ExamplesIT {
    private static final Path VERIFY = Path.of("../examples/verify").toAbsolutePath().normalize();
    private static final long PATIENCE_SECONDS = 1200;

    @Test
    void librariesAreDeployedAndExamplesPass() {
        Result result =
                Sandbox.current()
                        .command(VERIFY.toString())
                        .variable("HOME", System.getProperty("user.home"))
                        .variable("JAVA_HOME", System.getProperty("java.home"))
                        .patience(PATIENCE_SECONDS)
                        .run();

        assertTrue(result.output().endsWith("examples: all pass"), result::describe);
    }
}
