// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.launcher;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A launcher in a distribution of its own, built with the sanitizers that gcc has here. In place of
 * Java it starts a program that says what a test wants; {@code fuzz.c} is both programs.
 */
final class FuzzedLauncher {
    /** The status with which a sanitizer ends the program. */
    static final int FAULT = 99;

    private static final long TIMEOUT_SECONDS = 60;
    private static final String SANITIZERS = "-fsanitize=address,undefined";
    private static final List<String> CONFIG =
            List.of("resident=@HOME@", "@HOME@/bin/jrunc", "speak", "@HOME@/conversation");

    private final Path home;

    /** How the launcher ended, and what it said on standard error. */
    record End(int status, List<String> errors) {}

    private FuzzedLauncher(Path home) {
        this.home = home;
    }

    static FuzzedLauncher build(Path home) throws Exception {
        Files.createDirectories(home.resolve("bin"));
        Files.createDirectories(home.resolve("lib"));
        Files.write(home.resolve("lib/jrunc.conf"), CONFIG);
        // Some distributions have the sanitizers' libraries in packages of their own.
        if (compile(home, SANITIZERS, "-fno-sanitize-recover=all") != 0
                && compile(home, "-fstack-protector-strong") != 0) {
            throw new IOException(Files.readString(home.resolve("gcc.log")));
        }
        return new FuzzedLauncher(home);
    }

    private static int compile(Path home, String... flags) throws Exception {
        Path launcher = Path.of("src", "main", "c");
        Path child = Path.of("..", "native-bindings", "src", "main", "c");
        Path test = Path.of("src", "test", "c");
        List<String> command = new ArrayList<>(List.of("gcc", "-std=gnu11", "-g", "-O1"));
        command.addAll(List.of("-Wall", "-Wextra", "-Werror", "-fno-builtin"));
        command.addAll(List.of(flags));
        // Those of the libc are the sanitizers' own.
        command.add("-DCOMMIT=\"fuzzed\"");
        command.addAll(List.of("-Dmemcpy=own_memcpy", "-Dmemset=own_memset"));
        command.addAll(List.of("-I" + launcher, "-I" + child, "-I" + test));
        command.addAll(List.of("-include", test.resolve("checked.h").toString()));
        try (Stream<Path> sources = Files.list(launcher)) {
            sources.map(Path::toString)
                    .filter(s -> s.endsWith(".c"))
                    .sorted()
                    .forEach(command::add);
        }
        command.addAll(List.of(child.resolve("batch.c").toString(), test + "/fuzz.c"));
        command.addAll(List.of("-o", home.resolve("bin/jrunc").toString()));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("gcc.log").toFile())
                .start()
                .waitFor();
    }

    /** Starts the launcher and returns how it ended; fails if it does not. */
    End hear(Conversation conversation) throws Exception {
        Path errors = home.resolve("errors");
        Files.write(home.resolve("conversation"), conversation.bytes());
        ProcessBuilder builder = new ProcessBuilder(home.resolve("bin/jrunc").toString(), "run");
        builder.redirectInput(new File("/dev/null"))
                .redirectOutput(home.resolve("output").toFile())
                .redirectError(Redirect.to(errors.toFile()));
        builder.environment().clear();
        Process process = builder.start();
        if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor(); // a mere SIGTERM it would pass on
            throw new AssertionError("hangs");
        }
        return new End(process.exitValue(), Files.readAllLines(errors));
    }

    /** Returns what runs of this distribution and does not end. */
    List<Long> remains() throws Exception {
        List<Long> remains = new ArrayList<>();
        String program = home.resolve("bin/jrunc").toRealPath().toString();
        for (ProcessHandle process : ProcessHandle.allProcesses().toList()) {
            if (process.info().command().filter(program::equals).isPresent()) {
                process.onExit().completeOnTimeout(null, 10, TimeUnit.SECONDS).get();
                if (process.isAlive()) {
                    remains.add(process.pid());
                }
            }
        }
        return remains;
    }

    /** What is said in place of Java, as {@code fuzz.c} reads it. */
    static final class Conversation {
        private final ByteArrayOutputStream records = new ByteArrayOutputStream();

        Conversation say(byte[] bytes) {
            return add(0, bytes);
        }

        Conversation say(Request request) {
            return say(request.bytes());
        }

        /** The same, and attaches both ends of a pair of sockets. */
        Conversation sayWithSockets(byte[] bytes) {
            return add(1, bytes);
        }

        /** Sends the bytes to the first of these sockets. */
        Conversation sayAsContainer(byte[] bytes) {
            return add(2, bytes);
        }

        Conversation end(int status) {
            return add(3, new byte[] {(byte) status});
        }

        private Conversation add(int kind, byte[] bytes) {
            ByteBuffer record =
                    ByteBuffer.allocate(8 + bytes.length).order(ByteOrder.nativeOrder());
            record.putInt(kind).putInt(bytes.length).put(bytes);
            records.writeBytes(record.array());
            return this;
        }

        byte[] bytes() {
            return records.toByteArray();
        }

        @Override
        public String toString() {
            StringBuilder text = new StringBuilder();
            for (byte b : bytes()) {
                text.append(String.format("%02x", b));
            }
            return text.toString();
        }
    }

    /** A batch, encoded as a program would do it that the launcher cannot trust. */
    static final class Request {
        static final int MAGIC = 0x3162726a;
        static final int HEAD_BYTES = 24;
        private static final int OPERATION_BYTES = 64;

        private final ByteArrayOutputStream operations = new ByteArrayOutputStream();
        private byte[] data = {};
        private int outputLength;
        private int flags;

        static byte[] head(int magic, int flags, int operations, int data, int output) {
            ByteBuffer head = ByteBuffer.allocate(HEAD_BYTES).order(ByteOrder.nativeOrder());
            head.putInt(magic).putInt(1).putInt(flags);
            return head.putInt(operations).putInt(data).putInt(output).array();
        }

        /** Adds an operation; each argument is a kind and a word, alternating. */
        Request add(int number, long... kindsAndWords) {
            ByteBuffer operation = ByteBuffer.allocate(OPERATION_BYTES);
            operation.order(ByteOrder.nativeOrder()).putInt(number);
            int kinds = 0;
            long[] words = new long[6];
            for (int i = 0; i < kindsAndWords.length / 2; i++) {
                kinds |= (int) kindsAndWords[2 * i] << (4 * i);
                words[i] = kindsAndWords[2 * i + 1];
            }
            operation.putInt(kinds);
            Arrays.stream(words).forEach(operation::putLong);
            operations.writeBytes(operation.putLong(-1).array()); // any error is tolerated
            return this;
        }

        Request data(byte[] bytes) {
            data = bytes;
            return this;
        }

        Request output(int length) {
            outputLength = length;
            return this;
        }

        Request flags(int bits) {
            flags = bits;
            return this;
        }

        byte[] bytes() {
            int count = operations.size() / OPERATION_BYTES;
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            all.writeBytes(head(MAGIC, flags, count, data.length, outputLength));
            all.writeBytes(operations.toByteArray());
            all.writeBytes(data);
            return all.toByteArray();
        }
    }
}
