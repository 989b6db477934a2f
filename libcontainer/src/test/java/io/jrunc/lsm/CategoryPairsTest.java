// SPDX-License-Identifier: Apache-2.0
package io.jrunc.lsm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jrunc.linux.Failure;
import io.jrunc.linux.local.LocalKernel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** No two containers get the same pair of categories. */
class CategoryPairsTest {
    @TempDir private Path scratch;

    private static int least(int bound) {
        return 0;
    }

    private CategoryPairs pairs(IntUnaryOperator random) {
        String directory = scratch.resolve("a/b/categories").toString();
        return new CategoryPairs(LocalKernel.get(), directory, random);
    }

    private String owner(String name) throws IOException {
        return Files.writeString(scratch.resolve(name), "{}").toString();
    }

    @Test
    void everyPairHasANumber() {
        Set<CategoryPair> all = new HashSet<>();
        for (int number = 0; number < CategoryPair.PAIRS; number++) {
            all.add(CategoryPair.numbered(number));
        }

        assertEquals(CategoryPair.PAIRS, all.size());
        assertEquals(new CategoryPair(0, 1), CategoryPair.numbered(0));
        assertEquals(new CategoryPair(1022, 1023), CategoryPair.numbered(CategoryPair.PAIRS - 1));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            textBlock =
                    """
                    system_u:system_r:container_t:s0:c1,c2    | c1,c2
                    system_u:system_r:container_t:s0:c20,c3   | c3,c20
                    system_u:system_r:container_t:s0:c0,c1023 | c0,c1023
                    system_u:system_r:container_t:s0          | -
                    system_u:system_r:container_t:s0:c1       | -
                    system_u:system_r:container_t:s0:c1,c2,c3 | -
                    system_u:system_r:container_t:s0:c5,c5    | -
                    system_u:system_r:container_t:s0:c1,c1024 | -
                    unconfined_u:unconfined_r:unconfined_t:s0-s0:c0.c1023 | -
                    docker-default (enforce)                  | -
                    """)
    void pairIsFoundInAContext(String context, String pair) {
        assertEquals(
                Optional.ofNullable(pair), CategoryPair.of(context).map(CategoryPair::toString));
    }

    @Test
    void allottedPairIsNotAllottedAgain() throws IOException {
        List<String> given = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            given.add(
                    pairs(CategoryPairsTest::least)
                            .allot(owner("config" + i), List.of())
                            .toString());
        }

        assertEquals(List.of("c0,c1", "c0,c2", "c1,c2", "c0,c3"), given);
    }

    @Test
    void pairInUseIsNotAllotted() throws IOException {
        List<String> inUse =
                List.of("u:r:container_t:s0:c0,c1", "kernel", "u:r:other_t:s0:c2,c0", "");

        assertEquals(
                "c1,c2", pairs(CategoryPairsTest::least).allot(owner("config"), inUse).toString());
    }

    @Test
    void pairIsFreeAgainWhenItsOwnerIsGone() throws IOException {
        String first = owner("first");
        pairs(CategoryPairsTest::least).allot(first, List.of());
        pairs(CategoryPairsTest::least).allot(owner("second"), List.of());
        Files.delete(Path.of(first));

        assertEquals(
                "c0,c1",
                pairs(CategoryPairsTest::least).allot(owner("third"), List.of()).toString());
    }

    /** The search goes on at the beginning when it has come to the end. */
    @Test
    void lastPairIsFollowedByTheFirst() throws IOException {
        IntUnaryOperator last = bound -> bound - 1;
        pairs(last).allot(owner("first"), List.of());

        assertEquals("c0,c1", pairs(last).allot(owner("second"), List.of()).toString());
    }

    @Test
    void ownerMustExist() {
        String absent = scratch.resolve("absent").toString();

        Failure failure =
                assertThrows(
                        Failure.class,
                        () -> pairs(CategoryPairsTest::least).allot(absent, List.of()));

        assertEquals(absent + ": does not exist, so it can own no label", failure.getMessage());
    }

    /** All begin with the same pair, so each must see what the others have taken. */
    @Test
    void concurrentAllotmentsDoNotClash() throws Exception {
        int count = 40;
        List<Callable<CategoryPair>> allotments = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String owner = owner("config" + i);
            allotments.add(() -> pairs(CategoryPairsTest::least).allot(owner, List.of()));
        }
        ExecutorService threads = Executors.newFixedThreadPool(8);
        Set<CategoryPair> given = new HashSet<>();
        try {
            for (Future<CategoryPair> allotment : threads.invokeAll(allotments)) {
                given.add(allotment.get());
            }
        } finally {
            threads.shutdown();
        }

        assertEquals(count, given.size(), given::toString);
    }

    @Test
    void contextsAreThoseOfThePolicyWithThePair() throws IOException {
        Path contexts = Files.createDirectories(scratch.resolve("mcs/contexts"));
        Files.writeString(scratch.resolve("config"), "# x\nSELINUX=enforcing\nSELINUXTYPE=mcs\n");
        Files.writeString(
                contexts.resolve("lxc_contexts"),
                """
                process = "system_u:system_r:container_t:s0"
                content = "system_u:object_r:virt_var_lib_t:s0"
                file = "system_u:object_r:container_file_t:s0-s0:c0.c1023"
                """);

        ContainerContexts read =
                ContainerContexts.read(LocalKernel.get().files(), scratch.toString());

        CategoryPair pair = new CategoryPair(7, 9);
        assertEquals("system_u:system_r:container_t:s0:c7,c9", read.process(pair));
        assertEquals("system_u:object_r:container_file_t:s0:c7,c9", read.file(pair));
    }

    @Test
    void policyWithoutContainersIsNamed() throws IOException {
        Files.writeString(scratch.resolve("config"), "SELINUXTYPE=mcs\n");

        Failure failure =
                assertThrows(
                        Failure.class,
                        () ->
                                ContainerContexts.read(
                                        LocalKernel.get().files(), scratch.toString()));

        assertEquals(
                scratch
                        + "/mcs/contexts/lxc_contexts does not say process; install a policy that"
                        + " knows containers, e.g. container-selinux",
                failure.getMessage());
    }
}
