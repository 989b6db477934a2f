// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.harness;

import io.jrunc.it.guard.KilledMain;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Starts Java as the built program does, with a guard: see {@link io.jrunc.it.guard}. */
public final class GuardedJava {
    private static final String PROVIDER = "-Djnr.ffi.provider=";

    private GuardedJava() {}

    /** The command, one word an element, to run another main class with the classes as built. */
    public static List<String> command(Class<?> main, List<String> arguments) {
        return words("lib/jrunc.conf", main, arguments);
    }

    /** The words of the configuration of a resident runtime with another main class. */
    public static List<String> server(Class<?> main, List<String> arguments) {
        return words("lib/jrunc-serve.conf", main, arguments);
    }

    private static List<String> words(String file, Class<?> main, List<String> arguments) {
        Path built = Path.of(Program.path()).getParent().getParent();
        List<String> words = new ArrayList<>();
        Result.text(built.resolve(file)).lines().forEach(words::add);
        words.replaceAll(word -> word.replace("@HOME@", built.toString()));
        words.replaceAll(word -> word.startsWith(PROVIDER) ? PROVIDER + provider() : word);
        int classPath = words.indexOf("-cp") + 1;
        words.set(classPath, words.get(classPath) + ":" + classes());
        words.set(words.size() - 1, main.getName());
        words.addAll(arguments);
        return words;
    }

    private static String provider() {
        return KilledMain.class.getPackageName() + ".GuardedLibcProvider";
    }

    private static Path classes() {
        try {
            return Path.of(
                    KilledMain.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
