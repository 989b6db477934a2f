// SPDX-License-Identifier: Apache-2.0
package io.jrunc.testkit;

import io.jrunc.cgroup.file.CgroupDir;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.TracingKernel;
import io.jrunc.linux.local.LocalKernel;
import io.jrunc.spec.Resources;
import io.jrunc.spec.json.SpecReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A directory with the files of a cgroup. */
public final class FakeCgroup {
    private static final Pattern WRITE =
            Pattern.compile("write\\(\\d+<.*/([^/>]+)>, \"([^\"]*)\", \\d+\\) = .*");

    private final List<String> calls = new ArrayList<>();
    private final Kernel kernel = new TracingKernel(LocalKernel.get(), "", calls::add);
    private final Path directory;

    /** A directory with these files, empty. */
    public FakeCgroup(Path directory, String... files) {
        this.directory = directory;
        try {
            for (String file : files) {
                Files.writeString(directory.resolve(file), "");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Gives a file a content, as the kernel would. */
    public FakeCgroup with(String file, String content) {
        try {
            Files.writeString(directory.resolve(file), content);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is written, and to which files, in order. */
    public List<String> written(BiConsumer<CgroupDir, Resources> limits, String resources) {
        byte[] json = resources.getBytes(StandardCharsets.UTF_8);
        calls.clear();
        try (CgroupDir dir = CgroupDir.open(kernel, directory.toString())) {
            limits.accept(dir, SpecReader.readResources(json, "resources"));
        }
        List<String> written = new ArrayList<>();
        for (String call : calls) {
            Matcher write = WRITE.matcher(call.strip());
            if (write.matches()) {
                written.add(write.group(1) + " " + write.group(2));
            }
        }
        return written;
    }
}
