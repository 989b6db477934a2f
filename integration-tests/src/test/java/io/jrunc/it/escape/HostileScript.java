// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.escape;

import io.jrunc.it.harness.Bundle;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A script in Perl, for what a shell is too slow for, in a container with the host's Perl. */
final class HostileScript {
    private HostileScript() {}

    /** Adds the script and what it needs; returns the command that runs it. */
    static String[] install(Bundle bundle, String name, String... arguments) {
        try (InputStream in = HostileScript.class.getResourceAsStream("/escape/" + name)) {
            bundle.bytes("/" + name, in.readAllBytes(), "r--r--r--");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        bundle.bindHost("/usr", "/lib", "/lib64");
        List<String> command = new ArrayList<>(List.of("/usr/bin/perl", "/" + name));
        command.addAll(Arrays.asList(arguments));
        return command.toArray(new String[0]);
    }
}
