// SPDX-License-Identifier: Apache-2.0
package io.jrunc.credentials;

import io.jrunc.linux.Credentials;
import io.jrunc.linux.Kernel;
import io.jrunc.spec.Capabilities;
import io.jrunc.spec.CapabilityNames;
import io.jrunc.spec.ProcessSpec;
import java.util.List;
import java.util.Optional;

/**
 * The five capability sets as bits, one per capability number. capabilities(7).
 *
 * @param last the highest capability that the kernel knows
 */
public record CapabilitySets(
        long bounding, long effective, long inheritable, long permitted, long ambient, int last) {

    /**
     * Returns the sets in {@code process.capabilities}; names that the kernel does not know count
     * for none.
     */
    public static CapabilitySets of(Capabilities capabilities, int last) {
        return new CapabilitySets(
                bits(capabilities.bounding(), last),
                bits(capabilities.effective(), last),
                bits(capabilities.inheritable(), last),
                bits(capabilities.permitted(), last),
                bits(capabilities.ambient(), last),
                last);
    }

    /** Returns those of a process; as in runc, one that names no capabilities gets none. */
    public static CapabilitySets of(ProcessSpec process, int last) {
        return of(process.capabilities().orElse(Capabilities.NONE), last);
    }

    private static long bits(Optional<List<String>> names, int last) {
        long bits = 0;
        if (names.isPresent()) {
            for (String name : names.get()) {
                int number = CapabilityNames.numberOf(name);
                if (number >= 0 && number <= last) {
                    bits |= 1L << number;
                }
            }
        }
        return bits;
    }

    /** Before the user changes, while this is still allowed. */
    void dropBounding(Kernel kernel) {
        for (int capability = 0; capability <= last; capability++) {
            if ((bounding & 1L << capability) == 0) {
                kernel.credentials().dropFromBoundingSet(capability);
            }
        }
    }

    /** Sets three of the sets. What is no longer permitted is not ambient any more either. */
    public void set(Kernel kernel, long kept) {
        kernel.credentials().setCapabilities(effective | kept, permitted | kept, inheritable);
    }

    /**
     * After the user has changed. The ambient set last: it must be within the others.
     *
     * @param kept capabilities that stay effective and permitted beside these
     */
    void apply(Kernel kernel, long kept) {
        Credentials credentials = kernel.credentials();
        set(kernel, kept);
        credentials.clearAmbient();
        for (int capability = 0; capability <= last; capability++) {
            if ((ambient & 1L << capability) != 0) {
                // Not permitted or not inheritable: runc warns and goes on.
                credentials.raiseAmbient(capability).tolerateAll().submit();
            }
        }
    }
}
