// SPDX-License-Identifier: Apache-2.0
package io.jrunc.namespace;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jrunc.linux.Arg;
import io.jrunc.linux.Failure;
import io.jrunc.setup.SetupContext;
import io.jrunc.spec.IdMapping;
import io.jrunc.spec.NamespaceType;
import io.jrunc.testkit.RecordingKernel;
import io.jrunc.testkit.SetupContexts;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a namespace that is joined must not be, or must be already. */
class JoinedNamespacesTest {
    private final RecordingKernel kernel = new RecordingKernel();
    private final SetupContext context = SetupContexts.of(kernel);

    /** Every file has this text, until it is read to its end. */
    private void filesSay(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int[] reads = {0};
        kernel.answer(
                "read(",
                call -> {
                    if (reads[0]++ % 2 == 1) {
                        return 0;
                    }
                    System.arraycopy(bytes, 0, ((Arg.Out) call.args()[1]).bytes(), 0, bytes.length);
                    return bytes.length;
                });
    }

    private static CompareMappings compare(IdMapping... mappings) {
        return new CompareMappings(List.of(mappings), List.of(mappings));
    }

    @Test
    void mappingsAreComparedWhateverTheirOrder() {
        filesSay("         0     100000         10\n        10       5000          1\n");

        assertDoesNotThrow(
                () ->
                        compare(new IdMapping(10, 5000, 1), new IdMapping(0, 100000, 10))
                                .apply(context));
        assertEquals(List.of(), kernel.leaked());
    }

    @Test
    void otherMappingsAreRefusedWithThoseThereAre() {
        filesSay("         0     100000      65536\n");
        CompareMappings other = compare(new IdMapping(0, 100000, 65535));

        Failure failure = assertThrows(Failure.class, () -> other.apply(context));

        assertEquals(
                "linux.uidMappings: the user namespace that is joined has others: 0 100000 65536;"
                        + " remove them",
                failure.getMessage());
    }

    @Test
    void namespaceOfTheRuntimeIsRefused() {
        kernel.answer(
                "statx",
                call -> {
                    ((Arg.Out) call.args()[4]).buffer().putLong(32, 4026531840L);
                    return 0;
                });
        var step = new RequireOtherNamespace(NamespaceType.NETWORK, "net.ipv4.ip_forward");

        Failure failure = assertThrows(Failure.class, () -> step.apply(context));

        assertEquals(
                "linux.sysctl[\"net.ipv4.ip_forward\"]: the namespace of type network is the"
                        + " runtime's own, so it would change the host; remove it, or the path of"
                        + " the namespace",
                failure.getMessage());
        assertEquals(List.of(), kernel.leaked());
    }

    @Test
    void namespaceOfAnotherIsFine() {
        long[] inode = {4026531840L};
        kernel.answer(
                "statx",
                call -> {
                    ((Arg.Out) call.args()[4]).buffer().putLong(32, inode[0]++);
                    return 0;
                });

        assertDoesNotThrow(
                () -> new RequireOtherNamespace(NamespaceType.IPC, "kernel.sem").apply(context));
    }
}
