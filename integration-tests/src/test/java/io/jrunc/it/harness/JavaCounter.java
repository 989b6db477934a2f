// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** A program in a container whose heap has a state: a map that grows, and a sum over it. */
public final class JavaCounter {
    private static final int BYTES = 1 << 20;
    private static final int FULL = 32;

    private JavaCounter() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        Map<Integer, byte[]> heap = new HashMap<>();
        for (int i = 1; ; i++) {
            byte[] content = new byte[BYTES];
            content[i % BYTES] = 1;
            heap.put(i % FULL, content);
            int ones = 0;
            for (byte[] each : heap.values()) {
                for (byte one : each) {
                    ones += one;
                }
            }
            Files.writeString(Path.of(args[0]), i + " " + ones + "\n");
            Thread.sleep(20);
        }
    }
}
