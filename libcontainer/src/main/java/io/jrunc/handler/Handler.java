// SPDX-License-Identifier: Apache-2.0
package io.jrunc.handler;

import io.jrunc.linux.Failure;
import io.jrunc.spec.json.Fields;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * An entry of the table: a program of the host that executes files which the kernel does not.
 *
 * @param name as in the annotation {@code run.oci.handler}
 * @param annotations further ones that ask for it, as {@code name=value}
 * @param suffixes that the names of such files end in
 * @param signature what such files begin with, in hexadecimal digits; empty: anything
 * @param program absolute, on the host
 * @param loader the dynamic loader that executes it; absent: the one that the program names
 * @param libraryPath where its libraries are looked for first
 * @param libraries that it opens by itself: files, or directories of them
 * @param mounts files and directories of the host that it needs, shown at the same path
 * @param args between the program and the arguments of the container
 * @param environmentOption the option by which it is given each variable; absent: it reads its own
 * @param file that the entry comes from, for messages
 */
record Handler(
        String name,
        List<String> annotations,
        List<String> suffixes,
        String signature,
        String program,
        Optional<String> loader,
        List<String> libraryPath,
        List<String> libraries,
        List<String> mounts,
        List<String> args,
        Optional<String> environmentOption,
        String file) {
    private static final String JAVA_HOME = "{java.home}";

    /** Reads an entry. */
    static Handler read(byte[] json, String file) {
        Fields fields = Fields.parse(json, file);
        Handler handler =
                new Handler(
                        fields.string("name"),
                        fields.strings("annotations"),
                        fields.strings("suffixes"),
                        fields.stringOrEmpty("signature").toLowerCase(Locale.ROOT),
                        expanded(fields.string("program")),
                        fields.optionalString("loader").map(Handler::expanded),
                        expanded(fields.strings("libraryPath")),
                        expanded(fields.strings("libraries")),
                        expanded(fields.strings("mounts")),
                        expanded(fields.strings("args")),
                        fields.optionalString("environmentOption"),
                        file);
        handler.check();
        return handler;
    }

    private void check() {
        if (name.isEmpty() || name.endsWith(Choice.SMART)) {
            throw Failure.invalid(
                    file + ": name",
                    "\"" + name + "\" names no handler",
                    "write a name that does not end in " + Choice.SMART);
        }
        for (String annotation : annotations) {
            if (!annotation.startsWith(HandledProgram.MODULE) || annotation.indexOf('=') < 0) {
                throw Failure.invalid(
                        file + ": annotations",
                        "\"" + annotation + "\" is not looked at",
                        "write " + HandledProgram.MODULE + "NAME=VALUE");
            }
        }
        List<String> paths = new ArrayList<>(mounts);
        paths.add(program);
        loader.ifPresent(paths::add);
        paths.addAll(libraryPath);
        paths.addAll(libraries);
        for (String path : paths) {
            if (!path.startsWith("/")) {
                throw Failure.invalid(
                        file, "\"" + path + "\" is no absolute path", "begin it with a slash");
            }
        }
        try {
            HexFormat.of().parseHex(signature);
        } catch (IllegalArgumentException e) {
            throw Failure.invalid(
                    file + ": signature",
                    "\"" + signature + "\" is not made of hexadecimal digits",
                    "write two for each byte");
        }
    }

    /** The JDK that this program runs on is there for certain. */
    private static String expanded(String text) {
        return text.replace(JAVA_HOME, System.getProperty("java.home", JAVA_HOME));
    }

    private static List<String> expanded(List<String> texts) {
        return texts.stream().map(Handler::expanded).toList();
    }

    /** Returns whether the file's name says that it is for this handler. */
    boolean hasSuffixOf(String path) {
        String lower = path.toLowerCase(Locale.ROOT);
        return suffixes.stream()
                .anyMatch(suffix -> lower.endsWith(suffix.toLowerCase(Locale.ROOT)));
    }

    /** Returns whether a file that begins with {@code head} is for this handler. */
    boolean hasSignatureOf(byte[] head) {
        return !signature.isEmpty() && HexFormat.of().formatHex(head).startsWith(signature);
    }
}
