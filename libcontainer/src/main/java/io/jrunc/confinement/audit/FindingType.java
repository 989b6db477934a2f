// SPDX-License-Identifier: Apache-2.0
package io.jrunc.confinement.audit;

/**
 * A kind of finding: all of it that does not depend on the container.
 *
 * @param id for machines; stays the same from version to version
 * @param severity where the container's ids are the host's
 * @param inUserNamespace the severity in a user namespace that maps no id to the host's root
 * @param consequence what an attacker in control of the program gains, a clause without a subject
 * @param remedy what to change, an imperative
 * @param isFixed whether {@code audit --fix} does it
 */
public record FindingType(
        String id,
        Severity severity,
        Severity inUserNamespace,
        String consequence,
        String remedy,
        boolean isFixed) {
    /** Returns a weakness that is as bad in a user namespace, and left to people. */
    static FindingType of(String id, Severity severity, String consequence, String remedy) {
        return new FindingType(id, severity, severity, consequence, remedy, false);
    }

    /** Returns the same with another severity in a user namespace. */
    FindingType inUserNamespace(Severity other) {
        return new FindingType(id, severity, other, consequence, remedy, isFixed);
    }

    /** Returns the same, mended by {@code audit --fix}. */
    FindingType fixed() {
        return new FindingType(id, severity, inUserNamespace, consequence, remedy, true);
    }
}
