// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.engine;

import static io.jrunc.it.harness.Feature.CRI;
import static io.jrunc.it.harness.Feature.MAVENS_JAVA;
import static io.jrunc.it.harness.Feature.ROOT;
import static io.jrunc.it.harness.Feature.RUNC;

import io.jrunc.it.harness.Requires;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Tests that call a containerd of their own, one for all tests of a class. */
@Requires({ROOT, CRI, RUNC, MAVENS_JAVA})
abstract class CriEngineCase {
    static final long PATIENCE_MILLIS = 20_000;

    static CriEngine engine;

    @BeforeAll
    static void begin() {
        engine = CriEngine.start();
    }

    @AfterAll
    static void leaveNothing() {
        engine.close();
    }
}
