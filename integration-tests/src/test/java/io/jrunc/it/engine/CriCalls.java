// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.engine;

import io.grpc.StatusRuntimeException;
import io.jrunc.it.harness.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Makes the calls that standard input names, for the suite {@code cri} of the virtual machines. A
 * line is a method, a blank and the request as JSON; its answer is a line of JSON. A call that
 * fails is answered by {@code {"error": ...}}.
 */
final class CriCalls {
    /** On an emulated processor. */
    private static final long PATIENCE_SECONDS = 300;

    private CriCalls() {}

    public static void main(String[] args) throws IOException {
        var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (CriClient client = new CriClient(Path.of(args[0]))) {
            for (String line; (line = lines.readLine()) != null; ) {
                System.out.println(answer(client, line));
            }
        }
    }

    private static String answer(CriClient client, String line) {
        String[] words = line.split(" ", 2);
        try {
            return client.call(words[0], Json.parse(words[1]), PATIENCE_SECONDS).toString();
        } catch (StatusRuntimeException e) {
            return Json.MAPPER.createObjectNode().put("error", e.getMessage()).toString();
        }
    }
}
