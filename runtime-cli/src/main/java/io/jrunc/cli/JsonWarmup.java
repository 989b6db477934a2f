// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli;

import io.jrunc.spec.json.Fields;
import java.nio.charset.StandardCharsets;

/**
 * Parses JSON once, for nothing. A cold JVM spends its time on loading and initialising classes;
 * this does half of it on a second processor, while the first one loads JNR-FFI. The greatest part:
 * on JDK 25, BigDecimal computes tables, which Jackson needs.
 */
final class JsonWarmup extends Thread {
    private JsonWarmup() {
        super("JSON warm-up");
        setDaemon(true);
    }

    /** Begins, and does not wait. */
    static void begin() {
        new JsonWarmup().start();
    }

    @Override
    public void run() {
        Fields.parse("{\"a\":[1,true]}".getBytes(StandardCharsets.UTF_8), "JSON warm-up");
    }
}
