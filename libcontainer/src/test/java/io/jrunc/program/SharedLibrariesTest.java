// SPDX-License-Identifier: Apache-2.0
package io.jrunc.program;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.linux.Failure;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.Machine;
import io.jrunc.linux.TracingKernel;
import io.jrunc.linux.local.LocalKernel;
import io.jrunc.rootfs.ImageFile;
import io.jrunc.rootfs.ImageFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a dynamic program needs, as its head claims. elf(5), ld.so(8). */
class SharedLibrariesTest {
    private static final int EM = Machine.name().equals("aarch64") ? 183 : 62;
    private static final int HEAD = 64;
    private static final int SEGMENT = 56;
    private static final int DYNAMIC_AT = 512;
    private static final String LOADER = "/proc/self/exe"; // there for certain

    /** Some work is needed; what is not needed is any that grows with the file. */
    private static final int CALLS = 6000;

    @TempDir Path directory;
    private final List<String> calls = new ArrayList<>();

    private void check(List<String> needed, List<String> paths) throws IOException {
        Path file = Files.write(directory.resolve("program"), program(needed, paths));
        Kernel kernel = new TracingKernel(LocalKernel.get(), "test", calls::add);
        ImageFiles image = new ImageFiles(kernel);
        try (ImageFile program = image.at(file.toString())) {
            new ProgramCheck(kernel, kernel, image, List.of()).check(file.toString(), program);
        }
    }

    @Test
    void libraryThatIsNowhereIsNamed() {
        Failure failure =
                assertThrows(
                        Failure.class, () -> check(List.of("libnowhere.so.7"), List.of("/no/dir")));

        assertTrue(
                failure.getMessage().contains("shared library libnowhere.so.7: no such file"),
                failure.getMessage());
    }

    @Test
    void libraryBesideTheProgramIsFound() throws IOException {
        Files.createDirectory(directory.resolve("lib"));
        Files.writeString(directory.resolve("lib/libmine.so"), "");

        assertDoesNotThrow(() -> check(List.of("libmine.so"), List.of("$ORIGIN/lib")));
        assertDoesNotThrow(() -> check(List.of("libmine.so"), List.of("/no:${ORIGIN}/lib")));
    }

    @Test
    void libraryWithAPathOfItsOwnIsLeftToTheLoader() {
        assertDoesNotThrow(() -> check(List.of("./libnowhere.so"), List.of()));
    }

    @Test
    void directoryThatOnlyTheLoaderKnowsIsInItsFavour() {
        assertDoesNotThrow(() -> check(List.of("libnowhere.so"), List.of("/usr/$LIB")));
    }

    /** 500 libraries, each in 500 directories, fit into 20 KiB. */
    @Test
    void workOfAHostileProgramIsBounded() throws IOException {
        List<String> needed = names("n", 500);

        check(needed, List.of(String.join(":", names("/r", 500))));

        assertTrue(calls.size() < CALLS, calls.size() + " calls");
    }

    @Test
    void workOfManySearchPathsIsBounded() throws IOException {
        check(names("n", 300), names("/r", 700));

        assertTrue(calls.size() < CALLS, calls.size() + " calls");
    }

    /** A directory whose path leads through links is found once, not once per library. */
    @Test
    void directoriesAreFoundOnce() {
        assertThrows(Failure.class, () -> check(names("n", 50), List.of("/no/such/place")));

        assertEquals(1, calls.stream().filter(call -> call.contains("\"/no/such/place\"")).count());
    }

    private static List<String> names(String start, int count) {
        return IntStream.range(0, count).mapToObj(i -> start + i).toList();
    }

    /** An ELF file that claims to need these libraries. */
    private static byte[] program(List<String> needed, List<String> paths) {
        ByteArrayOutputStream strings = new ByteArrayOutputStream();
        strings.write(0);
        List<long[]> entries = new ArrayList<>();
        needed.forEach(name -> entries.add(new long[] {Elf.DT_NEEDED, add(strings, name)}));
        paths.forEach(path -> entries.add(new long[] {Elf.DT_RUNPATH, add(strings, path)}));
        int loader = add(strings, LOADER);
        int stringsAt = DYNAMIC_AT + 16 * (entries.size() + 2);
        entries.add(new long[] {5, stringsAt}); // DT_STRTAB
        entries.add(new long[] {0, 0});
        ByteBuffer file = ByteBuffer.allocate(stringsAt + strings.size());
        file.order(ByteOrder.LITTLE_ENDIAN);
        file.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1}).putShort(18, (short) EM);
        file.putLong(32, HEAD).putShort(54, (short) SEGMENT).putShort(56, (short) 3);
        segment(file, 0, 1, 0, file.capacity());
        segment(file, 1, 2, DYNAMIC_AT, 16L * entries.size());
        segment(file, 2, 3, stringsAt + loader, LOADER.length() + 1);
        file.position(DYNAMIC_AT);
        entries.forEach(entry -> file.putLong(entry[0]).putLong(entry[1]));
        file.put(strings.toByteArray());
        return file.array();
    }

    private static int add(ByteArrayOutputStream strings, String text) {
        int at = strings.size();
        strings.writeBytes((text + "\0").getBytes(StandardCharsets.UTF_8));
        return at;
    }

    private static void segment(ByteBuffer file, int index, int type, long offset, long size) {
        int at = HEAD + SEGMENT * index;
        file.putInt(at, type).putLong(at + 8, offset).putLong(at + 16, offset);
        file.putLong(at + 32, size);
    }
}
